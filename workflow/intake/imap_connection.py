"""One connection to an IMAP server (RFC 9051), by IMAPClient: what may be heard over it is bounded in size and time."""

import logging
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Timer
from typing import Any, NamedTuple

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

from notifications.fields import HEAD_BYTES
from notifications.transport import LOOPBACK
from workflow.audit.actor import program_version
from workflow.intake import limits
from workflow.intake.address import GREATEST_NUMBER, Address
from workflow.intake.charset import guess_text
from workflow.intake.text import clean_line

SECONDS_TO_CONNECT = 30.0
SECONDS_TO_HEAR = 60.0
"""Seconds to wait for the next piece of an answer."""
SECONDS_TO_ANSWER = 300.0
SECONDS_FOR_GOODBYE = 5.0
SLOWEST = 16 * 1024
"""Bytes a second, below which a mail is not worth waiting for."""
ANSWER_BYTES = 8 * limits.MEBIBYTE
LONGEST_WORDS = 300
_WANTS_TO_KNOW = (".163.com", ".126.com", ".yeah.net", ".188.com", ".netease.com")
"""Servers that answer ``Unsafe Login`` to whoever does not say what program it is, whether or not they list ID."""
_ATOM = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+")
logging.getLogger("imapclient").setLevel(logging.CRITICAL)


class Dropped(Exception):
    """The connection is of no use any more; ``words`` are the server's or the system's words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Oversized(Dropped):
    """The server began to send more than was asked for; nothing of it was read."""


class Refused(Exception):
    """The server answered NO or BAD, or what nobody understands; ``words`` are its words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class InTheClear(Exception):
    """The server offers no TLS; it was answer nothing."""


class Measured(NamedTuple):
    """A mail by what its server says of it. size: in bytes, None where it does not say."""

    uid: int
    size: int | None
    received_at: datetime | None


class _Wire:
    """What is read from a server: up to a number of bytes, until a deadline that slow answers do not put off."""

    sock: Any
    oversized = late = False
    _left = ANSWER_BYTES
    _deadline: Timer | None = None

    def allow(self, size: int, seconds: float) -> None:
        """From now on read ``size`` bytes at most, ``seconds`` at most."""
        self.rest()
        self._left = size
        self._deadline = Timer(seconds, self._sever)
        self._deadline.daemon = True
        self._deadline.start()

    def rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def read(self, size: int) -> bytes:
        self._spend(size)
        data: bytes = super().read(size)  # type: ignore[misc]
        return data

    def readline(self) -> bytes:
        try:
            line: bytes = super().readline()  # type: ignore[misc]
        except IMAPClientError as error:
            raise IMAPClientAbortError(str(error)) from None
        self._spend(len(line))
        return line

    def shutdown(self) -> None:
        self.rest()
        super().shutdown()  # type: ignore[misc]

    def _create_socket(self, timeout: float | None = None) -> Any:
        self.sock = super()._create_socket(timeout)  # type: ignore[misc]
        self.allow(ANSWER_BYTES, SECONDS_TO_ANSWER)
        return self.sock

    def _spend(self, size: int) -> None:
        if size > self._left:
            self.oversized = True
            raise IMAPClientAbortError("more than was asked for")
        self._left -= size

    def _sever(self) -> None:
        self.late = True
        with suppress(OSError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _PlainWire(_Wire, IMAP4WithTimeout):  # type: ignore[misc]
    pass


class _TlsWire(_Wire, IMAP4_TLS):  # type: ignore[misc]
    pass


class ImapConnection(IMAPClient):  # type: ignore[misc]
    """Changes nothing in the mailbox: EXAMINE and BODY.PEEK only. Raises Dropped, Refused, InTheClear."""

    _imap: Any = None

    def __init__(self, address: Address) -> None:
        """Connect. TLS is required unless the host is loopback; certificates are checked."""
        self._address, self._context = address, ssl.create_default_context()
        timeout = SocketTimeout(SECONDS_TO_CONNECT, SECONDS_TO_HEAR)
        with self._translating_errors():
            super().__init__(address.host, address.port, ssl=address.tls, ssl_context=self._context, timeout=timeout)
        self._imap.debug = 0
        self.normalise_times = False
        self._imap.rest()

    def enter(self, password: str) -> int:
        """Log in, say what program this is (RFC 2971), open the folder for reading; its UIDVALIDITY."""
        user, host = self._address.user, self._address.host
        if not self._address.tls and host not in LOOPBACK:
            self._encrypt()
        with self.asking():
            if _ATOM.fullmatch(user) and password.isascii() and password.isprintable():
                self.login(user, password)
            else:
                self.plain_login(user, password)
        name, _, version = program_version().partition(" ")
        with suppress(Refused), self.asking():
            if self.has_capability("ID") or f".{host}".endswith(_WANTS_TO_KNOW):
                self._imap.xatom("ID", f'("name" "{name}" "version" "{version}")')
        return self._examine()

    def list_mails(self) -> list[int]:
        """The UIDs of all mails in the folder, in their order."""
        with self.asking():
            return sorted({uid for uid in self.search("ALL") if 1 <= uid <= GREATEST_NUMBER})

    def lists(self, uid: int) -> bool:
        with self.asking():
            return uid in self.search(["UID", str(uid)])

    def measure(self, uids: Sequence[int]) -> list[Measured]:
        """The size and the time of arrival that the server gives for each mail; both are None where it gives none."""
        with self.asking():
            answer = self.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        found = []
        for uid in uids:
            size, moment = (answer.get(uid, {}).get(name) for name in (b"RFC822.SIZE", b"INTERNALDATE"))
            known = size if isinstance(size, int) and size >= 0 else None
            found.append(Measured(uid, known, moment if isinstance(moment, datetime) and moment.tzinfo else None))
        return found

    def read_mail(self, mail: Measured) -> bytes | None:
        """The whole mail; None where the server sends none. Raises Oversized before too large a one is read."""
        size = limits.MAIL_BYTES if mail.size is None else mail.size
        with self.asking(limits.MAIL_BYTES + ANSWER_BYTES, SECONDS_TO_ANSWER + size / SLOWEST):
            sent = self.fetch([mail.uid], ["BODY.PEEK[]"]).get(mail.uid, {}).get(b"BODY[]")
        return sent if isinstance(sent, bytes) else None

    def read_head(self, mail: Measured) -> bytes:
        """The header of a mail, as much of it as is worth reading; empty where the server sends none."""
        with suppress(Refused), self.asking():
            sent = self.fetch([mail.uid], [f"BODY.PEEK[HEADER]<0.{HEAD_BYTES}>"]).get(mail.uid, {})
            head = sent.get(b"BODY[HEADER]<0>")
            return head[:HEAD_BYTES] if isinstance(head, bytes) else b""
        return b""

    def leave(self) -> None:
        """Say goodbye where the server still listens, and close in any case."""
        with suppress(Exception), self.asking(seconds=SECONDS_FOR_GOODBYE):
            self.logout()
        with suppress(Exception):
            self.shutdown()

    @contextmanager
    def asking(self, size: int | None = None, seconds: float | None = None) -> Iterator[None]:
        self._imap.allow(size or ANSWER_BYTES, seconds or SECONDS_TO_ANSWER)
        try:
            with self._translating_errors():
                yield
        finally:
            self._imap.rest()

    def _encrypt(self) -> None:
        with self.asking():
            offered = self.has_capability("STARTTLS")
        if not offered:
            raise InTheClear
        with self.asking():
            self.starttls(self._context)

    def _examine(self) -> int:
        with self.asking():
            answer = self.select_folder(self._address.folder, readonly=True)
        uidvalidity = answer.get(b"UIDVALIDITY")
        if not isinstance(uidvalidity, int) or not 1 <= uidvalidity <= GREATEST_NUMBER:
            raise Refused("no UIDVALIDITY")
        return uidvalidity

    def _create_IMAP4(self) -> Any:  # noqa: N802 - IMAPClient's own name for the place where the wire is made
        if self.ssl:
            return _TlsWire(self.host, self.port, self.ssl_context, self._timeout.connect)
        return _PlainWire(self.host, self.port, self._timeout.connect)

    def _check_resp(self, expected: str, command: str, typ: str, data: Sequence[Any]) -> None:
        """The server's words as they came: IMAPClient's own check drops what is not ASCII."""
        if typ != expected:
            raise IMAPClientError(data[0])

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - what a hostile answer makes its readers raise is anyone's guess
            meant = error.__context__ if isinstance(error, LoginError) else error
            if self._imap is not None and self._imap.oversized:
                raise Oversized(_words(meant)) from None
            if isinstance(meant, IMAPClientError) and not isinstance(meant, IMAPClientAbortError):
                raise Refused(_words(meant)) from None
            late = self._imap is not None and self._imap.late
            raise Dropped("timed out" if late else _words(meant)) from None


def _words(failure: BaseException | None) -> str:
    """What the server or the system said, as imaplib hands it on."""
    words = failure.args[-1] if failure is not None and failure.args else type(failure).__name__
    return clean_line(guess_text(words) if isinstance(words, bytes) else str(words))[:LONGEST_WORDS]
