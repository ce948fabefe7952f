"""The law of a course as one transitions.Machine: a case's facts and a trigger -> a verdict."""

import logging
from collections import defaultdict
from functools import lru_cache
from typing import cast

from transitions import EventData, Machine

from states.course import COURSE, Course
from states.facts import Facts
from states.graph import Passage, passages
from states.reasons import Reason
from states.room import Exit, ask
from states.verdict import Verdict

logging.getLogger("transitions").setLevel(logging.WARNING)


class Law:
    """What one course allows. Cases pass through its machine and are never kept in it."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.machine = Machine(
            model=None,
            states=list(course.states),
            initial=course.start,
            auto_transitions=False,
            send_event=True,
        )
        self._conditions: defaultdict[tuple[str, str], list[_Condition]] = defaultdict(list)
        for passage in passages(course.rooms):
            condition = _Condition(passage)
            trigger = passage.exit.trigger
            self._conditions[passage.source, trigger].append(condition)
            self.machine.add_transition(trigger, passage.source, passage.target, conditions=condition)

    def decide(self, facts: Facts, trigger: str) -> Verdict:
        """Whether ``trigger`` may move this case now; the verdict carries every reason, not just the first.

        Raises KeyError for a trigger that no room has.
        """
        event = self.machine.events.get(trigger)
        if event is None:
            return self._refuse_foreign(facts, trigger)
        if facts.state not in event.transitions:
            return self._refuse_state(facts, trigger)
        subject = _Subject(facts)
        moved = event.trigger(subject)
        way = subject.way
        if way is None:
            return self._refuse_state(facts, trigger)
        reasons = tuple(subject.reasons)
        if moved:
            return Verdict(trigger, facts.state, subject.state, way, reasons)
        return Verdict(trigger, facts.state, None, None, reasons)

    def hear(self, facts: Facts, trigger: str) -> tuple[Reason, ...]:
        """Every reason the law gives on ``trigger`` where the case stands, without trying to move it."""
        conditions = self._conditions.get((facts.state, trigger), ())
        return tuple(reason for condition in conditions for reason in condition.hear(facts))

    def _refuse_state(self, facts: Facts, trigger: str) -> Verdict:
        """No passage of this trigger leaves the state, or none leads back to the state the case says it left."""
        values: dict[str, str | list[str]] = {
            "state": facts.state,
            "trigger": trigger,
            "states": list(self.course.sources(trigger)),
        }
        return Verdict(trigger, facts.state, None, None, (Reason("wrong-state", "四", values),))

    def _refuse_foreign(self, facts: Facts, trigger: str) -> Verdict:
        """A step that other campaigns have, and this one's rule book has no window for."""
        if trigger not in COURSE.triggers:
            raise KeyError(trigger)
        return Verdict(trigger, facts.state, None, None, (Reason("not-in-this-course", "四", {"trigger": trigger}),))


@lru_cache(maxsize=64)
def law_of(course: Course) -> Law:
    """The law of a course; one machine however often it is asked for."""
    return Law(course)


class _Subject:
    """What the machine moves: one case, for as long as one verdict takes."""

    __slots__ = ("facts", "reasons", "state", "way")

    def __init__(self, facts: Facts) -> None:
        self.state = facts.state
        self.facts = facts
        self.way: Exit | None = None
        self.reasons: list[Reason] = []


class _Condition:
    """The one condition of a passage: asks its window and all its guards, and leaves their reasons with the subject."""

    def __init__(self, passage: Passage) -> None:
        self.way = passage.exit
        self.window = passage.exit.window
        self.guards = passage.guards
        self.returns_to = passage.target if passage.exit.returns else None

    def __call__(self, event: EventData) -> bool:
        subject = cast(_Subject, event.model)
        if self.returns_to is not None and subject.facts.left_state != self.returns_to:
            return False
        subject.reasons = self.hear(subject.facts)
        subject.way = self.way
        return all(not reason.blocking for reason in subject.reasons)

    def hear(self, facts: Facts) -> list[Reason]:
        """Every reason that the window and the guards give."""
        reasons = []
        window = facts.rules.windows[self.window]
        if not window.contains(facts.now):
            values = {"opens": window.opens.isoformat(), "closes": window.closes.isoformat()}
            reasons.append(Reason("outside-window", window.clause, values))
        reasons.extend(ask(self.guards, facts))
        return reasons
