"""Reading needs no right to write: backups, read-only mounts, other accounts; and never shows less than there is."""

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders.accounts import WANG, account_of, open_house, program_of
from tests.builders.campaigns import FOUNDED, add_drafts, found_rehearsal, plain_drafts
from tests.faults.program import Program
from workflow.engine.campaign import Campaign, resume
from workflow.settings import Settings
from workflow.store import onlooker
from workflow.store.database import open_engine, reading
from workflow.store.onlooker import DatabaseMoving, Onlooker

UNIT = "武汉市"
READ = (("cases",), ("audit", "log"), ("audit", "verify"), ("show", "2024-0001"), ("doctor",), ("calendar", "show"))


@pytest.fixture
def house() -> Iterator[Path]:
    with open_house() as folder:
        yield folder


@pytest.fixture
def auditor(nursery: "subprocess.Popen[str]", house: Path) -> Callable[[Path], Program]:
    """The program of another account on a file, with the originals of the house."""

    def of(file: Path, uid: int | None = WANG) -> Program:
        program = program_of(nursery, house, file, uid)
        program.settings["ANLI_ORIGINALS"] = str(house / "originals")
        return program

    return of


@pytest.fixture
def campaign(nursery: "subprocess.Popen[str]", house: Path) -> Iterator[Campaign]:
    """Three cases, and an auditor of another account who may read everything."""
    campaign = found_rehearsal(f"sqlite:///{house / 'anli.db'}", house, language="en")
    add_drafts(campaign, plain_drafts([UNIT], 3))
    own = program_of(nursery, house, house / "anli.db")
    assert own.run("staff", "add", account_of(WANG), "auditor").status == 0
    open_to_all(house)
    yield campaign
    campaign.engine.dispose()


def open_to_all(house: Path) -> None:
    for path in [house / "anli.db", house / "originals", *(house / "originals").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def read_all(program: Program) -> None:
    for words in READ:
        ended = program.run(*words)
        assert (ended.status, ended.warned) == (4 if words == ("doctor",) else 0, ""), (words, ended)
    assert len(program.run("cases", "--json").answer()) == 3


@pytest.mark.usefixtures("campaign")
def test_an_auditor_reads_where_they_may_not_write(auditor: Callable[[Path], Program], house: Path) -> None:
    read_all(auditor(house / "anli.db"))
    assert not list(house.glob("anli.db-*"))


def test_what_is_only_in_the_log_is_read(campaign: Campaign, auditor: Callable[[Path], Program], house: Path) -> None:
    """As after a snapshot of the disk: file and log, without the log's index, which no file system keeps."""
    held = the_log_speaks(campaign)
    open_to_all(house)
    snapshot = house / "snapshot"
    snapshot.mkdir()
    for name in ("anli.db", "anli.db-wal"):
        shutil.copy(house / name, snapshot)
    held.close()
    assert (snapshot / "anli.db-wal").stat().st_size > 0
    program = auditor(snapshot / "anli.db")
    assert len(program.run("cases", "--json").answer()) == 4
    assert program.run("audit", "verify", "--json").answer()["ok"]
    assert sorted(path.name for path in snapshot.iterdir()) == ["anli.db", "anli.db-wal"]


@pytest.mark.usefixtures("campaign")
def test_a_backup_of_sqlites_own_is_read_by_its_owner_and_by_others(
    auditor: Callable[..., Program], house: Path
) -> None:
    backup = house / "backup.db"
    copier = sqlite3.connect(house / "anli.db")
    copier.execute("VACUUM INTO ?", (str(backup),))
    copier.close()
    before = backup.read_bytes()
    read_all(auditor(backup))
    read_all(auditor(backup, None))
    assert backup.read_bytes() == before


@pytest.mark.usefixtures("campaign")
def test_a_read_only_mount_is_read(auditor: Callable[..., Program], house: Path) -> None:
    mount = house / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", mount], check=False).returncode != 0:
        pytest.skip("no mounting here")
    try:
        shutil.copy(house / "anli.db", mount)
        subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
        read_all(auditor(mount / "anli.db"))
        own = auditor(mount / "anli.db", None)
        read_all(own)
        refused = own.run("advance", "recommend", "--all", "--yes")
        assert refused.status == 1
        assert "takes no writing" in refused.warned
    finally:
        subprocess.run(["umount", mount], check=True)


@pytest.mark.usefixtures("campaign")
def test_who_may_not_read_is_told_so(auditor: Callable[[Path], Program], house: Path) -> None:
    (house / "anli.db").chmod(0o600)
    hidden = auditor(house / "anli.db").run("cases")
    assert hidden.status == 1
    assert "this account may not use" in hidden.warned


def the_log_speaks(campaign: Campaign) -> "sqlite3.Connection":
    """Somebody at the file, so that what is written from now on stays in its log."""
    held = sqlite3.connect(str(campaign.engine.url.database))
    held.execute("SELECT count(*) FROM cases").fetchone()
    add_drafts(campaign, plain_drafts([UNIT], 1))
    return held


def refuse_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this account might not write where the file lies."""
    really = Onlooker._open

    def open_without_locks(self: Onlooker, file: Path, how: str) -> sqlite3.Connection:
        if how == "mode=ro":
            failure = sqlite3.OperationalError("unable to open database file")
            failure.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise failure
        return really(self, file, how)

    monkeypatch.setattr(Onlooker, "_open", open_without_locks)


@pytest.fixture
def scratches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """The folders that copies now lie in."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return lambda: list(folder.iterdir())


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(f"sqlite:///{tmp_path / 'anli.db'}", tmp_path)
    add_drafts(campaign, plain_drafts([UNIT], 3))
    yield campaign
    campaign.engine.dispose()


def test_a_copy_that_was_overtaken_is_made_again(
    plain: Campaign, tmp_path: Path, scratches: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_locks(monkeypatch)
    held = the_log_speaks(plain)
    copied, really = [], onlooker._copy

    def copy_and_write(file: Path, to: Path) -> str | None:
        digest = really(file, to)
        copied.append(file)
        if len(copied) == 2:
            add_drafts(plain, plain_drafts([UNIT], 1))
        return digest

    monkeypatch.setattr(onlooker, "_copy", copy_and_write)
    settings = Settings(f"sqlite:///{tmp_path / 'anli.db'}", "maildir:mail", "zh", FOUNDED, tmp_path / "originals")
    reader = resume(settings, read_only=True)
    with reader.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 5
    assert len(copied) == 6, "file and both logs, twice"
    assert [path.stat().st_mode & 0o777 for path in scratches()] == [0o700]
    reader.engine.dispose()
    assert scratches() == []
    held.close()


def test_a_file_that_never_stands_still_is_not_believed(
    plain: Campaign, scratches: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_locks(monkeypatch)
    held = the_log_speaks(plain)
    really = onlooker._copy

    def copy_and_write(file: Path, to: Path) -> str | None:
        digest = really(file, to)
        add_drafts(plain, plain_drafts([UNIT], 1))
        return digest

    monkeypatch.setattr(onlooker, "_copy", copy_and_write)
    monkeypatch.setattr(onlooker, "TRIES", 3)
    engine = open_engine(str(plain.engine.url), read_only=True)
    with pytest.raises(DatabaseMoving), reading(engine):
        pass
    assert scratches() == []
    held.close()


def test_what_was_written_to_meanwhile_is_not_believed(plain: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.engine.dispose()
    refuse_locks(monkeypatch)
    engine = open_engine(str(plain.engine.url), read_only=True)
    with pytest.raises(DatabaseMoving), reading(engine):
        add_drafts(plain, plain_drafts([UNIT], 1))
