"""How a letter leaves: into a Maildir, or to a mail server by aiosmtplib."""

import mailbox
import ssl
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECONDS_PER_LETTER = 60.0
LONGEST_ANSWER = 500


class TransportUnusable(ValueError):
    """Not an address that letters can leave by."""


class Answer(NamedTuple):
    """state: ``sent``, ``failed`` or ``unknown`` (it may have arrived). words: what the other side said."""

    state: str
    words: str


class Transport(Protocol):
    async def __aenter__(self) -> "Transport": ...
    async def __aexit__(self, *error: object) -> None: ...
    async def send(self, sender: str, recipient: str, message: bytes) -> Answer: ...


def open_transport(address: str, password: str | None = None) -> Transport:
    """``maildir:FOLDER``, ``smtp://[USER@]HOST[:PORT]`` or ``smtps://…``.

    TLS is required unless the host is loopback. Raises TransportUnusable for anything else.
    """
    if address.startswith("maildir:") and address != "maildir:":
        return MaildirTransport(Path(address.removeprefix("maildir:").removeprefix("//")))
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TransportUnusable(address) from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.password is not None:
        raise TransportUnusable(address)
    user = unquote(parts.username) if parts.username else None
    return SmtpTransport(host, port, parts.scheme == "smtps", user, password)


class MaildirTransport:
    """Delivers into a Maildir, where any mail program can read the letters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._maildir: mailbox.Maildir | None = None

    async def __aenter__(self) -> "MaildirTransport":
        return self

    async def __aexit__(self, *error: object) -> None:
        self._maildir = None

    async def send(self, sender: str, recipient: str, message: bytes) -> Answer:
        try:
            key = self._opened().add(message)
        except OSError as failure:
            return Answer("failed", failure.strerror or type(failure).__name__)
        return Answer("sent", f"maildir {key}")

    def _opened(self) -> mailbox.Maildir:
        if self._maildir is None:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._maildir = mailbox.Maildir(self._folder)
        return self._maildir


class SmtpTransport:
    """One connection to a mail server, reused from letter to letter and never after a time-out."""

    def __init__(self, host: str, port: int | None, implicit_tls: bool, user: str | None, password: str | None) -> None:
        self._host, self._user, self._password = host, user, password
        self._implicit_tls = implicit_tls
        loopback = host in LOOPBACK
        self._port = port or (465 if implicit_tls else 25 if loopback else 587)
        self._start_tls = None if implicit_tls or loopback else True
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> "SmtpTransport":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._close()

    async def send(self, sender: str, recipient: str, message: bytes) -> Answer:
        try:
            client = await self._connected()
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as failure:
            await self._close()
            return Answer("failed", _words(failure))
        try:
            refused, said = await client.sendmail(sender, [recipient], message)
        except aiosmtplib.SMTPResponseException as failure:
            return Answer("failed", _words(failure))
        except aiosmtplib.SMTPRecipientsRefused as failure:
            return Answer("failed", _words(failure))
        except (aiosmtplib.SMTPException, OSError) as failure:
            await self._close()
            return Answer("unknown", _words(failure))
        if refused:
            return Answer("failed", _plain("; ".join(f"{code} {words}" for code, words in refused.values())))
        return Answer("sent", _plain(said))

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            self._client = aiosmtplib.SMTP(
                hostname=self._host,
                port=self._port,
                use_tls=self._implicit_tls,
                start_tls=self._start_tls,
                timeout=SECONDS_PER_LETTER,
            )
            await self._client.connect()
            if self._user is not None and self._password is not None:
                await self._client.login(self._user, self._password)
        return self._client

    async def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _words(failure: BaseException) -> str:
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        return _plain("; ".join(f"{refusal.code} {refusal.message}" for refusal in failure.recipients))
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        return _plain(f"{failure.code} {failure.message}")
    return _plain(str(failure) or type(failure).__name__)


def _plain(said: str) -> str:
    """A server's words as every database and every JSON keeps them: bytes that are no UTF-8 are read as GB 18030."""
    raw = said.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:LONGEST_ANSWER]
