"""The address of a mailbox on a server, as RFC 5092 writes it."""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from workflow.errors import UsageError

IMAP_PORT, IMAPS_PORT = 143, 993
GREATEST_NUMBER = 2**32 - 1
"""Of a UID or UIDVALIDITY (RFC 9051 2.3.1.1)."""

_SCHEME = re.compile(r"imaps?://", re.IGNORECASE)
_MAIL = re.compile(r"(?P<folder>.*);UIDVALIDITY=(?P<validity>[0-9]{1,10})/;UID=(?P<uid>[0-9]{1,10})", re.IGNORECASE)


class AddressUnusable(UsageError):
    """Not the address of a mailbox: values are address (without the password it may hold)."""

    code = "error.mailbox-address-unusable"


class PasswordShown(UsageError):
    """The password stands in the address, for all to see: values are address (without it)."""

    code = "error.mailbox-password-shown"


class Address(NamedTuple):
    """tls: from the first byte on. mail: the UIDVALIDITY and UID of the one mail that is meant, if it is one."""

    tls: bool
    user: str
    host: str
    port: int
    folder: str
    mail: tuple[int, int] | None

    @property
    def mailbox(self) -> str:
        """The folder's URL, the same however it was spelt."""
        usual = IMAPS_PORT if self.tls else IMAP_PORT
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        scheme = "imaps" if self.tls else "imap"
        return f"{scheme}://{quote(self.user, safe='')}@{host}{port}/{quote(self.folder, safe='/')}"


def is_address(word: object) -> bool:
    return isinstance(word, str) and _SCHEME.match(word) is not None


def read_address(word: str) -> Address:
    """Read ``imap[s]://USER@HOST[:PORT][/FOLDER]``, where FOLDER is INBOX unless given; names percent-encoded, UTF-8.

    ``;UIDVALIDITY=N/;UID=N`` after the folder means one mail. Raises AddressUnusable or PasswordShown.
    """
    try:
        return _read(word)
    except ValueError:
        raise AddressUnusable(address=_without_password(word)) from None


def _read(word: str) -> Address:
    parts = urlsplit(word)
    if parts.password is not None:
        raise PasswordShown(address=_without_password(word))
    user, tls = unquote(parts.username or "", errors="strict"), parts.scheme == "imaps"
    path, mail = parts.path, None
    if (named := _MAIL.fullmatch(path)) is not None:
        path, mail = named["folder"], (int(named["validity"]), int(named["uid"]))
    folder = unquote(path.strip("/"), errors="strict") or "INBOX"
    port = parts.port if parts.port is not None else IMAPS_PORT if tls else IMAP_PORT
    whole = bool(user and parts.hostname and port) and not (";" in path or parts.query or parts.fragment)
    if not whole or not (user.isprintable() and folder.isprintable()):
        raise ValueError(word)
    folder = "INBOX" if folder.upper() == "INBOX" else folder
    return Address(tls, user, parts.hostname or "", port, folder, mail)


def _without_password(word: str) -> str:
    scheme, mark, rest = word.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}{mark}{user.partition(':')[0]}{at}{place}"
