"""Drain the outbox: send what was claimed, with no transaction open, and hand each result to the caller."""

from collections.abc import AsyncIterator, Sequence

from notifications.outbox import Claimed, Fate
from notifications.transport import Transport


async def deliver(transport: Transport, sender: str, letters: Sequence[Claimed]) -> AsyncIterator[Fate]:
    """Send each letter once and yield its fate as soon as it is known."""
    async with transport:
        for letter in letters:
            answer = await transport.send(sender, letter.address, letter.message)
            yield Fate(letter, answer.state, answer.words)
