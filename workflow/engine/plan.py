"""Facts -> Moves and Refusals. Pure: the same rows, occupancy, rule book and moment give the same plan."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from states.course import COURSE
from states.facts import Facts
from states.machine import Law, law_of
from states.reasons import Reason
from states.room import Exit, Place
from workflow import clock
from workflow.audit.state import CaseStanding
from workflow.edition import Edition
from workflow.engine.facts import CaseRow, gather_facts
from workflow.engine.occupancy import Occupancy


class Move(NamedTuple):
    """A case that goes on; ``reasons`` are warnings. ``version`` is the case's before the move.

    told: reasons that its letter passes on to the unit.
    """

    case_id: int
    unit: str
    name: str
    version: int
    letter: str
    documents: str
    reasons: tuple[Reason, ...]
    was: CaseStanding
    becomes: CaseStanding
    told: tuple[Reason, ...] = ()


class Refusal(NamedTuple):
    """A case that stays where it is, and every reason why."""

    case_id: int
    unit: str
    name: str
    version: int
    state: str
    reasons: tuple[Reason, ...]


Decision = Move | Refusal


def plan(
    rows: Iterable[CaseRow], occupancy: Occupancy, edition: Edition, trigger: str, now: datetime, why: str | None
) -> Iterator[Decision]:
    """Decide each case in turn; ``occupancy`` learns of every move, so that the next case sees what this one took."""
    moment, law = clock.write(now), law_of(edition.course)
    for row in rows:
        facts = gather_facts(row, occupancy, edition, now, why)
        verdict = law.decide(facts, trigger)
        target, way = verdict.target, verdict.way
        if target is None or way is None:
            yield Refusal(row.id, row.unit, row.name, row.version, row.state, verdict.reasons)
            continue
        was = standing_of(row)
        becomes = _after(was, way, target, moment, facts.place)
        note_move(occupancy, row, was, becomes)
        told = _find_shortfall(facts, law) if way.tells_shortfall else ()
        yield Move(
            row.id,
            row.unit,
            row.name,
            row.version,
            way.letter,
            row.documents,
            verdict.reasons + told,
            was,
            becomes,
            told,
        )


def _find_shortfall(facts: Facts, law: Law) -> tuple[Reason, ...]:
    """Why a case could not go forward while its window was open, as warnings, which its unit is told."""
    ahead = law.course.way_ahead[facts.state]
    in_time = facts._replace(now=facts.rules.windows[ahead.window].opens)
    return tuple(reason._replace(blocking=False) for reason in law.hear(in_time, ahead.trigger) if reason.blocking)


def standing_of(row: CaseRow) -> CaseStanding:
    return CaseStanding(row.state, row.trail, row.recommended_at, row.selected_place)


def note_move(occupancy: Occupancy, row: CaseRow, was: CaseStanding, becomes: CaseStanding) -> None:
    held, holds = was.recommended_at is not None, becomes.recommended_at is not None
    occupancy.move(row.id, row.unit, was.state, becomes.state, held, holds)


def _after(was: CaseStanding, way: Exit, target: str, moment: str, place: int | None) -> CaseStanding:
    room, trail = COURSE.room_of[target], was.trail
    if way.returns:
        trail = trail.rpartition("/")[0]
    elif room.off_line:
        trail = f"{trail}/{was.state}" if trail else was.state
    recommended_at = was.recommended_at
    match room.place:
        case Place.HELD:
            recommended_at = recommended_at or moment
        case Place.FREED:
            recommended_at = None
        case Place.KEPT:
            pass
    selected_place = place if way.notes_place else was.selected_place
    return CaseStanding(target, trail, recommended_at, selected_place)
