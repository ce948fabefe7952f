"""A campaign that has lived: the sample mailbox taken in, cases recommended, a batch taken back, a case withdrawn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import workflow.demo
from workflow.audit.verify import Verification, verify
from workflow.edition import find
from workflow.engine.apply import advance
from workflow.engine.campaign import Campaign, found, resume
from workflow.engine.selection import select
from workflow.engine.undo import undo
from workflow.intake.take import take_in
from workflow.settings import Settings

MAILBOX = Path(workflow.demo.__file__).parent / "mailbox"
OPENING = datetime(2024, 6, 28, 1, 0, tzinfo=UTC)


def settings(database_url: str, folder: Path, now: datetime) -> Settings:
    return Settings(database_url, "maildir:" + str(folder / "mail"), "zh", now, folder / "originals")


@pytest.fixture
def lived(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    def at(hours: int) -> Settings:
        return settings(database_url, tmp_path, OPENING + timedelta(hours=hours))

    campaign = found(at(0), find("hubei-2024"), rehearsal=True)
    list(take_in(campaign, [MAILBOX]))
    campaign.engine.dispose()
    campaign = resume(at(1))
    edition = campaign.edition
    report = advance(campaign, "recommend", select(edition, "recommend", [], everything=True), None)
    campaign.engine.dispose()
    campaign = resume(at(2))
    undo(campaign, report.batch or 0, "盖章有误")
    advance(campaign, "recommend", select(edition, "recommend", [], everything=True), None)
    advance(campaign, "withdraw", select(edition, "withdraw", ["2024-0001"]), "单位来函撤回")
    yield campaign
    campaign.engine.dispose()


def check(campaign: Campaign) -> Verification:
    with campaign.reading() as connection:
        return verify(connection, campaign.originals)
