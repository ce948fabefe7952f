"""Copies of a whole campaign, database and originals, that prove themselves; and a campaign made of one again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.check.verify import Verification, verify
from workflow.disk import FolderMissing, cause_of
from workflow.engine.campaign import Campaign, DatabaseExists, resume
from workflow.errors import AnliError
from workflow.settings import Settings
from workflow.store import custody, schema
from workflow.store.address import show_url, sqlite_file
from workflow.store.database import founding, open_engine, reading
from workflow.store.originals import Originals, originals_of
from workflow.store.scratch import Scratch, scratch_folder
from workflow.store.transfer import copy_rows

FORMAT = "anli-backup 1"
DATABASE, ORIGINALS, LABEL = "anli.db", "originals", "backup.json"
_LARGEST_LABEL = 100_000
_FILES = text("SELECT DISTINCT sha256 FROM originals ORDER BY sha256")
_QUEUED = text("SELECT count(*) FROM letters WHERE state = 'queued'")


class BackupTaken(AnliError):
    """A backup is made in a folder of its own: values are folder."""

    code = "error.backup-taken"


class BackupUnreadable(AnliError):
    """Not a backup that ``back_up`` made, or no longer: values are folder, problem_code, and what fills it."""

    exit_status = 4
    code = "error.backup-unreadable"


class Copied(NamedTuple):
    """What a backup, or a campaign restored from one, holds. letters: those in it that wait to be sent."""

    place: str
    originals: int
    letters: int
    found: Verification


def back_up(campaign: Campaign, folder: Path) -> Copied:
    """Make a new folder of the database as it stands at one moment, as a SQLite file, and of every original; check it.

    Only this account can read it. It bears its name once it is whole. Raises BackupTaken, FolderMissing, DiskFull and
    the other causes why it cannot be written.
    """
    if folder.exists():
        raise BackupTaken(folder=str(folder))
    if not folder.absolute().parent.is_dir():
        raise FolderMissing(folder=str(folder.absolute().parent))
    with _unfinished(folder) as scratch:
        _copy_database(campaign, scratch.folder / DATABASE)
        kept = Originals(scratch.folder / ORIGINALS)
        custody.found_folder(kept.folder, None)
        with _open_copy(scratch.folder / DATABASE) as connection:
            count = _copy_originals(connection, campaign.originals, kept)
            copied = Copied(str(folder), count, connection.execute(_QUEUED).scalar_one(), verify(connection, kept))
        _label(scratch.folder, campaign, copied)
        scratch.become(folder)
    return copied


def restore(settings: Settings, folder: Path) -> Copied:
    """Make of a backup the campaign that it is of, where there is none yet, and check that.

    A backup of an older shape is brought to this program's. Raises BackupUnreadable, DatabaseExists, and the causes
    why it cannot be written.
    """
    _read_label(folder)
    scratch = Scratch()
    try:
        copy = scratch.folder / DATABASE
        _vacuum(folder / DATABASE, copy)
        with _opened(f"sqlite:///{copy}") as engine, founding(engine) as connection:
            schema.upgrade(connection)
        count = _bring_originals(copy, Originals(folder / ORIGINALS), settings)
        _bring_database(copy, settings)
    finally:
        scratch.remove()
    campaign = resume(settings, read_only=True)
    try:
        with campaign.reading() as connection:
            letters = connection.execute(_QUEUED).scalar_one()
            return Copied(show_url(campaign.engine), count, letters, verify(connection, campaign.originals))
    finally:
        campaign.engine.dispose()


@contextmanager
def _unfinished(folder: Path) -> Iterator[Scratch]:
    """A folder beside ``folder`` that goes again where it does not become it."""
    try:
        scratch = Scratch(folder.absolute().parent, f".{folder.name}.unfinished-")
        try:
            yield scratch
        except BaseException:
            scratch.remove()
            raise
    except OSError as refusal:
        raise cause_of(refusal, folder) from None


def _copy_database(campaign: Campaign, copy: Path) -> None:
    file = sqlite_file(campaign.engine)
    if file is not None:
        _vacuum(file, copy)
        return
    with scratch_folder() as folder:
        rows = folder / DATABASE
        with _opened(f"sqlite:///{rows}") as engine, founding(engine) as connection:
            schema.upgrade(connection)
            with campaign.reading() as reader:
                copy_rows(reader, connection)
        _vacuum(rows, copy)


def _vacuum(file: Path, copy: Path) -> None:
    """Copy a SQLite database as it stands at one moment, without what was erased from it."""
    custody.found_file(copy, None)
    with _opened(f"sqlite:///{file}", read_only=True) as engine, reading(engine) as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        connection.exec_driver_sql("BEGIN")


@contextmanager
def _opened(url: str, read_only: bool = False) -> Iterator[Any]:
    engine = open_engine(url, read_only)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _open_copy(file: Path) -> Iterator[Connection]:
    with _opened(f"sqlite:///{file}", read_only=True) as engine, reading(engine) as connection:
        yield connection


def _copy_originals(connection: Connection, source: Originals, target: Originals) -> int:
    """Copy every file on record that is there; how many those are. What lacks, or is altered, ``verify`` tells."""
    count = 0
    with target.arrival() as arrival:
        for digest in connection.execute(_FILES).scalars():
            if source.digest_kept(digest) != digest:
                continue
            with source.path_of(digest).open("rb") as file:
                empty = os.fstat(file.fileno()).st_size == 0
                arrival.keep(b"" if empty else mmap(file.fileno(), 0, access=ACCESS_READ))
            count += 1
    return count


def _label(folder: Path, campaign: Campaign, copied: Copied) -> None:
    """Say in the backup what it is of, and what it must still be when it is needed."""
    label = {
        "format": FORMAT,
        "at": clock.show(campaign.now),
        "database": show_url(campaign.engine),
        "events": copied.found.events,
        "root": copied.found.root,
        "originals": copied.originals,
        "sha256": _digest(folder / DATABASE),
    }
    with os.fdopen(os.open(folder / LABEL, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(label, option=orjson.OPT_INDENT_2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _read_label(folder: Path) -> None:
    """Raises BackupUnreadable where the folder is no backup, or its database no longer what it was."""
    try:
        with (folder / LABEL).open("rb") as file:
            label = orjson.loads(file.read(_LARGEST_LABEL))
        if label.get("format") != FORMAT:
            raise ValueError
        whole = label["sha256"] == _digest(folder / DATABASE)
    except (OSError, ValueError, KeyError, AttributeError):
        raise BackupUnreadable(folder=str(folder), problem_code="backup.none") from None
    if not whole:
        raise BackupUnreadable(folder=str(folder), problem_code="backup.altered", file=DATABASE)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _bring_originals(copy: Path, source: Originals, settings: Settings) -> int:
    with _opened(settings.database) as engine:
        target = originals_of(engine, settings.originals)
    custody.found_folder(target.folder, settings.group)
    with _open_copy(copy) as connection:
        try:
            return _copy_originals(connection, source, target)
        except OSError as refusal:
            raise cause_of(refusal, target.folder) from None


def _bring_database(copy: Path, settings: Settings) -> None:
    """All of it or nothing, and only where no campaign is."""
    with _opened(settings.database) as engine:
        if (file := sqlite_file(engine)) is not None:
            custody.found_file(file, settings.group)
        with founding(engine) as connection:
            if schema.has_tables(connection):
                raise DatabaseExists(url=show_url(engine))
            schema.upgrade(connection)
            with _open_copy(copy) as source:
                copy_rows(source, connection)
