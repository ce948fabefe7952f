"""Finding mails: .eml files, folders of them, Maildirs."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NamedTuple

from states.reasons import Reason
from workflow.errors import AnliError
from workflow.intake import limits

_FIELD = re.compile(
    rb"(?im)^(?:from|sender|to|subject|date|received|message-id|mime-version|return-path|delivered-to|x-[a-z-]{1,60})"
    rb"[ \t]{0,9}:"
)
_HEAD_BYTES = 65536
_MAIL_SUFFIX = ".eml"
_MAILDIR = ("cur", "new")


class PathNotFound(AnliError):
    """There is no file or folder of that name: value is path."""

    code = "error.path-not-found"


class PathUnreadable(AnliError):
    """The file or folder is there and cannot be read: values are path and problem (the system's word for it)."""

    code = "error.path-unreadable"


class NotAMail(AnliError):
    """A file was named that is not a mail: value is path."""

    code = "error.not-a-mail"


class FoundMail(NamedTuple):
    """A mail as found: its path as shown to people, its bytes, and why it is not read.

    raw: of what is not read, empty; of a mail too large to read, the file itself, mapped.
    """

    file: str
    raw: bytes | mmap
    reasons: tuple[Reason, ...]


def find_mails(paths: Sequence[str | os.PathLike[str]]) -> Iterator[FoundMail]:
    """Yield every mail under ``paths`` in a stable order: a file, a folder of .eml files (recursively), a Maildir.

    Raises PathNotFound, PathUnreadable or NotAMail for a path that was named, before anything is yielded. Inside
    a folder a mail that is too large or cannot be read is yielded with a reason instead.
    """
    named = [Path(path) for path in paths]
    for path in named:
        _check(path)
    return _walk(named)


def _check(path: Path) -> None:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
            return
        if not stat.S_ISREG(mode):
            raise NotAMail(path=str(path))
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise PathNotFound(path=str(path)) from error
    except (OSError, ValueError) as error:
        problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise PathUnreadable(path=str(path), problem=problem) from error
    if not _is_mail(head):
        raise NotAMail(path=str(path))


def _walk(named: Sequence[Path]) -> Iterator[FoundMail]:
    for path in named:
        files = _files_of(path) if path.is_dir() else iter([path])
        for file in files:
            yield _read(file)


def _files_of(folder: Path) -> Iterator[Path]:
    is_maildir = all((folder / name).is_dir() for name in _MAILDIR)
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name) if os.access(folder, os.R_OK | os.X_OK) else []
    for entry in entries:
        if is_maildir and entry.name in _MAILDIR:
            yield from sorted(mail for mail in entry.iterdir() if mail.is_file() and not mail.name.startswith("."))
        elif entry.is_dir() and not entry.is_symlink() and not (is_maildir and entry.name == "tmp"):
            yield from _files_of(entry)
        elif entry.suffix.lower() == _MAIL_SUFFIX and not entry.name.startswith("."):
            yield entry


def _read(file: Path) -> FoundMail:
    shown = str(file).encode("utf-8", "backslashreplace").decode()
    not_a_mail = Reason("not-a-mail", "六.5", {"filename": Path(shown).name})
    try:
        facts = file.stat()
        if not stat.S_ISREG(facts.st_mode):
            return FoundMail(shown, b"", (not_a_mail,))
        if facts.st_size > limits.MAIL_BYTES:
            values = {"limit_mb": limits.MAIL_BYTES // limits.MEBIBYTE}
            return FoundMail(shown, _map(file), (Reason("mail-too-large", "六.5", {**values}),))
        raw = file.read_bytes()
    except OSError:
        return FoundMail(shown, b"", (Reason("mail-unreadable", "六.5"),))
    if not _is_mail(raw[:_HEAD_BYTES]):
        return FoundMail(shown, b"", (not_a_mail,))
    return FoundMail(shown, raw, ())


def _map(file: Path) -> mmap:
    with file.open("rb") as stream:
        return mmap(stream.fileno(), 0, access=ACCESS_READ)


def _is_mail(head: bytes) -> bool:
    """Tell whether the bytes begin with the fields of a mail (RFC 5322 2.2), before the first empty line."""
    fields = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    return b"\x00" not in fields and bool(_FIELD.search(fields))
