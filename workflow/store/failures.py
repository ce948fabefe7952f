"""What the drivers say of a database that cannot do its work, each true cause by its own name."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from workflow import disk
from workflow.errors import AnliError
from workflow.store.address import DatabaseUnusable, show_url, sqlite_file


class DatabaseDamaged(AnliError):
    """The database's file is no longer whole: values are url, said (the driver's words)."""

    code = "error.database-damaged"


class DatabaseUnreachable(AnliError):
    """The database server does not answer: values are url, said (the driver's words)."""

    code = "error.database-unreachable"


class DatabaseBusy(AnliError):
    """Somebody else held the campaign's lock too long: values are seconds."""

    code = "error.database-busy"


class RightMissing(AnliError):
    """The server gave this login no right to it: values are url, said (the server's words)."""

    code = "error.right-missing"


class LoginRefused(AnliError):
    """The server takes no such login, or not with that password: values are url."""

    code = "error.login-refused"


class DatabaseUnknown(AnliError):
    """The server has no database of that name: values are url."""

    code = "error.database-unknown"


class ServerReadOnly(AnliError):
    """The server takes no writing, as one that only follows another: values are url."""

    code = "error.server-read-only"


class ServerCrowded(AnliError):
    """The server takes no more connections now: values are url."""

    code = "error.server-crowded"


class DatabaseFaulty(AnliError):
    """The disk failed under the database: values are url, said (the driver's words)."""

    code = "error.database-faulty"


class _Scene(NamedTuple):
    """Where it happened. seconds: how long a lock was waited for. said: the driver's first line."""

    url: str
    file: Path
    seconds: float
    said: str


_Cause = Callable[[_Scene], AnliError]
_IN_FILE: Mapping[int, _Cause] = {
    **dict.fromkeys(
        (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        lambda scene: DatabaseBusy(seconds=scene.seconds),
    ),
    **dict.fromkeys(
        (sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY),
        lambda scene: disk.refusal_to_write(scene.file.parent) or disk.AccessDenied(file=str(scene.file)),
    ),
    **dict.fromkeys(
        (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ),
        lambda scene: DatabaseDamaged(url=scene.url, said=scene.said),
    ),
    sqlite3.SQLITE_FULL: lambda scene: disk.DiskFull(file=str(scene.file)),
    sqlite3.SQLITE_NOTADB: lambda scene: DatabaseUnusable(url=scene.url),
    sqlite3.SQLITE_IOERR: lambda scene: disk.refusal_to_write(scene.file.parent) or _faulty(scene),
    sqlite3.SQLITE_CANTOPEN: lambda scene: _why_not_opened(scene.file) or _faulty(scene),
}
"""By SQLite's code, the extended before the primary one."""

_ON_SERVER: Mapping[str, _Cause] = {
    "55P03": lambda scene: DatabaseBusy(seconds=scene.seconds),
    "53100": lambda scene: disk.DiskFull(file=scene.url),
    "42501": lambda scene: RightMissing(url=scene.url, said=scene.said),
    "25006": lambda scene: ServerReadOnly(url=scene.url),
    "53300": lambda scene: ServerCrowded(url=scene.url),
}
"""By SQLSTATE."""

_AT_THE_DOOR: Mapping[str, _Cause] = {
    "password authentication failed": lambda scene: LoginRefused(url=scene.url),
    "no password supplied": lambda scene: LoginRefused(url=scene.url),
    "too many": lambda scene: ServerCrowded(url=scene.url),
    "remaining connection slots": lambda scene: ServerCrowded(url=scene.url),
    'role "': lambda scene: LoginRefused(url=scene.url),
    "permission denied": lambda scene: RightMissing(url=scene.url, said=scene.said),
    '" does not exist': lambda scene: DatabaseUnknown(url=scene.url),
    "": lambda scene: DatabaseUnreachable(url=scene.url, said=scene.said),
}
"""By words of one who was not let in: of that the server sends no SQLSTATE."""


@contextmanager
def translate(engine: Engine, seconds: float) -> Iterator[None]:
    """Turn what the drivers say into a sentence that says why, and what to do; what is not foreseen stays as it is.

    seconds: how long a lock is waited for.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as failure:
        raised = failure.orig if isinstance(failure, DBAPIError) else failure
        words = str(raised).replace(engine.url.password or "\0", "***").strip().splitlines() or [""]
        scene = _Scene(show_url(engine), sqlite_file(engine) or Path(), seconds, words[0])
        find = _find_in_file(raised) if isinstance(raised, sqlite3.Error) else _find_on_server(failure)
        if find is None:
            raise
        raise find(scene) from failure


def _find_in_file(failure: sqlite3.Error) -> _Cause | None:
    code = getattr(failure, "sqlite_errorcode", 0)
    return _IN_FILE.get(code) or _IN_FILE.get(code & 0xFF)


def _find_on_server(failure: BaseException) -> _Cause | None:
    if (cause := _ON_SERVER.get(getattr(getattr(failure, "orig", None), "sqlstate", None) or "")) is not None:
        return cause
    if not isinstance(failure, OperationalError) or not (failure.connection_invalidated or failure.statement is None):
        return None
    return next(cause for words, cause in _AT_THE_DOOR.items() if words in str(failure.orig))


def _faulty(scene: _Scene) -> AnliError:
    return DatabaseFaulty(url=scene.url, said=scene.said)


def _why_not_opened(file: Path) -> AnliError | None:
    """By trying what SQLite needs: to read the file, and to lay its log beside it."""
    try:
        with file.open("rb"):
            pass
    except OSError as refusal:
        return disk.cause_of(refusal, file)
    return disk.refusal_to_write(file.parent)
