"""What the file of a state declares: its labels, what is true of a case that stands there, and its exits.

Nobody outside ``states`` keeps a list of states or triggers: whatever is asked of one is asked of its Room or Exit.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from states.facts import Facts
from states.reasons import Reason

Guard = Callable[[Facts], Reason | tuple[Reason, ...] | None]
"""A rule's word on a case; one that speaks for others, found before, says them all."""

THE_STATE_IT_LEFT = "the-state-it-left"
"""Target of an exit that leads back to whichever state the case was in before it left the main line."""


def ask(guards: Iterable[Guard], facts: Facts) -> Iterator[Reason]:
    """Every reason that the guards give, in their order."""
    for guard in guards:
        answer = guard(facts)
        if isinstance(answer, Reason):
            yield answer
        elif answer is not None:
            yield from answer


class Label(NamedTuple):
    """What people call a state, in Chinese and in English."""

    zh: str
    en: str


class Place(Enum):
    """What a state does with the case's place in its unit's quota (六.2, 附件1)."""

    HELD = "held"
    FREED = "freed"
    KEPT = "kept"


class Judgement(NamedTuple):
    """What people judge of a case and put on record by a sheet (四, phase two). name: of that sheet's commands."""

    name: str


REVIEW = Judgement("review")
SCORE = Judgement("scores")
SURVEY = Judgement("surveys")


class Exit(NamedTuple):
    """One way out of a room.

    target: the name of the room it leads to, or THE_STATE_IT_LEFT.
    window: name of the edition's window in which the trigger may be pulled.
    letter: kind of the letter its unit receives.
    guards: asked always.
    guards_of_seat: asked where the target counts among the selected and this room does not.
    guards_of_place: asked where the target holds a place in the quota and this room does not.
    why: the guard that asks for a reason or for evidence, or advises a reason; None where no reason is asked for.
    asks: the judgement that its guards want on record; every later room of the main line then has it too.
    notes_place: the case's place in the ranking is put on record when it moves.
    at_close: a close pulls it for cases whose way ahead is closed.
    tells_shortfall: its letter says what kept the case from its way ahead while that was open.
    """

    trigger: str
    target: str
    window: str
    letter: str
    guards: tuple[Guard, ...] = ()
    guards_of_seat: tuple[Guard, ...] = ()
    guards_of_place: tuple[Guard, ...] = ()
    why: Guard | None = None
    asks: Judgement | None = None
    notes_place: bool = False
    at_close: bool = False
    tells_shortfall: bool = False

    @property
    def returns(self) -> bool:
        """Whether it leads back to the state that the case left."""
        return self.target == THE_STATE_IT_LEFT


class Room(NamedTuple):
    """One state of the campaign and the ways out of it.

    start: cases begin here. end: a case may stay here for good.
    off_line: off the main line; a case keeps a trail of the states it left to come here.
    place: what becomes of the place in the quota on entering.
    ranked: stands in the ranking. selected: counts among the selected (四, phase two: “50个优秀典型案例”).
    takes: the judgements that may be recorded of a case that stands here.
    """

    name: str
    label: Label
    exits: tuple[Exit, ...]
    start: bool = False
    end: bool = False
    off_line: bool = False
    place: Place = Place.FREED
    ranked: bool = False
    selected: bool = False
    takes: tuple[Judgement, ...] = ()
