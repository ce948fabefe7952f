"""A backup of either database holds all of it, and becomes the same campaign again in either."""

import os
import pwd
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.acceptance.program import MAILBOX
from tests.builders.campaigns import FOUNDED, add_drafts, plain_drafts
from tests.faults.program import Program
from workflow import clock
from workflow.engine.campaign import Campaign

VERIFIED = ("events", "root", "problems", "ok")
SERVERS_ACCOUNT = "postgres"


@pytest.fixture
def season(campaign: Campaign, program: Program) -> Program:
    """Eight cases, recommended; letters to send, a field erased, a checkpoint kept, and staff of both databases."""
    add_drafts(campaign, plain_drafts(["武汉市", "黄石市"], 8))
    own = pwd.getpwuid(os.geteuid()).pw_name
    if campaign.engine.dialect.name == "postgresql":
        with campaign.engine.connect() as connection, connection.begin():
            known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": own}).scalar()
            if known is None:
                connection.execute(text(f'CREATE ROLE "{own}" LOGIN'))
    for words in (
        ("staff", "add", SERVERS_ACCOUNT if campaign.engine.dialect.name == "sqlite" else own, "organiser"),
        ("advance", "recommend", "--all", "--yes"),
        ("audit", "redact", "2024-0001", "--field", "contact_phone", "--reason", "asked for"),
        ("audit", "keygen", "anli.key"),
    ):
        assert program.run(*words).status == 0, words
    program.settings["ANLI_SIGNING_KEY"] = "anli.key"
    assert program.run("audit", "checkpoint").status == 0
    return program


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, nursery: "subprocess.Popen[str]", tmp_path: Path) -> Iterator[Program]:
    """The program on another database, of either kind, that is not there yet, or empty."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    url, server, name = f"sqlite:///{folder / 'anli.db'}", None, f"anli_{uuid4().hex[:12]}"
    if request.param == "postgresql":
        server = create_engine(request.getfixturevalue("postgresql_server"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = server.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    other = Program(nursery, folder, ["--db", url, "--now", clock.write(FOUNDED)])
    other.settings["ANLI_ORIGINALS"] = str(folder / "originals")
    yield other
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def answer(program: Program, *words: str | Path, status: int = 0) -> dict[str, object]:
    ended = program.run(*map(str, words), "--json")
    assert ended.status == status, ended
    document = ended.answer()
    return document if isinstance(document, dict) else {"all": document}


def read_with(program_at: Callable[[datetime], Program], folder: Path) -> Program:
    """The program on a backup as on any database."""
    reader = program_at(FOUNDED)
    reader._common = ["--db", f"sqlite:///{folder / 'anli.db'}"]
    reader.settings["ANLI_ORIGINALS"] = str(folder / "originals")
    return reader


def test_what_is_restored_is_the_same_campaign(season: Program, elsewhere: Program, tmp_path: Path) -> None:
    made, verified = answer(season, "db", "backup", tmp_path / "backup"), answer(season, "audit", "verify")
    assert {name: made[name] for name in VERIFIED} == {name: verified[name] for name in VERIFIED}
    assert (made["ok"], made["letters"], made["originals"]) == (True, 2, 2)
    back = answer(elsewhere, "db", "restore", tmp_path / "backup")
    assert {name: back[name] for name in VERIFIED} == {name: made[name] for name in VERIFIED}
    assert (back["letters"], back["originals"]) == (2, 2)
    for words in ("cases", "submissions", "mail list", "audit log", "show 2024-0001", "staff list"):
        assert answer(elsewhere, *words.split()) == answer(season, *words.split()), words
    assert answer(elsewhere, "intake", MAILBOX / "08-jingzhou-again.eml")
    assert answer(elsewhere, "audit", "verify")["ok"]
    assert elsewhere.run("mail", "list").status == 0


def test_a_backup_is_read_as_any_database_and_by_its_maker_alone(
    season: Program, program_at: Callable[[datetime], Program], tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    answer(season, "db", "backup", backup)
    assert {path.name for path in backup.iterdir()} == {"anli.db", "originals", "backup.json"}
    assert {path.stat().st_mode & 0o077 for path in [backup, *backup.rglob("*")]} == {0}
    reader = read_with(program_at, backup)
    assert answer(reader, "audit", "verify")["ok"]
    assert answer(reader, "cases") == answer(season, "cases")


def test_what_was_erased_is_in_no_page_of_a_backup(season: Program, tmp_path: Path) -> None:
    answer(season, "db", "backup", tmp_path / "before")
    before = sqlite3.connect(tmp_path / "before" / "anli.db")
    phones = before.execute("SELECT DISTINCT contact_phone FROM personal WHERE contact_phone IS NOT NULL").fetchall()
    before.close()
    assert phones
    for number in range(1, 9):
        assert season.run("audit", "redact", f"2024-{number:04}", "--reason", "asked for").status == 0
    answer(season, "db", "backup", tmp_path / "after")
    content = (tmp_path / "after" / "anli.db").read_bytes()
    assert not any(phone.encode() in content for (phone,) in phones)


def test_nothing_is_overwritten(season: Program, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    for taken in ("here", "anli.key"):
        ended = season.run("db", "backup", taken)
        assert ended.status == 1
        assert "not overwritten" in ended.warned
    missing = season.run("db", "backup", "nowhere/backup")
    assert missing.status == 1
    assert "there is no folder" in missing.warned
    answer(season, "db", "backup", "backup")
    ended = season.run("db", "restore", "backup")
    assert ended.status == 1
    assert "there already is a campaign" in ended.warned
    assert answer(season, "audit", "verify")["ok"]


def test_what_is_no_backup_is_said(season: Program, elsewhere: Program, tmp_path: Path) -> None:
    answer(season, "db", "backup", tmp_path / "backup")
    with (tmp_path / "backup" / "anli.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    for folder in (tmp_path / "backup", tmp_path / "originals", tmp_path / "nowhere"):
        ended = elsewhere.run("db", "restore", str(folder))
        assert ended.status == 4, ended
        assert "cannot be restored from" in ended.warned
    assert elsewhere.run("cases").status == 1


def test_a_lost_original_is_told_and_the_rest_is_kept(season: Program, tmp_path: Path) -> None:
    next(path for path in (tmp_path / "originals").glob("??/*")).unlink()
    made = answer(season, "db", "backup", tmp_path / "backup", status=4)
    assert [problem["what"] for problem in made["problems"]] == ["original-missing"]  # type: ignore[attr-defined]
    assert (tmp_path / "backup" / "anli.db").exists()


def test_a_killed_backup_leaves_nothing_behind_the_next_one(season: Program, tmp_path: Path) -> None:
    _, steps = season.count_steps("db", "backup", "first")
    for fatal in (steps // 2, steps - 2):
        assert season.run("db", "backup", "second", fatal=fatal).status < 0
        assert not (tmp_path / "second").exists()
        assert len(list(tmp_path.glob(".second.*"))) == 1
    answer(season, "db", "backup", "second")
    assert not list(tmp_path.glob(".second.*"))


def test_a_killed_restore_can_be_repeated(season: Program, elsewhere: Program, tmp_path: Path) -> None:
    answer(season, "db", "backup", tmp_path / "backup")
    assert elsewhere.run("db", "restore", str(tmp_path / "backup"), fatal=120).status < 0
    assert answer(elsewhere, "db", "restore", tmp_path / "backup")["ok"]
