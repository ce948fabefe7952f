"""A mail server on loopback that can be told how to misbehave."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Behaviour:
    """What the server answers; recipients and answers in full as RFC 5321 writes them."""

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.on_data = "250 OK"
        self.encoding = "ascii"
        self.hang_up_on: str | None = None
        self.received: list[tuple[str, bytes]] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        if address == self.hang_up_on:
            assert server.transport is not None
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append((envelope.rcpt_tos[0], content))
        if self.hang_up_on == "data":
            assert server.transport is not None
            server.transport.close()
        return self.on_data

    def message_ids(self) -> list[str]:
        found = (re.search(rb"(?im)^Message-ID: (\S+)", content) for _, content in self.received)
        return [match[1].decode() for match in found if match]


class Speaker(SMTP):
    """Answers in the encoding that the behaviour asks for."""

    async def push(self, status: Any) -> None:
        text = status if isinstance(status, str) else status.decode("ascii")
        assert self._writer is not None
        self._writer.write(f"{text}\r\n".encode(self.event_handler.encoding))
        await self._writer.drain()


class Desk(Controller):
    def factory(self) -> SMTP:
        return Speaker(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server() -> Iterator[tuple[Behaviour, str]]:
    """A running server, and the ANLI_MAIL that leads to it."""
    behaviour = Behaviour()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Desk(behaviour, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    try:
        yield behaviour, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
