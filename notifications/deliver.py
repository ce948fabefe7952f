"""Drain the outbox: keep the connections busy, claim no more than they can carry, hand back each fate soon."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

from notifications.handover import Transport
from notifications.outbox import Claimed, Fate

LARGEST_CLAIM = 100
SOON = 0.5
"""Seconds after which a fate is written down, however few there are; a claim is to last about twice as long."""

Exchange = Callable[[Sequence[Fate], int], Sequence[Claimed]]
"""Writes fates down and claims so many letters, in one transaction; called in a thread of its own."""


class Delivery:
    """One run through the outbox, by one process.

    sender: gives a letter's envelope sender. may_start: whether a claimed letter may still be given to a connection.
    stopped: whether to finish what is under way and begin nothing more.
    """

    def __init__(
        self,
        transport: Transport,
        sender: Callable[[Claimed], str],
        exchange: Exchange,
        may_start: Callable[[Claimed], bool],
        stopped: Callable[[], bool],
    ) -> None:
        self._transport, self._sender, self._exchange = transport, sender, exchange
        self._may_start, self._stopped = may_start, stopped
        self._waiting: deque[Claimed] = deque()
        self._under_way: dict[asyncio.Task[Fate], Claimed] = {}
        self._fates: list[Fate] = []
        self._writing: asyncio.Task[Sequence[Claimed]] | None = None
        self._claim = transport.width
        self._largest_claim = LARGEST_CLAIM if transport.claims_ahead else transport.width
        self._exchanged_at = 0.0
        self._resting = self._drained = False

    @property
    def resting(self) -> bool:
        """Whether the server wanted to hear nothing more for a while."""
        return self._resting

    async def run(self) -> None:
        """Send until nothing is due, the server wants a rest, or it is stopped. Raises what ``exchange`` raises."""
        async with self._transport:
            try:
                while self._step():
                    awaited = {*self._under_way, *([self._writing] if self._writing else [])}
                    if awaited:
                        await asyncio.wait(awaited, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
                    else:
                        await asyncio.sleep(SOON)
                    self._collect()
            except BaseException:
                await self._write_what_is_known()
                raise

    def _step(self) -> bool:
        """Begin what can be begun; False where nothing is left to do."""
        ending = self._resting or self._stopped()
        if ending:
            self._release_waiting()
        while self._waiting and len(self._under_way) < self._transport.width and self._room() > 0:
            letter = self._waiting.popleft()
            if self._may_start(letter):
                self._under_way[asyncio.create_task(self._send(letter))] = letter
            else:
                self._fates.append(Fate(letter, "released", ""))
        if self._writing is None:
            claimed = len(self._waiting) + (0 if self._transport.claims_ahead else len(self._under_way))
            wanted = 0 if ending else max(min(self._claim, self._room()) - claimed, 0)
            if self._is_time_to_write() or (0 < wanted * 2 >= min(self._claim, self._room()) and not self._drained):
                self._begin_writing(wanted)
        return bool(self._writing or self._under_way or self._waiting or not (ending or self._drained))

    def _is_time_to_write(self) -> bool:
        late = monotonic() - self._exchanged_at > SOON
        return bool(self._fates) and (late or len(self._fates) * 2 >= self._claim or not self._under_way)

    def _begin_writing(self, wanted: int) -> None:
        took = monotonic() - self._exchanged_at
        if took < SOON:
            self._claim = min(self._claim * 2, self._largest_claim)
        elif took > 4 * SOON:
            self._claim = max(self._claim // 2, self._transport.width)
        fates, self._fates = self._fates, []
        self._writing = asyncio.create_task(self._write(fates, wanted))
        self._exchanged_at = monotonic()

    async def _write(self, fates: list[Fate], wanted: int) -> Sequence[Claimed]:
        try:
            letters = await asyncio.to_thread(self._exchange, fates, wanted)
        except BaseException:
            self._fates = fates + self._fates
            raise
        if wanted:
            self._drained = not letters
        return letters

    def _collect(self) -> None:
        for task in [task for task in self._under_way if task.done()]:
            del self._under_way[task]
            self._fates.append(task.result())
        if self._writing is not None and self._writing.done():
            writing, self._writing = self._writing, None
            self._waiting.extend(writing.result())

    async def _send(self, letter: Claimed) -> Fate:
        answer = await self._transport.send(self._sender(letter), (letter.address,), letter.message)
        self._resting = self._resting or answer.rest
        return Fate(letter, answer.state, answer.words, answer.step)

    def _room(self) -> int:
        room = self._transport.room()
        return LARGEST_CLAIM if room is None else room

    def _release_waiting(self) -> None:
        self._fates += [Fate(letter, "released", "") for letter in self._waiting]
        self._waiting.clear()

    async def _write_what_is_known(self) -> None:
        """Let what is under way come to its end, and write it down once more."""
        writing = self._writing
        if under_way := {*self._under_way, *([writing] if writing else [])}:
            await asyncio.wait(under_way)
        if writing is not None and writing.exception() is None:
            self._waiting.extend(writing.result())
        self._release_waiting()
        self._fates += [task.result() for task in self._under_way if task.exception() is None]
        if self._fates:
            await self._write(self._fates, 0)
