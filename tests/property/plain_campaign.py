"""The campaign once more, in plain words and dictionaries: what the notice says, with none of the program's code."""

from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUOTA, CAPACITY = 3, 4


def local(month: int, day: int, year: int = 2024) -> datetime:
    """Midnight in Hubei, in UTC."""
    return datetime(year, month, day, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


OPENING, LATE = local(5, 28), local(7, 1)
PHASE_TWO = (local(7, 1), local(10, 1))
WINDOWS = {
    **dict.fromkeys(("recommend", "return"), (OPENING, local(7, 16))),
    **dict.fromkeys(("precheck", "shortlist", "present", "survey", "select"), PHASE_TWO),
    "archive": (local(10, 1), local(12, 1)),
    "withdraw": (OPENING, local(10, 1)),
    **dict.fromkeys(("lapse", "decline"), (local(7, 1), local(12, 1))),
    **dict.fromkeys(("disqualify", "reinstate"), (OPENING, local(1, 1, year=2026))),
}
LINE = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected", "archived")
TRIGGERS = ("recommend", "precheck", "shortlist", "present", "survey", "select", "archive")
STEPS = dict(zip(TRIGGERS, LINE[1:], strict=True))
OFF = {"lapse": "lapsed", "decline": "declined", "withdraw": "withdrawn", "disqualify": "disqualified"}
SOURCES: dict[str, tuple[str, ...]] = {
    **{trigger: (LINE[LINE.index(target) - 1],) for trigger, target in STEPS.items()},
    "return": ("recommended",),
    "lapse": ("drafted",),
    "withdraw": LINE[:6],
    "decline": LINE[1:6],
    "disqualify": (*LINE, "lapsed", "declined", "withdrawn"),
    "reinstate": tuple(OFF.values()),
}
HOLDING = frozenset({*LINE[1:], "declined"})
FREE = frozenset({"drafted", "lapsed", "withdrawn"})
HEARD = frozenset(LINE[4:])
FIFTY = frozenset({"selected", "archived"})
IMPORT = -1


class Stand(NamedTuple):
    """What a move changes and an undo restores."""

    state: str = "drafted"
    trail: tuple[str, ...] = ()
    recommended: datetime | None = None
    place: int | None = None


@dataclass
class PlainCase:
    """sound: nothing in the form stands in the way. past: the batches that moved it, each with the one it undid."""

    unit: str
    route: str
    sound: bool
    received: datetime
    form_received: datetime
    stand: Stand = field(default_factory=Stand)
    review: tuple[bool, datetime] | None = None
    scores: dict[str, int] = field(default_factory=dict)
    survey: bool | None = None
    past: list[tuple[int, int | None]] = field(default_factory=list)
    returned: bool = False

    @property
    def holds(self) -> bool:
        return self.stand.recommended is not None


class PlainCampaign:
    def __init__(self) -> None:
        self.cases: dict[int, PlainCase] = {}
        self.moves: dict[int, dict[int, tuple[Stand, Stand]]] = {}
        """For each batch and case, where it stood before and after."""

    def used(self) -> Counter[str]:
        return Counter(case.unit for case in self.cases.values() if case.holds)

    def in_fifty(self) -> int:
        return sum(case.stand.state in FIFTY for case in self.cases.values())

    def advance(self, batch: int, trigger: str, asked: Iterable[int], now: datetime, why: str) -> set[int]:
        """Move what may move, by number; who moved."""
        places = self._places()
        moved = set()
        for ordinal in sorted(asked):
            case = self.cases[ordinal]
            if self._may(case, trigger, now, why, places.get(ordinal)):
                self._move(ordinal, batch, None, trigger, self._after(case, trigger, now, places.get(ordinal)))
                moved.add(ordinal)
        return moved

    def undo(self, batch: int, number: int) -> set[int]:
        moved = set()
        for ordinal, (before, _) in sorted(self.moves[number].items()):
            case = self.cases[ordinal]
            if self._stands_as_left(case, number) and self._may_return_to(case, before):
                self._move(ordinal, batch, number, "undo", before)
                moved.add(ordinal)
        return moved

    def receive(self, ordinal: int, unit: str, route: str, sound: bool, received: datetime) -> int | None:
        """A form by mail; the case it became or corrected, or None where it is set aside."""
        earlier = [number for number, case in self.cases.items() if (case.unit, case.route) == (unit, route)]
        if not earlier:
            self.cases[ordinal] = PlainCase(unit, route, sound, received, received)
            return ordinal
        number = max(earlier)
        case = self.cases[number]
        returned = case.returned
        late = received >= LATE > case.received
        if case.stand.state != "drafted" or (late and not returned):
            return None
        if received >= case.form_received or received < LATE <= case.received:
            case.sound, case.form_received = sound, received
            case.received = min(received, case.received) if returned else received
            case.past.append((IMPORT, None))
        return number

    def judge(self, ordinal: int, kind: str, value: int, now: datetime) -> bool:
        """Take one row of a sheet of reviews, scores or surveys; whether it was taken."""
        case = self.cases[ordinal]
        waiting = {"precheck": LINE[1:2], "present": LINE[3:6], "survey": LINE[4:6]}[kind]
        if case.stand.state not in waiting:
            return False
        if kind == "precheck":
            case.review = (value > 0, now)
        elif kind == "present":
            case.scores["评委"] = value
        else:
            case.survey = value > 0
        case.past.append((IMPORT, None))
        return True

    def _places(self) -> dict[int, int]:
        heard = {n: c for n, c in self.cases.items() if c.scores and c.stand.state in HEARD}
        mean = {n: Fraction(sum(c.scores.values()), len(c.scores)) for n, c in heard.items()}
        return {n: sum(other >= own for other in mean.values()) for n, own in mean.items()}

    def _may(self, case: PlainCase, trigger: str, now: datetime, why: str, place: int | None) -> bool:
        opens, closes = WINDOWS[trigger]
        if case.stand.state not in SOURCES[trigger] or not opens <= now < closes:
            return False
        good, since = case.review or (False, None)
        in_time = case.received < LATE
        asked = {
            "recommend": lambda: case.sound and in_time and self._may_take_a_place(case),
            "precheck": lambda: good and since is not None and since >= (case.stand.recommended or now),
            "present": lambda: bool(case.scores),
            "survey": lambda: case.survey is not None,
            "select": lambda: bool(case.survey) and bool(place) and self._is_among_the_fifty(place or 0),
            "lapse": lambda: now >= (WINDOWS["recommend"][1] if in_time else LATE),
            "return": lambda: bool(why),
            "disqualify": lambda: bool(why),
            "reinstate": lambda: bool(why) and self._may_be_reinstated(case),
        }
        return trigger not in asked or asked[trigger]()

    def _is_among_the_fifty(self, place: int) -> bool:
        return place <= CAPACITY and self.in_fifty() < CAPACITY

    def _may_be_reinstated(self, case: PlainCase) -> bool:
        left = case.stand.trail[-1]
        if left in FIFTY and self.in_fifty() >= CAPACITY:
            return False
        takes = left in HOLDING and case.stand.state not in HOLDING
        return not takes or self._may_take_a_place(case)

    def _may_return_to(self, case: PlainCase, before: Stand) -> bool:
        if before.state in FIFTY and case.stand.state not in FIFTY and self.in_fifty() >= CAPACITY:
            return False
        return before.recommended is None or case.holds or self._may_take_a_place(case)

    def _may_take_a_place(self, case: PlainCase) -> bool:
        rivals = [c for c in self.cases.values() if c.route == case.route and c.unit != case.unit and c.holds]
        return not rivals and (case.holds or self.used()[case.unit] < QUOTA)

    def _after(self, case: PlainCase, trigger: str, now: datetime, place: int | None) -> Stand:
        stand = case.stand
        if trigger == "reinstate":
            state, trail = stand.trail[-1], stand.trail[:-1]
        elif trigger in OFF:
            state, trail = OFF[trigger], (*stand.trail, stand.state)
        else:
            state, trail = STEPS.get(trigger, "drafted"), stand.trail
        recommended = stand.recommended
        if state in HOLDING:
            recommended = recommended or now
        elif state in FREE:
            recommended = None
        return Stand(state, trail, recommended, place if trigger == "select" else stand.place)

    def _move(self, ordinal: int, batch: int, undoes: int | None, trigger: str, stand: Stand) -> None:
        case = self.cases[ordinal]
        self.moves.setdefault(batch, {})[ordinal] = (copy(case.stand), stand)
        case.stand = stand
        if trigger in ("return", "recommend"):
            case.returned = trigger == "return"
        case.past.append((batch, undoes))

    def _stands_as_left(self, case: PlainCase, number: int) -> bool:
        """All that happened to the case since was itself taken back."""
        since = case.past[[batch for batch, _ in case.past].index(number) + 1 :]
        if any(undoes == number for _, undoes in since):
            return False
        while pair := next((i for i in range(len(since) - 1) if since[i][0] == since[i + 1][1] != IMPORT), -1) + 1:
            del since[pair - 1 : pair + 1]
        return not since
