"""A campaign that has lived through all that writes events, and an attacker who owns its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

import workflow.demo
from workflow.audit.check.verify import Verification, verify
from workflow.edition import find
from workflow.engine.apply import advance
from workflow.engine.campaign import Campaign, found, resume
from workflow.engine.selection import select
from workflow.engine.undo import undo
from workflow.intake.take import take_in
from workflow.post.dispatch import send
from workflow.review import import_reviews, import_scores, import_surveys
from workflow.settings import Settings

MAILBOX = Path(workflow.demo.__file__).parent / "mailbox"
FOUNDED = datetime(2024, 6, 28, 1, 0, tzinfo=UTC)
RECOMMENDED = datetime(2024, 6, 29, 1, 0, tzinfo=UTC)
CORRECTED = datetime(2024, 6, 29, 2, 0, 0, 500_000, tzinfo=UTC)
JUDGED = datetime(2024, 8, 1, 1, 0, tzinfo=UTC)
REVIEWS = "case,reviewer,standard_1,standard_2,standard_3,standard_4,standard_5,implemented_from,implemented_until"


def live(database_url: str, folder: Path) -> Campaign:
    """The sample mailbox taken in, one mail twice, one settled by a person; cases moved, moved back, judged, withdrawn;
    letters sent and cancelled."""

    def at(now: datetime) -> Settings:
        return Settings(database_url, f"maildir:{folder / 'mail'}", "zh", now, folder / "originals")

    campaign = found(at(FOUNDED), find("hubei-2024"), rehearsal=True)
    list(take_in(campaign, [MAILBOX]))
    list(take_in(campaign, [MAILBOX / "01-xiaogan.eml"]))
    list(take_in(campaign, [MAILBOX / "11-unknown-sender.eml"], "武汉市"))
    campaign = _later(campaign, at(RECOMMENDED))
    _advance(campaign, "withdraw", "2024-0011")
    taken_back = _advance(campaign, "recommend")
    campaign = _later(campaign, at(CORRECTED))
    undo(campaign, taken_back, "盖章有误")
    _advance(campaign, "recommend")
    send(campaign, lambda _fate: None)
    _advance(campaign, "return", "2024-0009")
    _advance(campaign, "reinstate", "2024-0011")
    campaign = _later(campaign, at(JUDGED))
    _judge(campaign, folder)
    _advance(campaign, "lapse")
    return campaign


def check(campaign: Campaign) -> Verification:
    with campaign.reading() as connection:
        return verify(connection, campaign.originals)


@contextmanager
def attacking(campaign: Campaign) -> Iterator[Connection]:
    """A connection that no trigger and no foreign key holds back; all it does is undone at the end."""
    with campaign.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("PRAGMA ignore_check_constraints = ON")
        with connection.begin() as transaction:
            if connection.dialect.name == "sqlite":
                for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
            transaction.rollback()


def _later(campaign: Campaign, settings: Settings) -> Campaign:
    campaign.engine.dispose()
    return resume(settings)


def _advance(campaign: Campaign, trigger: str, *numbers: str) -> int:
    asked = select(campaign.edition, trigger, list(numbers), everything=not numbers)
    report = advance(campaign, trigger, asked, "单位来函")
    assert report.moved
    assert report.batch
    return report.batch


def _judge(campaign: Campaign, folder: Path) -> None:
    def sheet(name: str, *lines: str) -> Path:
        path = folder / f"{name}.csv"
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path

    found_good = ",甲,是,是,是,是,是,2021-03,2024-04,是"
    heading = f"{REVIEWS},mainly_hubei"
    lines = [f"2024-{case:04d}{found_good}" for case in (1, 2, 3, 4, 5, 77)]
    assert len(import_reviews(campaign, sheet("reviews", heading, *lines)).refused) == 1
    import_reviews(campaign, sheet("again", heading, f"2024-0001{found_good}"))
    _advance(campaign, "precheck")
    _advance(campaign, "shortlist")
    scores = [f"2024-000{case},评委{judge},{80 + case}.5" for case in (1, 2, 3, 4) for judge in "甲乙"]
    import_scores(campaign, sheet("scores", "case,judge,score", *scores))
    import_scores(campaign, sheet("corrected", "case,judge,score", "2024-0002,评委甲,91"))
    _advance(campaign, "present")
    surveys = [f"2024-000{case},online,是,丙" for case in (1, 2)]
    import_surveys(campaign, sheet("surveys", "case,mode,verified,surveyor", *surveys))
    _advance(campaign, "survey")
