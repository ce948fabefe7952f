"""What the operating system refuses, each true cause by its own name."""

import errno
import os
from pathlib import Path
from tempfile import TemporaryFile

from workflow.errors import AnliError

_ENOUGH_TO_OPEN = 1 << 16
"""Bytes: SQLite's log and its index begin with no more."""


class SystemRefused(AnliError):
    """The operating system refused to read or write something: values are file, said (the system's words)."""

    code = "error.system-refused"


class DiskFull(AnliError):
    """No room is left, or none that this account may use: values are file (or the database's URL)."""

    code = "error.disk-full"


class AccessDenied(AnliError):
    """This account may not do it there: values are file."""

    code = "error.access-denied"


class ReadOnlyPlace(AnliError):
    """The file system takes no writing: values are file."""

    code = "error.place-read-only"


class FolderMissing(AnliError):
    """The folder that something is to lie in is not there: values are folder."""

    code = "error.folder-missing"


class FileMissing(AnliError):
    """There is no such file: values are file."""

    code = "error.file-missing"


class NotAFile(AnliError):
    """A folder stands where a file is meant, or the other way round: values are file."""

    code = "error.not-a-file"


_CAUSES: dict[int, type[AnliError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EACCES: AccessDenied,
    errno.EPERM: AccessDenied,
    errno.EROFS: ReadOnlyPlace,
    errno.EISDIR: NotAFile,
    errno.ENOTDIR: NotAFile,
}


def cause_of(refusal: OSError, file: Path | str | None = None) -> AnliError:
    """The error that says why; file: what it was about, where the system does not say."""
    named = str(refusal.filename or file or "—")
    if refusal.errno == errno.ENOENT:
        folder = Path(named).absolute().parent
        return FileMissing(file=named) if folder.is_dir() else FolderMissing(folder=str(folder))
    if cause := _CAUSES.get(refusal.errno or 0):
        return cause(file=named)
    return SystemRefused(file=named, said=refusal.strerror or str(refusal))


def refusal_to_write(folder: Path) -> AnliError | None:
    """Why nothing can be written into a folder, by trying; None where it can."""
    try:
        with TemporaryFile(dir=folder, buffering=0) as trial:
            trial.write(bytes(_ENOUGH_TO_OPEN))
            os.fsync(trial.fileno())
    except OSError as refusal:
        return cause_of(OSError(refusal.errno, refusal.strerror, str(folder)))
    return None
