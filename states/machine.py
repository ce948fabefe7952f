"""ROOMS -> one transitions.Machine; decide(facts, trigger) -> Verdict."""

import logging
from collections.abc import Iterator
from typing import NamedTuple, cast

from transitions import EventData, Machine

from states import ROOMS
from states.facts import Facts
from states.reasons import Reason, Verdict
from states.room import THE_STATE_IT_LEFT, Exit, Guard, Place, Room

logging.getLogger("transitions").setLevel(logging.WARNING)

ROOM_OF = {room.name: room for room in ROOMS}
TRIGGERS = tuple(dict.fromkeys(exit_.trigger for room in ROOMS for exit_ in room.exits))


class GraphError(Exception):
    """The rooms do not make a campaign: the message names the room and what is wrong with it."""


class Passage(NamedTuple):
    """One arrow of the graph: an exit with its target settled."""

    source: str
    exit: Exit
    target: str

    @property
    def guards(self) -> tuple[Guard, ...]:
        takes_place = ROOM_OF[self.target].place is Place.HELD and ROOM_OF[self.source].place is not Place.HELD
        return self.exit.guards + self.exit.guards_of_place if takes_place else self.exit.guards

    @property
    def returns(self) -> bool:
        return self.exit.target == THE_STATE_IT_LEFT


def passages(rooms: tuple[Room, ...] = ROOMS) -> Iterator[Passage]:
    """Every arrow; ``reinstate`` becomes one arrow to each state from which its room is entered."""
    for room in rooms:
        for exit_ in room.exits:
            if exit_.target != THE_STATE_IT_LEFT:
                yield Passage(room.name, exit_, exit_.target)
                continue
            for origin in rooms:
                if any(other.target == room.name for other in origin.exits):
                    yield Passage(room.name, exit_, origin.name)


def check_graph(rooms: tuple[Room, ...] = ROOMS) -> None:
    """Raise GraphError unless there is one start, everything is reachable, nothing a trap, and all roads end."""
    _check_names(rooms)
    names = [room.name for room in rooms]
    starts = [room.name for room in rooms if room.start]
    if len(starts) != 1:
        raise GraphError(f"a campaign has one start, not {starts}")
    forward: dict[str, set[str]] = {name: set() for name in names}
    for passage in passages(rooms):
        if passage.target not in forward:
            raise GraphError(f"{passage.source}: {passage.exit.trigger} leads to {passage.target}, which is no room")
        forward[passage.source].add(passage.target)
    if unreachable := set(names) - _reach(starts[0], forward):
        raise GraphError(f"nothing leads to {sorted(unreachable)}")
    if traps := [room.name for room in rooms if not room.end and not room.exits]:
        raise GraphError(f"{traps} are traps: no exit, and no end")
    ends = {room.name for room in rooms if room.end}
    for room in rooms:
        if not room.end and not _reach(room.name, forward) & ends:
            raise GraphError(f"no end can be reached from {room.name}")


def _check_names(rooms: tuple[Room, ...]) -> None:
    names = [room.name for room in rooms]
    if len(set(names)) != len(names):
        raise GraphError(f"two rooms share a name: {sorted(names)}")
    for room in rooms:
        triggers = [exit_.trigger for exit_ in room.exits]
        if len(set(triggers)) != len(triggers):
            raise GraphError(f"{room.name}: two exits share a trigger: {sorted(triggers)}")


def _reach(start: str, forward: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    queue = [start]
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            queue.extend(forward[name])
    return seen


class _Attempt:
    """The throw-away model the machine moves: one case, one try."""

    __slots__ = ("facts", "letter", "reasons", "state")

    def __init__(self, facts: Facts) -> None:
        self.state = facts.state
        self.facts = facts
        self.letter: str | None = None
        self.reasons: list[Reason] = []


class _Hearing:
    """The one condition of a passage: hears its window and all its guards, and keeps what they say."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.window = passage.exit.window
        self.guards = passage.guards
        self.letter = passage.exit.letter
        self.returns_to = passage.target if passage.returns else None

    def __call__(self, event: EventData) -> bool:
        attempt = cast(_Attempt, event.model)
        if self.returns_to is not None and attempt.facts.left_state != self.returns_to:
            return False
        attempt.reasons = self.hear(attempt.facts)
        attempt.letter = self.letter
        return all(not reason.blocking for reason in attempt.reasons)

    def hear(self, facts: Facts) -> list[Reason]:
        reasons = []
        window = facts.rules.windows[self.window]
        if not window.contains(facts.now):
            values = {"opens": window.opens.isoformat(), "closes": window.closes.isoformat()}
            reasons.append(Reason("outside-window", window.clause, values))
        reasons.extend(reason for guard in self.guards if (reason := guard(facts)) is not None)
        return reasons


def _build() -> Machine:
    machine = Machine(
        model=None,
        states=list(ROOM_OF),
        initial=START,
        auto_transitions=False,
        send_event=True,
    )
    for hearing in HEARINGS:
        passage = hearing.passage
        machine.add_transition(passage.exit.trigger, passage.source, passage.target, conditions=hearing)
    return machine


check_graph()
HEARINGS = tuple(map(_Hearing, passages()))
START = next(room.name for room in ROOMS if room.start)
MACHINE = _build()
_WAY_ON = {hearing.passage.exit.trigger: hearing for hearing in HEARINGS if hearing.passage.source == START}


def decide(facts: Facts, trigger: str) -> Verdict:
    """Ask the law whether ``trigger`` may move this case now; the verdict carries every reason, not just the first.

    Raises KeyError for a trigger that the law does not know.
    """
    event = MACHINE.events[trigger]
    if facts.state not in event.transitions:
        return _wrong_state(facts, trigger)
    attempt = _Attempt(facts)
    moved = event.trigger(attempt)
    if attempt.letter is None:
        return _wrong_state(facts, trigger)
    return Verdict(
        trigger,
        facts.state,
        attempt.state if moved else None,
        attempt.letter if moved else None,
        tuple(attempt.reasons),
    )


def _wrong_state(facts: Facts, trigger: str) -> Verdict:
    """No arrow of this trigger leaves the state, or none leads back to the state the case says it left."""
    values: dict[str, str | list[str]] = {
        "state": facts.state,
        "trigger": trigger,
        "states": [room.name for room in ROOMS if room.name in MACHINE.events[trigger].transitions],
    }
    return Verdict(trigger, facts.state, None, None, (Reason("wrong-state", "四", values),))


def hear_draft(facts: Facts, trigger: str) -> tuple[Reason, ...]:
    """Every reason the law gives on ``trigger`` for a draft, without trying to move it."""
    return tuple(_WAY_ON[trigger].hear(facts))
