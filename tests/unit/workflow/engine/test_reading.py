"""Who reads a case's history is on record where the rule book says so, and nowhere else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.acceptance.program import Program
from tests.builders.campaigns import FOUNDED, add_drafts, at, found_rehearsal, plain_drafts, problems
from tests.builders.clockwork import amended
from tests.builders.history import read_fields
from workflow.audit import actor
from workflow.engine.campaign import Campaign, resume
from workflow.engine.reading import ReadingUnrecorded, note_reading
from workflow.engine.selection import CaseUnknown
from workflow.settings import Settings
from workflow.store.database import open_engine

SWITCHED_ON = ("readings = false", "readings = true")


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path, amended(SWITCHED_ON))
    add_drafts(campaign, plain_drafts(["武汉市"], 2))
    yield campaign
    campaign.engine.dispose()


def readings(campaign: Campaign) -> list[dict[str, Any]]:
    with campaign.reading() as connection:
        return list(read_fields(connection, kind="reading"))


def test_off_unless_the_rule_book_says_so(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    add_drafts(campaign, plain_drafts(["武汉市"], 1))
    note_reading(campaign, "history", "2024-0001")
    assert readings(campaign) == []
    campaign.engine.dispose()


def test_who_which_command_and_which_case(campaign: Campaign) -> None:
    note_reading(campaign, "history", "2024-0002")
    (event,) = readings(campaign)
    assert (event["command"], event["case"], event["actor"]["role"]) == ("history", "2024-0002", "organiser")
    with campaign.reading() as connection:
        assert event in list(read_fields(connection, case_id=2))
    assert problems(campaign) == []


def test_one_whom_only_the_edition_lists_reads_in_that_role(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actor, "operating_account", lambda: "auditor")
    note_reading(campaign, "show", "2024-0001")
    (event,) = readings(campaign)
    assert event["actor"]["role"] == ("auditor" if campaign.engine.dialect.name == "sqlite" else "none")


def test_a_case_that_there_is_not_leaves_nothing(campaign: Campaign) -> None:
    note_reading(campaign, "history", "2024-0099")
    with pytest.raises(CaseUnknown):
        note_reading(campaign, "history", "nonsense")
    assert readings(campaign) == []


def test_a_campaign_opened_for_reading_still_notes_it(campaign: Campaign, database_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url, "maildir:mail", "zh", FOUNDED, tmp_path / "originals")
    reader = resume(settings, read_only=True)
    note_reading(reader, "history", "2024-0001")
    reader.engine.dispose()
    assert len(readings(campaign)) == 1


def test_an_account_that_cannot_write_is_shown_nothing_on_postgresql(campaign: Campaign, database_url: str) -> None:
    if campaign.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no users")
    name = f"reader_{uuid4().hex[:8]}"
    server = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"))
    reader = replace(campaign, engine=open_engine(str(make_url(database_url).set(username=name, password=None))))
    try:
        with pytest.raises(ReadingUnrecorded) as refused:
            note_reading(reader, "history", "2024-0001")
        assert name in str(refused.value.values["account"])
        assert "permission denied" in str(refused.value.values["said"])
    finally:
        reader.engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))
        server.dispose()
    assert readings(campaign) == []


def test_the_three_commands_that_show_a_history(campaign: Campaign, database_url: str, tmp_path: Path) -> None:
    anli = Program(tmp_path, database_url, now="2024-06-21T09:00:00+08:00")
    for words in (["history", "2024-0001"], ["show", "2024-0001"], ["audit", "log", "--case", "2024-0001"]):
        assert anli.json(*words)
    anli.json("audit", "log")
    anli.json("cases")
    assert [event["command"] for event in readings(campaign)] == ["history", "show", "audit-log"]
    assert anli.json("audit", "verify", ANLI_ORIGINALS=str(tmp_path / "originals"))["ok"] is True
    assert problems(at(campaign, FOUNDED)) == []
