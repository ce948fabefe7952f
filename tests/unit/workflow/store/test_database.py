"""Both databases keep the same promises: what is set on a connection, what is refused, what wrong addresses say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from tests.builders.campaigns import FOUNDED, Draft, add_drafts, at, bring, found_rehearsal, move, plain_drafts, states
from workflow.disk import FolderMissing
from workflow.edition import find
from workflow.engine import batch
from workflow.engine.batch import PlanStale
from workflow.engine.campaign import Campaign, DatabaseExists, DatabaseMissing, found, resume
from workflow.engine.upkeep import upgrade as upgrade_campaign
from workflow.errors import AnliError
from workflow.settings import Settings
from workflow.store import database
from workflow.store.address import DatabaseUnusable, PasswordShown, mask, refuse_password, show_url
from workflow.store.database import open_engine, reading, writing
from workflow.store.failures import DatabaseBusy, DatabaseUnreachable
from workflow.store.schema import DatabaseOutdated
from workflow.wording import LANGUAGES, say_error

UNIT = "武汉市"


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path)
    yield campaign
    campaign.engine.dispose()


def settings_of(url: str, folder: Path) -> Settings:
    return Settings(url, "maildir:mail", "zh", FOUNDED, folder / "originals")


def test_sqlite_writes_through_and_checks(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'anli.db'}")
    with reading(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": database.BUSY_SECONDS * 1000,
    }


def test_postgresql_writes_through_and_waits_as_long(campaign: Campaign) -> None:
    if campaign.engine.dialect.name != "postgresql":
        pytest.skip("of the server's database only")
    with campaign.reading() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == f"{database.BUSY_SECONDS}s"
        assert connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"
    with campaign.writing() as (_, connection):
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"


def test_a_reader_opened_while_writing_sees_what_the_writer_began_with(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 3))
    count = text("SELECT count(*) FROM cases WHERE version = 1")
    with campaign.writing() as (_, connection), campaign.reading() as reader:
        connection.execute(text("UPDATE cases SET version = 2 WHERE id = 1"))
        assert reader.execute(count).scalar() == 3
        connection.execute(text("UPDATE cases SET version = 2 WHERE id = 2"))
        assert reader.execute(count).scalar() == 3
        assert connection.execute(count).scalar() == 1


def test_a_reader_sees_one_moment(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 2))
    count = text("SELECT count(*) FROM cases WHERE version = 1")
    with campaign.reading() as reader:
        assert reader.execute(count).scalar() == 2
        with campaign.writing() as (_, connection):
            connection.execute(text("UPDATE cases SET version = 2"))
        assert reader.execute(count).scalar() == 2


def _change_well_then_badly(connection: Connection) -> None:
    connection.execute(text("UPDATE campaign SET token = 'changed'"))
    connection.execute(text("UPDATE campaign SET id = 2"))


def test_leaving_by_an_error_undoes_all(campaign: Campaign) -> None:
    with pytest.raises(IntegrityError), campaign.writing() as (_, connection):
        _change_well_then_badly(connection)
    with campaign.reading() as connection:
        assert connection.execute(text("SELECT token FROM campaign")).scalar() == campaign.token


def test_the_second_writer_is_told_after_waiting(
    campaign: Campaign, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    engine = open_engine(database_url)
    with campaign.writing():
        with pytest.raises(DatabaseBusy) as told, writing(engine):
            pass
        assert told.value.values == {"seconds": 1}
    with writing(engine):
        pass
    engine.dispose()


def test_a_failed_batch_leaves_no_gap_in_the_numbers(campaign: Campaign) -> None:
    first = add_drafts(campaign, plain_drafts([UNIT], 2))
    with pytest.raises(IntegrityError):
        add_drafts(campaign, [Draft(UNIT, "无页数", changes={"scans": None})])
    assert add_drafts(campaign, plain_drafts(["黄石市"], 1)) == [max(first) + 1]
    with campaign.reading() as connection:
        assert list(connection.execute(text("SELECT id FROM batches ORDER BY id")).scalars()) == [1, 2]


def test_a_row_that_changed_meanwhile_stops_the_batch(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count that the driver gives for many rows at once is the sum of what each changed."""
    ordinals = add_drafts(campaign, plain_drafts([UNIT], 5))
    changed = batch._UPDATE.replace("version = {0}", "version = {0} AND id <> 3")
    monkeypatch.setattr(batch, "_UPDATE", changed)
    with pytest.raises(PlanStale):
        move(campaign, "recommend", ordinals)
    assert set(states(campaign).values()) == {"drafted"}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'lost'", "case_state"),
        ("state = 'recommended'", "case_recommended"),
        ("recommended_at = '2024-06-20T00:00:00.000000Z'", "case_place_freed"),
        ("state = 'prechecked', recommended_at = '2024-06-20T00:00:00.000000Z'", "case_reviewed"),
        ("state = 'withdrawn'", "case_trail"),
        ("trail = 'drafted'", "case_trail"),
    ],
)
def test_a_state_needs_its_evidence(campaign: Campaign, change: str, name: str) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    with pytest.raises(IntegrityError, match=name), campaign.writing() as (_, connection):
        connection.execute(text(f"UPDATE cases SET {change} WHERE id = 1"))


@pytest.mark.parametrize(
    ("state", "lacking", "name"),
    [
        ("presented", "scores", "case_scored"),
        ("surveyed", "survey_id", "case_surveyed"),
        ("selected", "selected_place", "case_placed"),
    ],
)
def test_later_states_need_theirs(campaign: Campaign, tmp_path: Path, state: str, lacking: str, name: str) -> None:
    ordinals = add_drafts(campaign, plain_drafts([UNIT], 1))
    bring(campaign, ordinals, state, tmp_path)
    nothing = "0" if lacking == "scores" else "NULL"
    with pytest.raises(IntegrityError, match=name), campaign.writing() as (_, connection):
        connection.execute(text(f"UPDATE cases SET {lacking} = {nothing}"))


def test_sums_and_references_are_held(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    columns = "token, edition_sha256, rehearsal, created_at"
    for statement in (
        "UPDATE batches SET moved = 7",
        "UPDATE cases SET form_id = 99",
        "UPDATE cases SET review_id = 99",
        f"INSERT INTO campaign (id, {columns}) SELECT 2, {columns} FROM campaign",
    ):
        with pytest.raises(IntegrityError), campaign.writing() as (_, connection):
            connection.execute(text(statement))


def test_one_letter_of_a_kind_to_a_recipient_a_batch(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    move(campaign, "recommend")
    columns = "batch_id, recipient, kind, address, subject, message, sha256, cases, state, attempts, answer, queued_at"
    again = f"INSERT INTO letters ({columns}, message_id) SELECT {columns}, 'other' FROM letters"
    with pytest.raises(IntegrityError), campaign.writing() as (_, connection):
        connection.execute(text(again))


@pytest.mark.parametrize(
    "url",
    ["", "anli.db", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "postgresql", "http://x"],
)
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(DatabaseUnusable) as told:
        open_engine(url)
    assert "secret" not in say_error(told.value, "en")


@pytest.mark.parametrize(
    "content", [b"This is a letter, not a database.\n" * 100, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_another_file_is_no_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(content)
    for act in (resume, lambda settings: found(settings, find("hubei-2024"), rehearsal=True), upgrade_campaign):
        with pytest.raises(DatabaseUnusable):
            act(settings_of(f"sqlite:///{file}", tmp_path))
    assert file.read_bytes() == content


def test_an_empty_file_and_a_foreign_database_have_no_campaign(database_url: str, tmp_path: Path) -> None:
    engine = open_engine(database_url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("CREATE TABLE cases (id INTEGER)"))
    engine.dispose()
    with pytest.raises(DatabaseMissing):
        resume(settings_of(database_url, tmp_path))


def test_a_missing_file_is_not_made_by_looking(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "anli.db"
    for act in (resume, upgrade_campaign):
        with pytest.raises(DatabaseMissing):
            act(settings_of(f"sqlite:///{file}", tmp_path))
    assert not file.parent.exists()


def test_founding_where_there_is_no_folder_asks_for_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "anli.db"
    with pytest.raises(FolderMissing) as told:
        found(settings_of(f"sqlite:///{file}", tmp_path), find("hubei-2024"), rehearsal=True)
    assert told.value.values == {"folder": str(file.parent)}
    assert "anli init" not in say_error(told.value, "en")
    assert not file.parent.exists()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(AnliError):
        found(settings_of(f"sqlite:///{tmp_path}", tmp_path), find("hubei-2024"), rehearsal=True)


def test_a_server_that_is_away_is_said_without_its_password() -> None:
    engine = open_engine("postgresql://anli:secret@127.0.0.1:1/anli?connect_timeout=2")
    with pytest.raises(DatabaseUnreachable) as told, reading(engine):
        pass
    for language in LANGUAGES:
        sentence = say_error(told.value, language)
        assert "secret" not in sentence
        assert "127.0.0.1" in sentence
        assert "{" not in sentence


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anli:secret@db.example/anli",
        "postgresql://anli:sec@ret@db.example/anli",
        "postgresql://anli:secret@db.example:port/anli",
        "postgresql:/anli:secret@db.example/anli",
        "postgresql://anli@db.example/anli?password=secret",
        "postgresql://anli@db.example/anli?sslpassword=secret&sslmode=require",
        "mysql://anli:secret@db.example/anli",
    ],
)
def test_a_password_on_the_command_line_is_refused_and_never_shown(url: str) -> None:
    with pytest.raises(PasswordShown) as told:
        refuse_password(url)
    assert told.value.exit_status == 2
    for language in LANGUAGES:
        sentence = say_error(told.value, language)
        assert "sec" not in sentence.replace("ANLI_DB_FILE", "")
        assert "ret" not in sentence
        assert "PGPASSFILE" in sentence
        assert "ANLI_DB_FILE" in sentence
    assert "sec" not in mask(url)


@pytest.mark.parametrize(
    "url", ["sqlite:///a:b@c.db", "postgresql://anli@db.example:5432/anli", "postgresql://anli:@/anli?host=/tmp"]
)
def test_an_address_without_a_password_is_none(url: str) -> None:
    refuse_password(url)


def test_an_address_is_shown_without_its_password() -> None:
    assert show_url(open_engine("postgresql://anli:secret@db.example/anli")) == "postgresql://anli:***@db.example/anli"


def test_a_campaign_is_not_founded_twice(campaign: Campaign, database_url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseExists):
        found_rehearsal(database_url, tmp_path)
    again = resume(settings_of(database_url, tmp_path))
    assert again.token == campaign.token
    again.engine.dispose()


def test_another_shape_is_said(campaign: Campaign, database_url: str, tmp_path: Path) -> None:
    with campaign.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(DatabaseOutdated):
        resume(settings_of(database_url, tmp_path))


def test_a_broken_connection_is_a_sentence(campaign: Campaign) -> None:
    if campaign.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server to lose")
    suicide = "SELECT pg_terminate_backend(pg_backend_pid())"
    with pytest.raises(DatabaseUnreachable), campaign.reading() as connection:
        connection.exec_driver_sql(suicide)


def test_moments_are_kept_to_the_microsecond_and_in_order(campaign: Campaign) -> None:
    later = at(campaign, FOUNDED.replace(microsecond=5))
    add_drafts(later, plain_drafts([UNIT], 1))
    move(later, "recommend")
    with campaign.reading() as connection:
        kept = connection.execute(text("SELECT recommended_at FROM cases")).scalar()
    assert kept == "2024-06-20T01:00:00.000005Z"
