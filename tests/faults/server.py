"""A mail server on loopback that can be told how to misbehave."""

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

BREAKS = ("reset", "close", "hang")


class Behaviour:
    """What the server answers; recipients and answers in full as RFC 5321 writes them."""

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.on_data = "250 OK"
        self.encoding = "ascii"
        self.hang_up_on: str | None = None
        self.received: list[tuple[str, bytes]] = []
        self.faults: dict[str, str] = {}
        self.steps: list[str] = []
        self.connections = 0
        self.slow = 0.0
        self.address = ""

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
    """Answers in the encoding that the behaviour asks for, and plays the fault it has for a step of the dialogue.

    A fault is ``reset``, ``close``, ``hang``, or a reply to give instead; it is played once.
    """

    step = "greeting"

    async def push(self, status: Any) -> None:
        behaviour = self.event_handler
        text = status if isinstance(status, str) else status.decode("ascii")
        if self.step == "greeting":
            behaviour.connections += 1
        fault = behaviour.faults.pop(self.step, None)
        behaviour.steps.append(self.step)
        if self.step == "data" and text.startswith("354"):
            self.step = "dot"
        assert self._writer is not None
        assert self.transport is not None
        if fault == "reset":
            linger = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.transport.abort()  # type: ignore[attr-defined]
        elif fault == "close":
            self.transport.close()
        elif fault == "hang":
            while not self.transport.is_closing():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        elif behaviour.slow:
            await asyncio.sleep(behaviour.slow)
        if fault in BREAKS:
            raise ConnectionResetError
        self._writer.write(f"{fault or text}\r\n".encode(behaviour.encoding))
        await self._writer.drain()

    async def _refuses(self, step: str) -> bool:
        """Come to a step; where a reply of its own is asked for, give it and do nothing else."""
        self.step = step
        if self.event_handler.faults.get(step, "hang") in BREAKS:
            return False
        await self.push("")
        return True

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._refuses("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if not await self._refuses("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self._refuses("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not await self._refuses("data"):
            await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg: str) -> None:  # noqa: N802
        if not await self._refuses("rset"):
            await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        if not await self._refuses("quit"):
            await super().smtp_QUIT(arg)


class Desk(Controller):
    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self.speakers: list[Speaker] = []

    def factory(self) -> SMTP:
        self.speakers.append(Speaker(self.handler, **self.SMTP_kwargs))
        return self.speakers[-1]

    def hang_up(self) -> None:
        """End every conversation while the loop still runs, so that no socket outlives it."""

        async def abort() -> None:
            for speaker in self.speakers:
                if speaker.transport is not None:
                    speaker.transport.abort()  # type: ignore[attr-defined]
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(abort(), self.loop).result(20)


@contextmanager
def mail_server(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[tuple[Behaviour, str]]:
    """A running server, and the ANLI_MAIL that leads to it; tls: what it offers STARTTLS with."""
    behaviour = Behaviour()
    with socket.socket() as free:
        free.bind((host, 0))
        port = free.getsockname()[1]
    controller = Desk(behaviour, hostname=host, port=port, ready_timeout=20, tls_context=tls)
    controller.start()
    behaviour.connections = 0
    try:
        yield behaviour, f"smtp://{host}:{port}"
    finally:
        controller.hang_up()
        controller.stop()
