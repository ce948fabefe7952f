"""A nudge: to the organisers, what is stuck, where, and why."""

from collections import Counter
from collections.abc import Iterator

from notifications.letters import CaseLine
from states.machine import law_of
from states.room import Exit
from workflow.deadlines.occasion import Occasion
from workflow.deadlines.pending import NOTHING_TO_SAY
from workflow.engine.correspondence import LANGUAGE, Remarks, people_of
from workflow.engine.facts import gather_facts
from workflow.engine.occupancy import read_occupancy
from workflow.wording import say, say_reason, say_state

KIND = "nudge"
LISTED = 200
"""Cases that one letter names; of more it gives the number."""


def nudge(occasion: Occasion) -> str | None:
    """Write to every organiser; ``nothing-to-say`` where nothing waits."""
    waiting: Counter[str] = Counter()
    lines: list[CaseLine] = []
    for state, line in _list_stuck(occasion):
        waiting[state] += 1
        if len(lines) < LISTED:
            lines.append(line)
    if not lines:
        return NOTHING_TO_SAY
    ahead = occasion.edition.course.way_ahead
    points = [
        say("nudge.waiting", LANGUAGE, state=say_state(state, LANGUAGE), trigger=_name(ahead[state]), count=count)
        for state, count in waiting.items()
    ]
    if waiting.total() > LISTED:
        points.append(say("nudge.more", LANGUAGE, listed=LISTED, count=waiting.total() - LISTED))
    for organiser in people_of(occasion.edition, "organiser"):
        occasion.batch.letters.write(organiser, KIND, Remarks(occasion.sentence(LANGUAGE), points), lines)
    return None


def _list_stuck(occasion: Occasion) -> Iterator[tuple[str, CaseLine]]:
    """Every case that could be moved now but for the reasons given with it."""
    edition = occasion.edition
    law, occupancy = law_of(edition.course), read_occupancy(occasion.reader)
    for row in occasion.read(*_states(occasion)):
        ahead = edition.course.way_ahead[row.state]
        facts = gather_facts(row, occupancy, edition, occasion.campaign.now, None)
        notes = [
            say_reason(reason.code, reason.values, LANGUAGE, edition.zone)
            for reason in law.decide(facts, ahead.trigger).reasons
            if reason.blocking
        ] or [say("nudge.ready", LANGUAGE, trigger=_name(ahead))]
        name = f"{row.name}（{row.unit}）"
        yield row.state, CaseLine(edition.case_number(row.id), name, "", say_state(row.state, LANGUAGE), notes)


def _states(occasion: Occasion) -> list[str]:
    windows, span = occasion.edition.windows, occasion.deadline.span
    ahead = occasion.edition.course.way_ahead.items()
    if span in windows:
        return [state for state, way in ahead if way.window == span]
    return [state for state, way in ahead if windows[way.window].contains(occasion.campaign.now)]


def _name(way: Exit) -> str:
    return say(f"trigger.{way.trigger}", LANGUAGE)
