"""Originals, kept by their SHA-256 in a folder beside the database and never altered."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from mmap import mmap
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from workflow.errors import AnliError
from workflow.store import custody, folder_lock
from workflow.store.address import sqlite_file

_ARRIVALS = ".arriving"


class OriginalMissing(AnliError):
    """A kept original is gone or altered: values are sha256, folder."""

    exit_status = 4
    code = "error.original-missing"


class Originals:
    """A folder of files named by the SHA-256 of what they hold. Who may open the folder may read what lies in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._arrivals = folder / _ARRIVALS

    def keep(self, data: bytes | mmap) -> str:
        """Write ``data`` unless it is there already, onto the disk itself, and return its SHA-256 in hex."""
        with self.arrival() as arrival:
            return arrival.keep(data)

    @contextmanager
    def arrival(self) -> Iterator["Arrival"]:
        """Keep files that are put on record before this is left.

        What was kept by a process that was killed meanwhile, or failed to put it on record, is known to ``sweep``.
        """
        for folder in (self.folder, self._arrivals):
            custody.make_folder(folder, self.folder)
        mark = self._arrivals / uuid4().hex
        with folder_lock.held(self._arrivals):
            custody.make_folder(mark, self.folder)
            lock = folder_lock.take(mark)
        try:
            yield Arrival(self, mark)
            shutil.rmtree(mark, ignore_errors=True)
        finally:
            if lock is not None:
                lock.let_go()

    def sweep(self, recorded: Callable[[set[str]], set[str]]) -> None:
        """Remove what killed processes kept without putting it on record; recorded: of some SHA-256, those that are."""
        with folder_lock.held(self._arrivals):
            marks = list(self._arrivals.glob("*"))
            dead = [(mark, lock) for mark in marks if (lock := folder_lock.take(mark)) is not None]
            ended = {mark for mark, _ in dead}
            arriving = {file.name for mark in marks if mark not in ended for file in mark.iterdir()}
            left = {file.name for mark in ended for file in mark.iterdir() if not file.suffix} - arriving
            for digest in left - recorded(left) if left else ():
                self.erase(digest)
            for mark, lock in dead:
                shutil.rmtree(mark, ignore_errors=True)
                lock.let_go()

    def read(self, digest: str) -> bytes:
        """Raises OriginalMissing where no such file is kept, or where it no longer is what it was."""
        path = self.path_of(digest)
        try:
            data = path.read_bytes()
        except OSError:
            raise OriginalMissing(sha256=digest, folder=str(self.folder)) from None
        if sha256(data).hexdigest() != digest:
            raise OriginalMissing(sha256=digest, folder=str(self.folder))
        return data

    def digest_kept(self, digest: str) -> str | None:
        """SHA-256, in hex, of what lies under the name ``digest`` now; None where nothing readable does."""
        try:
            with self.path_of(digest).open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def erase(self, digest: str) -> None:
        """Remove what lies under the name ``digest``; the name itself stands in the history."""
        path = self.path_of(digest)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _settle(path.parent)

    def path_of(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


class Arrival:
    """Files on their way in; each leaves its name in ``mark``, a folder, before it is looked for or written."""

    def __init__(self, originals: Originals, mark: Path) -> None:
        self._originals, self._mark = originals, mark

    def keep(self, data: bytes | mmap) -> str:
        """Write ``data`` unless it is there already, onto the disk itself, and return its SHA-256 in hex."""
        digest = sha256(data).hexdigest()
        path, name = self._originals.path_of(digest), self._mark / digest
        with folder_lock.held(self._mark.parent):
            name.touch()
            if path.exists():
                return digest
        custody.make_folder(path.parent, self._originals.folder)
        partial = name.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        custody.seal(partial, self._originals.folder)
        partial.replace(path)
        _settle(path.parent)
        return digest


def _settle(folder: Path) -> None:
    """Let the folder's new name reach the disk too."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def originals_of(engine: Engine, asked: Path | None) -> Originals:
    """The asked-for folder, else ``FILE-originals`` beside a SQLite file, else ``anli-originals``."""
    if asked is not None:
        return Originals(asked)
    file = sqlite_file(engine)
    return Originals(file.with_name(f"{file.name}-originals") if file else Path("anli-originals").absolute())
