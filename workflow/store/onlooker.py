"""Reading a SQLite file with no right to write: a backup, a read-only mount, another account's file."""

import os
import shutil
import sqlite3
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from workflow.disk import cause_of
from workflow.errors import AnliError
from workflow.store.scratch import Scratch

TRIES = 20
_NO_RIGHT = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}


class DatabaseMoving(AnliError):
    """The file was written to while it was read by somebody who may not lock it: values are file."""

    code = "error.database-moving"


class _Look(NamedTuple):
    """What a file and its logs look like from outside; two that are alike saw the same."""

    file: tuple[int, ...]
    logs: tuple[tuple[int, ...], ...]

    @property
    def speaks(self) -> bool:
        """Whether anything stands in a log."""
        return any(log[:1] > (0,) for log in self.logs)


class Onlooker:
    """Opens connections that cannot write, whatever this account may do where the file lies.

    Where SQLite can take its locks, the file itself is read. Where it cannot, and nothing stands in a log (``-wal``,
    ``-journal``), the file is read as it lies; somebody who writes meanwhile is noticed. Where something stands in one,
    file and logs are copied together, and the copy is read: without them the file is a state that nobody committed.
    """

    def __init__(self, file: Path, seconds: float) -> None:
        """seconds: how long a lock is waited for."""
        self.file, self._seconds = file, seconds
        self._logs = [file.with_name(f"{file.name}-{log}") for log in ("wal", "journal")]
        self._seen: _Look | None = None
        self._scratch: Scratch | None = None

    def connect(self) -> sqlite3.Connection:
        """Raises DatabaseMoving where the file never stood still, or what keeps it from being copied."""
        if self._scratch is not None:
            return self._open_copy(self._scratch)
        try:
            return self._open(self.file, "mode=ro")
        except sqlite3.OperationalError as failure:
            if failure.sqlite_errorcode & 0xFF not in _NO_RIGHT or not os.access(self.file, os.R_OK):
                raise
        seen = self._look()
        if not self._look().speaks:
            connection = self._open(self.file, "mode=ro&immutable=1")
            if not self._look().speaks:
                self._seen = self._seen or seen
                return connection
            connection.close()
        self._scratch = self._copy()
        return self._open_copy(self._scratch)

    def confirm(self) -> None:
        """Raises DatabaseMoving where what was read without locks has changed since it was opened."""
        if self._scratch is None and self._seen is not None and self._seen != self._look():
            raise DatabaseMoving(file=str(self.file))

    def leave(self) -> None:
        """Remove the copy, if any."""
        if self._scratch is not None:
            self._scratch.remove()
            self._scratch = None

    def _open(self, file: Path, how: str) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{file.as_uri()}?{how}", uri=True, timeout=self._seconds, check_same_thread=False)
        try:
            connection.execute("PRAGMA schema_version").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_copy(self, scratch: Scratch) -> sqlite3.Connection:
        return self._open(scratch.folder / self.file.name, "mode=rw")

    def _copy(self) -> Scratch:
        scratch, whole = Scratch(), False
        try:
            for _ in range(TRIES):
                copied = [_copy(each, scratch.folder / each.name) for each in (self.file, *self._logs)]
                whole = copied == [_digest(each) for each in (self.file, *self._logs)]
                if whole:
                    return scratch
        except OSError as refusal:
            raise cause_of(refusal, self.file) from None
        finally:
            if not whole:
                scratch.remove()
        raise DatabaseMoving(file=str(self.file))

    def _look(self) -> _Look:
        return _Look(_stat(self.file), tuple(map(_stat, self._logs)))


def _stat(file: Path) -> tuple[int, ...]:
    """Size in bytes, last change in nanoseconds, number on the disk; nothing where there is no file."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _copy(file: Path, to: Path) -> str | None:
    """Copy a file, if it is there; what the copy holds."""
    try:
        with file.open("rb") as source, to.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except FileNotFoundError:
        to.unlink(missing_ok=True)
        return None
    return _digest(to)


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return None
