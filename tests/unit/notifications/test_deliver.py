"""One run through an outbox: what is claimed, begun, handed back, and when it ends."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

import pytest

from notifications.deliver import LARGEST_CLAIM, Delivery
from notifications.handover import Handover, Transport
from notifications.outbox import Claimed, Fate


def letter(number: int) -> Claimed:
    return Claimed(number, 1, "", "", f"{number}@unit.example", b"", f"<{number}>", 1, 1, "9")


class Way(Transport):
    """A way out that answers as it is told."""

    def __init__(self, width: int, answer: Callable[[int], Handover], left: int | None = None) -> None:
        self.width, self._answer, self._left = width, answer, left
        self.under_way = self.most = 0
        self.begun: list[int] = []

    async def __aenter__(self) -> "Way":
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self.under_way == 0

    def room(self) -> int | None:
        return self._left

    async def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Handover:
        number = int(recipients[0].partition("@")[0])
        self.begun.append(number)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        return self._answer(number)


class Outbox:
    """Letters 1 to ``last``; refuses to be written at the given exchanges."""

    def __init__(self, last: int, broken: Sequence[int] = ()) -> None:
        self.waiting = list(range(last, 0, -1))
        self.fates: list[tuple[int, str]] = []
        self.claims: list[int] = []
        self._broken, self._exchanges = broken, count()

    def exchange(self, fates: Sequence[Fate], room: int) -> list[Claimed]:
        if next(self._exchanges) in self._broken:
            raise OSError("no database")
        for fate in fates:
            self.fates.append((fate.letter.id, fate.state))
            if fate.state == "released":
                self.waiting.append(fate.letter.id)
        self.claims.append(room)
        return [letter(self.waiting.pop()) for _ in range(min(room, len(self.waiting)))]


def run(
    way: Way,
    outbox: Outbox,
    stopped: Callable[[], bool] = lambda: False,
    may_start: Callable[[Claimed], bool] = lambda _letter: True,
) -> None:
    asyncio.run(Delivery(way, lambda _letter: "anli@anli.example", outbox.exchange, may_start, stopped).run())


def test_every_letter_is_sent_and_the_connections_are_all_used() -> None:
    way, outbox = Way(4, lambda _number: Handover("sent")), Outbox(500)
    run(way, outbox)
    assert sorted(outbox.fates) == [(number, "sent") for number in range(1, 501)]
    assert (way.most, len(way.begun)) == (4, 500)
    assert max(outbox.claims) <= LARGEST_CLAIM


def test_an_empty_outbox_ends_at_once() -> None:
    outbox = Outbox(0)
    run(Way(4, lambda _number: Handover("sent")), outbox)
    assert (outbox.fates, len(outbox.claims)) == ([], 1)


def test_a_rest_releases_what_was_claimed_and_claims_no_more() -> None:
    way, outbox = (
        Way(1, lambda number: Handover("deferred", rest=True) if number == 3 else Handover("sent")),
        Outbox(50),
    )
    run(way, outbox)
    assert way.begun == [1, 2, 3]
    states = dict(outbox.fates)
    assert (states.pop(1), states.pop(2), states.pop(3)) == ("sent", "sent", "deferred")
    assert set(states.values()) <= {"released"}
    assert len(outbox.waiting) == 47


def test_whoever_is_stopped_finishes_what_is_under_way() -> None:
    way, outbox = Way(2, lambda _number: Handover("sent")), Outbox(50)
    run(way, outbox, lambda: len(way.begun) >= 6)
    sent = [number for number, state in outbox.fates if state == "sent"]
    assert sorted(sent) == sorted(way.begun)
    assert 6 <= len(sent) <= 8
    assert sorted(sent + outbox.waiting) == list(range(1, 51))


def test_a_letter_that_may_not_be_begun_any_more_is_released() -> None:
    way, outbox = Way(2, lambda _number: Handover("sent")), Outbox(5)
    refused = iter([True, False, False])
    run(way, outbox, may_start=lambda _letter: next(refused, True))
    assert [state for _, state in outbox.fates].count("released") == 2
    assert sorted(way.begun) == [1, 2, 3, 4, 5]


def test_the_room_there_is_limits_what_is_claimed() -> None:
    way, outbox = Way(4, lambda _number: Handover("sent"), left=3), Outbox(7)
    run(way, outbox)
    assert max(outbox.claims) <= 3
    assert len(way.begun) == 7


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_fates_outlive_an_outbox_that_could_not_be_written(broken: int) -> None:
    way, outbox = Way(2, lambda _number: Handover("sent")), Outbox(60, [broken])
    with pytest.raises(OSError, match="no database"):
        run(way, outbox)
    sent = [number for number, state in outbox.fates if state == "sent"]
    assert sorted(sent) == sorted(way.begun)
    assert sorted(sent + outbox.waiting) == list(range(1, 61))
