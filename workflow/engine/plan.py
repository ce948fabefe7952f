"""Facts -> Moves and Refusals. Pure: the same rows, ledger, rule book and moment give the same plan."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from states.facts import Facts
from states.machine import ROOM_OF, decide, hear_draft
from states.reasons import Reason, Verdict
from states.room import Place
from workflow import clock
from workflow.audit.state import CaseStanding
from workflow.edition import Edition
from workflow.engine.facts import CaseRow, gather_facts
from workflow.engine.ledger import Ledger

OFF_THE_LINE = frozenset(room.name for room in ROOM_OF.values() if any(e.trigger == "reinstate" for e in room.exits))


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
    rows: Iterable[CaseRow], ledger: Ledger, edition: Edition, trigger: str, now: datetime, why: str | None
) -> Iterator[Decision]:
    """Decide each case in turn; ``ledger`` learns of every move, so that the next case sees what this one took."""
    moment = clock.write(now)
    for row in rows:
        facts = gather_facts(row, ledger, edition, now, why)
        verdict = decide(facts, trigger)
        if verdict.target is None or verdict.letter is None:
            yield Refusal(row.id, row.unit, row.name, row.version, row.state, verdict.reasons)
            continue
        was = standing_of(row)
        becomes = _after(was, verdict, verdict.target, moment, facts.place)
        note_move(ledger, row, was, becomes)
        told = _shortcomings(facts) if verdict.trigger == "lapse" else ()
        yield Move(
            row.id,
            row.unit,
            row.name,
            row.version,
            verdict.letter,
            row.documents,
            verdict.reasons + told,
            was,
            becomes,
            told,
        )


def _shortcomings(facts: Facts) -> tuple[Reason, ...]:
    """What kept a draft from being recommended while there was time: its unit is told when it lapses."""
    in_time = facts._replace(now=facts.rules.windows["recommend"].opens)
    return tuple(reason._replace(blocking=False) for reason in hear_draft(in_time, "recommend") if reason.blocking)


def standing_of(row: CaseRow) -> CaseStanding:
    return CaseStanding(row.state, row.trail, row.recommended_at, row.selected_place)


def note_move(ledger: Ledger, row: CaseRow, was: CaseStanding, becomes: CaseStanding) -> None:
    held, holds = was.recommended_at is not None, becomes.recommended_at is not None
    ledger.move(row.id, row.unit, was.state, becomes.state, held, holds)


def _after(was: CaseStanding, verdict: Verdict, target: str, moment: str, place: int | None) -> CaseStanding:
    trail = was.trail
    if verdict.trigger == "reinstate":
        trail = trail.rpartition("/")[0]
    elif target in OFF_THE_LINE:
        trail = f"{trail}/{was.state}" if trail else was.state
    recommended_at = was.recommended_at
    match ROOM_OF[target].place:
        case Place.HELD:
            recommended_at = recommended_at or moment
        case Place.FREED:
            recommended_at = None
        case Place.KEPT:
            pass
    selected_place = place if verdict.trigger == "select" else was.selected_place
    return CaseStanding(target, trail, recommended_at, selected_place)
