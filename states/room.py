"""What the file of a state declares: its labels and its exits."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from states.facts import Facts
from states.reasons import Reason

Guard = Callable[[Facts], Reason | None]

THE_STATE_IT_LEFT = "the-state-it-left"
"""Target of ``reinstate``: whichever state the case was in before it left the main line."""


class Label(NamedTuple):
    zh: str
    en: str


class Place(Enum):
    """What a state does with the case's place in its unit's quota (六.2, 附件1)."""

    HELD = "held"
    FREED = "freed"
    KEPT = "kept"


class Exit(NamedTuple):
    """One way out of a room.

    window: name of the edition's window in which the trigger may be pulled.
    letter: kind of the letter its unit receives.
    guards: asked always. guards_of_place: asked where the target holds a place and this room does not.
    """

    trigger: str
    target: str
    window: str
    letter: str
    guards: tuple[Guard, ...] = ()
    guards_of_place: tuple[Guard, ...] = ()


class Room(NamedTuple):
    """One state of the campaign and the ways out of it."""

    name: str
    label: Label
    exits: tuple[Exit, ...]
    start: bool = False
    end: bool = False
    place: Place = Place.FREED
