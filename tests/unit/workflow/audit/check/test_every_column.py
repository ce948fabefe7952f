"""Every column that the live schema has is changed in turn: verification finds it, or the page on trust names it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.types import Boolean, Integer, LargeBinary

from states.reasons import Reason
from tests.builders.campaigns import at, found_rehearsal
from tests.unit.workflow.audit.attack import guarded, verified
from tests.unit.workflow.audit.lived import attacking
from workflow.audit.check.outside import OUTSIDE, SINCE, is_outside
from workflow.audit.check.verify import verify
from workflow.audit.events.commitment import FORM_COLUMNS, MAIL_COLUMNS, ORIGINAL_COLUMNS
from workflow.deadlines.tick import tick
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.notary import make_signing_key
from workflow.intake.found import FoundMail, MailboxPlace
from workflow.intake.write import write_no_mail
from workflow.store.protection import find_guards, guards_of

TRUST = Path(__file__).parents[5] / "docs" / "explanation" / "trust.md"
EMPTY = {"fetches", "firings", "heartbeats", "checkpoints"}
"""Tables of which the campaign that lived has no row; another has those of the clock, the key and the mail server."""


def other_value(column_type: object, connection: Connection) -> str:
    """An expression that gives another value than the one that stands in the column, named {0}."""
    sqlite = connection.dialect.name == "sqlite"
    if isinstance(column_type, LargeBinary):
        return "CAST('other' AS BLOB)" if sqlite else "'other'::bytea"
    if isinstance(column_type, Boolean):
        return "NOT {0}"
    if isinstance(column_type, Integer):
        return "COALESCE({0}, 0) + 1000000"
    if str(column_type) == "JSON":
        return """'[{{"code": "other"}}]'"""
    return "COALESCE({0}, '') || '2'"


def columns(connection: Connection) -> Iterator[tuple[str, str, object]]:
    inspector = inspect(connection)
    for table in sorted(inspector.get_table_names()):
        for column in inspector.get_columns(table):
            yield table, column["name"], column["type"]


def unchecked(connection: Connection) -> None:
    """Let no rule but the program's own stand in the way."""
    if connection.dialect.name == "postgresql":
        kinds = (
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'f') "
            "AND conrelid > 0 AND connamespace = to_regnamespace(current_schema())"
        )
        for table, name in connection.execute(text(kinds)).all():
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))


def test_every_column_of_every_table(lived: Campaign) -> None:
    with attacking(lived) as connection:
        unchecked(connection)
        for table, column, column_type in list(columns(connection)):
            if table not in EMPTY and not is_outside(table, column):
                assert change_one(lived, connection, table, column, column_type), f"{table}.{column}"


def test_every_column_of_what_clock_key_and_server_left(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    make_signing_key(campaign, tmp_path / "key")
    campaign = replace(campaign, key_file=tmp_path / "key")
    list(tick(at(campaign, datetime(2024, 7, 2, tzinfo=UTC))))
    place = MailboxPlace("imap://organiser@mail.example/INBOX", 1, 1)
    with campaign.writing() as (later, connection):
        batch = OpenBatch(at(later, datetime(2024, 7, 3, tzinfo=UTC)), connection, "intake")
        write_no_mail(batch, FoundMail("imap://mail.example/INBOX", b"", (Reason("no-mail", "六.5"),), place))
        batch.close()
    with attacking(campaign) as connection, guarded(connection):
        assert verify(connection, campaign.originals).problems == []
    with attacking(campaign) as connection:
        unchecked(connection)
        for table, column, column_type in list(columns(connection)):
            if table in EMPTY and not is_outside(table, column):
                assert change_one(campaign, connection, table, column, column_type), f"{table}.{column}"
    campaign.engine.dispose()


def change_one(campaign: Campaign, connection: Connection, table: str, column: str, column_type: object) -> list[Any]:
    """What is found where one row of the table says something else in the column; afterwards all is as before."""
    savepoint = connection.begin_nested()
    first = f"SELECT * FROM {table} LIMIT 1"
    row = connection.execute(text(first)).mappings().one()
    key = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    one = " AND ".join(f"{part} = :{part}" for part in key)
    value = other_value(column_type, connection).format(column)
    changed = connection.execute(text(f"UPDATE {table} SET {column} = {value} WHERE {one}"), {k: row[k] for k in key})
    assert changed.rowcount == 1
    with guarded(connection):
        found = verify(connection, campaign.originals).problems
    savepoint.rollback()
    return found


def test_a_listed_column_is_one(lived: Campaign) -> None:
    with lived.reading() as connection:
        tables = set(inspect(connection).get_table_names())
        empty = {name for name in tables if not connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()}
        named = {(table, column) for table, column, _ in columns(connection)}
    assert empty == EMPTY
    listed = {tuple(name.split(".")) for name in OUTSIDE}
    assert all((table, column) in named or (column == "*" and table in tables) for table, column in listed)


def test_the_page_on_trust_lists_what_no_event_covers() -> None:
    page = TRUST.read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z_]+\.[a-z_*0-9]+)` \| (.+) \|$", page, re.MULTILINE))
    assert rows == OUTSIDE
    for table, ((kind, version), since) in SINCE.items():
        cells = ", ".join(f"`{column}`" for column in since)
        assert f"| `{table}` | {cells} | `{kind}` {version} |" in page


def test_what_later_versions_cover() -> None:
    assert SINCE["forms"][1] == FORM_COLUMNS[2][len(FORM_COLUMNS[1]) :]
    assert SINCE["submissions"][1] == MAIL_COLUMNS
    assert {*SINCE["originals"][1], "sha256"} == set(ORIGINAL_COLUMNS)


def test_all_files_of_a_mail_struck_from_the_list(lived: Campaign) -> None:
    with attacking(lived) as connection:
        connection.execute(text("DELETE FROM originals WHERE submission_id = 1"))
        assert {problem.what for problem in verified(lived, connection)} == {"event-without-row"}


def test_a_fresh_database_has_the_triggers_declared(lived: Campaign) -> None:
    with lived.reading() as connection:
        assert find_guards(connection) == {guard.name: guard.told for guard in guards_of(connection.dialect.name)}


@pytest.mark.parametrize("change", ["missing", "unknown", "altered"])
def test_a_trigger_dropped_added_or_replaced(lived: Campaign, change: str) -> None:
    with attacking(lived) as connection, guarded(connection):
        sqlite = connection.dialect.name == "sqlite"
        name = "forms_no_update" if sqlite else "forms_kept"
        if change != "unknown":
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if sqlite else " ON forms")))
        if change != "missing":
            name = name if change == "altered" else "forms_lenient"
            what = "BEGIN SELECT 1; END" if sqlite else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            connection.execute(text(f"CREATE TRIGGER {name} BEFORE UPDATE ON forms {what}"))
        (problem,) = verify(connection, lived.originals).problems
        assert (problem.where, problem.what) == (f"triggers/{name}", f"trigger-{change}")
        if change == "missing":
            connection.exec_driver_sql(next(g.statement for g in guards_of(connection.dialect.name) if g.name == name))
