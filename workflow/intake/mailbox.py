"""Finding mails: .eml files, files of many mails, folders of them, Maildirs, mailboxes on servers."""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from notifications.fields import HEAD_BYTES
from states.reasons import Reason
from workflow.errors import AnliError
from workflow.intake import limits
from workflow.intake.address import Address, is_address, read_address
from workflow.intake.found import FoundMail, is_mail, too_large
from workflow.intake.mbox import split

if TYPE_CHECKING:
    from workflow.intake.imap import Known

_MAIL_SUFFIXES = (".eml", ".mbox", ".mbx")
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


def _nothing_known(_mailbox: str, _uidvalidity: int) -> Collection[int]:
    return ()


def find_mails(words: Sequence[str | os.PathLike[str]], known: "Known" = _nothing_known) -> Iterator[FoundMail]:
    """Yield every mail under ``words`` in a stable order: a file, a folder of .eml files (recursively), a Maildir, or
    the address of a mailbox on a server (``imap[s]://USER@HOST[:PORT][/FOLDER]``).

    known: the UIDs of a mailbox under a UIDVALIDITY that are not to be fetched again.
    Raises PathNotFound, PathUnreadable, NotAMail, AddressUnusable, PasswordShown or PasswordMissing for a word, before
    anything is yielded. Inside a folder a mail that is too large or cannot be read is yielded with a reason instead.
    What a server does wrong is raised where ``find_in_mailbox`` says.
    """
    named = [read_address(word) if isinstance(word, str) and is_address(word) else Path(word) for word in words]
    for place in named:
        if isinstance(place, Path):
            _check(place)
    return chain.from_iterable([_open(place, known) for place in named])


def _open(place: Path | Address, known: "Known") -> Iterator[FoundMail]:
    if isinstance(place, Path):
        return _walk(place)
    from workflow.intake.imap import find_in_mailbox

    return find_in_mailbox(place, known)


def _check(path: Path) -> None:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
            return
        if not stat.S_ISREG(mode):
            raise NotAMail(path=str(path))
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise PathNotFound(path=str(path)) from error
    except (OSError, ValueError) as error:
        problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise PathUnreadable(path=str(path), problem=problem) from error
    if not is_mail(head):
        raise NotAMail(path=str(path))


def _walk(path: Path) -> Iterator[FoundMail]:
    for file in _files_of(path) if path.is_dir() else [path]:
        yield from split(_read(file))


def _files_of(folder: Path) -> Iterator[Path]:
    is_maildir = all((folder / name).is_dir() for name in _MAILDIR)
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name) if os.access(folder, os.R_OK | os.X_OK) else []
    for entry in entries:
        if is_maildir and entry.name in _MAILDIR:
            yield from sorted(mail for mail in entry.iterdir() if mail.is_file() and not mail.name.startswith("."))
        elif entry.is_dir() and not entry.is_symlink() and not (is_maildir and entry.name == "tmp"):
            yield from _files_of(entry)
        elif entry.suffix.lower() in _MAIL_SUFFIXES and not entry.name.startswith("."):
            yield entry


def _read(file: Path) -> FoundMail:
    shown = str(file).encode("utf-8", "backslashreplace").decode()
    not_a_mail = Reason("not-a-mail", "六.5", {"filename": Path(shown).name})
    try:
        facts = file.stat()
        if not stat.S_ISREG(facts.st_mode):
            return FoundMail(shown, b"", (not_a_mail,))
        if facts.st_size > limits.MAIL_BYTES:
            return FoundMail(shown, _map(file), (too_large(),))
        raw = file.read_bytes()
    except OSError:
        return FoundMail(shown, b"", (Reason("mail-unreadable", "六.5"),))
    if not is_mail(raw[:HEAD_BYTES]):
        return FoundMail(shown, b"", (not_a_mail,))
    return FoundMail(shown, raw, ())


def _map(file: Path) -> mmap:
    with file.open("rb") as stream:
        return mmap(stream.fileno(), 0, access=ACCESS_READ)
