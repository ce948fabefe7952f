"""How a letter leaves: into a Maildir, or to a mail server by aiosmtplib, over a few connections that are reused."""

import asyncio
import re
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import aiosmtplib

from notifications.handover import Handover, Transport
from notifications.maildir import MaildirTransport
from notifications.pace import Pace
from notifications.providers import Limits, limits_of
from notifications.replies import Judgement, Then, judge
from notifications.words import plain

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECONDS_PER_LETTER = 120.0
SECONDS_PER_REPLY = 60.0
SECONDS_FOR_GOODBYE = 2.0
MOST = 1_000_000
PASSED = "the deadline for one letter passed"
_FIT = re.compile(r"[!-+\--;=?-~]+")
"""What an address on the wire may be made of: visible ASCII without comma and angle brackets."""
_BROKEN = (aiosmtplib.SMTPException, OSError, ssl.SSLError)
_TAKEN = (aiosmtplib.SMTPStatus.completed, aiosmtplib.SMTPStatus.will_forward)
_OPTIONS = ("connections", "per-connection", "per-minute")


class TransportUnusable(ValueError):
    """Not an address that letters can leave by."""


def open_transport(address: str, password: str | None = None, deadline: float = SECONDS_PER_LETTER) -> Transport:
    """``maildir:FOLDER``, ``smtp://[USER@]HOST[:PORT]`` or ``smtps://…``; deadline: seconds for one letter in all.

    ``?connections=N&per-connection=N&per-minute=N`` (letters) change what the provider's server is known to take.
    TLS is required unless the host is loopback. Raises TransportUnusable for anything else.
    """
    if address.startswith("maildir:") and address != "maildir:":
        return MaildirTransport(Path(address.removeprefix("maildir:").removeprefix("//")))
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise TransportUnusable(address) from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.password is not None:
        raise TransportUnusable(address)
    user = unquote(parts.username) if parts.username else None
    limits = _limits(address, host, asked)
    return SmtpTransport(host, port, parts.scheme == "smtps", user, password, limits, deadline)


def _limits(address: str, host: str, asked: Mapping[str, str]) -> Limits:
    if not asked.keys() <= set(_OPTIONS):
        raise TransportUnusable(address)
    chosen = []
    for option, usual in zip(_OPTIONS, limits_of(host), strict=True):
        figure = asked.get(option)
        if figure is not None and not (figure.isascii() and figure.isdecimal() and 1 <= int(figure[:9]) <= MOST):
            raise TransportUnusable(address)
        chosen.append(usual if figure is None else int(figure))
    connections, per_connection, per_minute = chosen
    return Limits(connections or 1, per_connection or 1, per_minute)


class _Envelope(NamedTuple):
    sender: str
    recipients: Sequence[str]
    message: bytes


class _Connection:
    """One connection to the server, and how far it is with the letter it carries."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client = client
        self.carried = 0
        self.step = "connection"
        self.handed_over = False
        self.sound = True

    async def carry(self, envelope: _Envelope) -> Handover:
        """Lead the dialogue for one letter; ``sound`` tells whether the next one may use this connection."""
        self.step, self.handed_over, self.sound = "sender", False, False
        try:
            answer = await self._converse(envelope)
        except aiosmtplib.SMTPResponseException as refusal:
            if self.step == "sender" and self.carried and judge(refusal.code, refusal.message).then == "reconnect":
                raise aiosmtplib.SMTPServerDisconnected(refusal.message) from refusal
            answer = await self._refused(refusal.code, refusal.message)
        except (aiosmtplib.SMTPNotSupported, ValueError) as unfit:
            self.sound = False
            return Handover("failed", _words(unfit), self.step)
        self.carried += 1
        return answer

    async def _converse(self, envelope: _Envelope) -> Handover:
        client, (sender, recipients, message) = self.client, envelope
        size = (b"SIZE=%d" % len(message),) if client.supports_extension("size") else ()
        heard = await client.execute_command(b"MAIL", b"FROM:<%b>" % sender.encode("ascii"), *size)
        if heard.code != aiosmtplib.SMTPStatus.completed:
            raise aiosmtplib.SMTPSenderRefused(heard.code, heard.message, sender)
        self.step = "recipient"
        refusals = {}
        for recipient in recipients:
            heard = await client.execute_command(b"RCPT", b"TO:<%b>" % recipient.encode("ascii"))
            if heard.code not in _TAKEN:
                refusals[recipient] = aiosmtplib.SMTPRecipientRefused(heard.code, heard.message, recipient)
        if len(refusals) == len(recipients):
            return await self._all_refused(list(refusals.values()))
        self.step = "text"
        begun = await client.execute_command(b"DATA")
        if begun.code != aiosmtplib.SMTPStatus.start_input:
            return await self._refused(begun.code, begun.message)
        reply = await self._hand_over(message)
        if reply.code != aiosmtplib.SMTPStatus.completed:
            return await self._refused(reply.code, reply.message)
        self.sound = True
        refused = {address: _words(refusal) for address, refusal in refusals.items()}
        return Handover("sent", plain("; ".join([reply.message, *refused.values()])), refused=refused)

    async def _hand_over(self, message: bytes) -> aiosmtplib.SMTPResponse:
        """Send the text and its final dot. From here on only the server knows whether the letter is on its way."""
        protocol = self.client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self.handed_over = True
        dotted = b"\r\n" + message if message.endswith(b"\r\n") else b"\r\n" + message + b"\r\n"
        protocol.write(dotted.replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        return await protocol.read_response(timeout=self.client.timeout)

    async def _all_refused(self, refusals: Sequence[aiosmtplib.SMTPRecipientRefused]) -> Handover:
        words = plain("; ".join(map(_words, refusals)))
        judged = [judge(refusal.code, refusal.message) for refusal in refusals]
        lasting = all(judgement.lasting for judgement in judged)
        then: Then = next((judgement.then for judgement in judged if judgement.then != "go on"), "go on")
        return await self._judged(Judgement(lasting, then), words)

    async def _refused(self, code: int, words: str) -> Handover:
        if self.handed_over and not 400 <= code <= 599:
            return Handover("unknown", plain(f"{code} {words}"), self.step)
        return await self._judged(judge(code, words), plain(f"{code} {words}"))

    async def _judged(self, judgement: Judgement, words: str) -> Handover:
        self.handed_over = False
        if judgement.then != "reconnect" and self.client.is_connected:
            with suppress(*_BROKEN):
                await self.client.rset()
                self.sound = True
        rest = judgement.then == "rest" or (self.step == "sender" and judgement.lasting)
        return Handover("failed" if judgement.lasting else "deferred", words, self.step, rest)

    async def hang_up(self) -> None:
        """Say goodbye where the server still listens, and close in any case."""
        try:
            if self.sound and self.client.is_connected:
                with suppress(*_BROKEN, TimeoutError):
                    await asyncio.wait_for(self.client.quit(), SECONDS_FOR_GOODBYE)
        finally:
            self.client.close()


class SmtpTransport(Transport):
    """A few connections to a mail server, reused from letter to letter and never after a time-out."""

    def __init__(
        self,
        host: str,
        port: int | None,
        implicit_tls: bool,
        user: str | None,
        password: str | None,
        limits: Limits,
        deadline: float,
    ) -> None:
        self._host, self._user, self._password = host, user, password
        self._implicit_tls = implicit_tls
        loopback = host in LOOPBACK
        self.leaves_the_machine = not loopback
        self._port = port or (465 if implicit_tls else 25 if loopback else 587)
        self._start_tls = not implicit_tls and not loopback
        self._limits, self._deadline = limits, deadline
        self._pace = Pace(limits.per_minute)
        self._idle: list[_Connection] = []
        self._open = 0
        self.width = limits.connections

    async def __aenter__(self) -> "SmtpTransport":
        return self

    async def __aexit__(self, *error: object) -> None:
        idle, self._idle = self._idle, []
        await asyncio.gather(*(self._close(connection) for connection in idle))

    def room(self) -> int | None:
        return self._pace.room()

    async def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Handover:
        """Send one letter within the deadline. Whatever cuts it short, its connection carries no other."""
        if unfit := [address for address in (sender, *recipients) if not _FIT.fullmatch(address)]:
            return Handover("failed", plain("; ".join(unfit)), "recipient")
        self._pace.take()
        envelope, connections = _Envelope(sender, recipients, message), list[_Connection]()
        try:
            async with asyncio.timeout(self._deadline):
                return await self._send(envelope, connections)
        except TimeoutError:
            if not connections:
                return Handover("deferred", PASSED, "connection", rest=True)
            return Handover("unknown" if connections[-1].handed_over else "deferred", PASSED, connections[-1].step)
        finally:
            for connection in connections:
                await self._put_back(connection)

    async def _send(self, envelope: _Envelope, connections: list[_Connection]) -> Handover:
        """Carry the letter; where a connection turns out to have been closed meanwhile, over a new one."""
        while True:
            try:
                connections.append(self._idle.pop() if self._idle else await self._connect())
            except _BROKEN as failure:
                return self._unreachable(failure)
            connection = connections[-1]
            try:
                return await connection.carry(envelope)
            except _BROKEN as failure:
                if connection.step != "sender" or not connection.carried:
                    return Handover(
                        "unknown" if connection.handed_over else "deferred", _words(failure), connection.step
                    )

    def _unreachable(self, failure: BaseException) -> Handover:
        """A connection too many is one too many; where there is no other, the server is away."""
        if self._open:
            self.width = max(min(self.width - 1, self._open), 1)
            return Handover("released")
        return Handover("deferred", _words(failure), "connection", rest=True)

    async def _connect(self) -> _Connection:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._implicit_tls,
            start_tls=self._start_tls,
            timeout=min(SECONDS_PER_REPLY, self._deadline),
        )
        self._open += 1
        try:
            await client.connect()
            if self._user is not None and self._password is not None:
                await client.login(self._user, self._password)
            if client.is_ehlo_or_helo_needed:
                await _greet(client)
        except BaseException:
            self._open -= 1
            client.close()
            raise
        return _Connection(client)

    async def _put_back(self, connection: _Connection) -> None:
        usable = connection.sound and connection.client.is_connected and self._open <= self.width
        if usable and connection.carried < self._limits.per_connection:
            self._idle.append(connection)
        else:
            await self._close(connection)

    async def _close(self, connection: _Connection) -> None:
        self._open -= 1
        await connection.hang_up()


async def _greet(client: aiosmtplib.SMTP) -> None:
    """EHLO, or HELO to a server that knows no better (RFC 5321, 3.2)."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if client.is_connected:
            await client.helo()


def _words(failure: BaseException) -> str:
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        return plain(f"{failure.code} {failure.message}")
    return plain(str(failure) or type(failure).__name__)
