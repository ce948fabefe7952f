"""Originals, kept by their SHA-256 in a folder beside the database and never altered."""

import os
from hashlib import file_digest, sha256
from mmap import mmap
from pathlib import Path

from sqlalchemy import Engine

from workflow.errors import AnliError
from workflow.store.address import sqlite_file


class OriginalMissing(AnliError):
    """A kept original is gone or altered: values are sha256, folder."""

    exit_status = 4
    code = "error.original-missing"


class Originals:
    """A folder of files named by the SHA-256 of what they hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes | mmap) -> str:
        """Write ``data`` unless it is there already, onto the disk itself, and return its SHA-256 in hex."""
        digest = sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{digest}.{os.getpid()}")
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o444)
        partial.replace(path)
        _settle(path.parent)
        return digest

    def read(self, digest: str) -> bytes:
        """Raises OriginalMissing where no such file is kept, or where it no longer is what it was."""
        path = self._path(digest)
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
            with self._path(digest).open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def erase(self, digest: str) -> None:
        """Remove what lies under the name ``digest``; the name itself stands in the history."""
        path = self._path(digest)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _settle(path.parent)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


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
