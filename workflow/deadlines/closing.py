"""A close: drafts lapse, and what was not presented, surveyed or selected by its window's end is declined."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from workflow.deadlines.occasion import Occasion
from workflow.edition import Edition
from workflow.edition.calendar import RECEIVED
from workflow.engine.apply import decide_all
from workflow.engine.plan import Decision, Refusal

NOT_YET = "window-open"
"""The law's word on a draft that may still be recommended (六.5)."""


def close(occasion: Occasion) -> str | None:
    """Take off the main line every case whose way ahead was closed when the deadline fell due."""
    for trigger, states in _ways_out(occasion).items():
        decisions = decide_all(occasion.as_due, occasion.reader, trigger, occasion.select(*states), occasion.batch.why)
        concerned = _concerned(decisions, occasion.edition, occasion.due, occasion.deadline.span == RECEIVED)
        occasion.batch.write(concerned, trigger=trigger)
    return None


def _ways_out(occasion: Occasion) -> dict[str, list[str]]:
    """The states whose way ahead is closed for at least one unit, by the trigger that ends them."""
    edition = occasion.edition
    rules = (edition.rules(), *edition.ruling_of.values())
    found: dict[str, list[str]] = {}
    course = edition.course
    for state, way in course.way_ahead.items():
        if state not in course.way_out:
            continue
        closed = any(own.windows[way.window].closes <= occasion.due for own in rules)
        if closed or (state == course.start and occasion.deadline.span == RECEIVED):
            found.setdefault(course.way_out[state].trigger, []).append(state)
    return found


def _concerned(
    decisions: Iterable[Decision], edition: Edition, due: datetime, of_receiving: bool
) -> Iterator[Decision]:
    """Leave out what this close has no business with: cases whose way ahead is open still."""
    for decision in decisions:
        if isinstance(decision, Refusal):
            if [reason.code for reason in decision.reasons if reason.blocking] == [NOT_YET]:
                continue
            state = decision.state
        else:
            state = decision.was.state
        window = edition.rules_of(decision.unit).windows[edition.course.way_ahead[state].window]
        if window.closes <= due or of_receiving:
            yield decision
