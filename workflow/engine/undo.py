"""Taking a batch back: the opposite moves, as a new batch."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, text

from notifications import outbox
from notifications.outbox import Choice
from states.course import COURSE
from states.guards import one_route, seat_left, within_quota
from states.reasons import Reason
from workflow.audit import events
from workflow.engine.batch import BatchReport, BatchUnknown, OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import line_of
from workflow.engine.facts import CaseRow, gather_facts, read_cases
from workflow.engine.occupancy import Occupancy, read_occupancy
from workflow.engine.plan import Decision, Move, Refusal, note_move, standing_of
from workflow.engine.reason import require_reason
from workflow.engine.reversion import read_put_right, revert, tell_reverted
from workflow.engine.selection import Selection
from workflow.errors import AnliError
from workflow.wording import say_reason

TRIGGER = "undo"
CORRECTION = "corrected"
_MOVES = text("SELECT case_id, leaf FROM events WHERE batch_id = :batch AND kind = 'move' ORDER BY seq")
_BATCH = text("SELECT trigger, undoes FROM batches WHERE id = :batch")
_LATER = text(
    "SELECT e.case_id, e.batch_id, b.undoes FROM events e JOIN batches b ON b.id = e.batch_id WHERE e.kind = 'move' "
    "AND e.batch_id > :batch AND e.case_id IN (SELECT case_id FROM events WHERE batch_id = :batch AND kind = 'move') "
    "ORDER BY e.seq"
)
_UNDOINGS = text("SELECT id FROM batches WHERE undoes = :batch ORDER BY id")


class BatchNotUndoable(AnliError):
    """The batch moved no case and put nothing right, so there is nothing to take back: values are batch, trigger."""

    code = "error.batch-not-undoable"


def undo(campaign: Campaign, number: int, why: str | None, hold: bool = False) -> BatchReport:
    """Write the opposite moves of batch ``number``; what has moved on since is refused, unless it was taken back here.

    Letters not yet out are cancelled, and written anew for cases that stay where the batch brought them; for letters
    that are out, or may be, a correction is queued. hold: what is written now is kept back.
    Raises ReasonNeeded, BatchUnknown, and BatchNotUndoable for a batch that moved nothing.
    """
    why = require_reason(why, TRIGGER)
    with campaign.writing() as (campaign, connection), campaign.reading() as reader:
        done, put_right = _read_done(reader, number), read_put_right(reader, number)
        if not done.moves and not put_right:
            raise BatchNotUndoable(batch=number, trigger=done.trigger)
        batch = OpenBatch(campaign, connection, TRIGGER, why, number, hold=hold)
        decisions = list(_plan(campaign, reader, number, done))
        batch.write(decisions, note=False)
        _correct(batch, number, decisions, done)
        _tell_reverted(batch, number, revert(batch, reader, put_right))
        return batch.close()


class _Done(NamedTuple):
    """What the batch did by its trigger. later: for a case, the batches that moved it since, each with what it undid.

    restored: where the batch was an undo itself, what it took back.
    """

    trigger: str
    moves: Mapping[int, events.Move]
    later: Mapping[int, list[tuple[int, int | None]]]
    restored: Mapping[int, events.Move]

    def letter_on(self, case_id: int) -> events.Move:
        """The move that the batch's letter tells of: the batch's own, or the one it put in force again."""
        return self.restored.get(case_id, self.moves[case_id])


def _read_done(connection: Connection, number: int) -> _Done:
    row = connection.execute(_BATCH, {"batch": number}).first()
    if row is None:
        raise BatchUnknown(batch=number)
    moves = _read_moves(connection, number)
    later: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for move in connection.execute(_LATER, {"batch": number}):
        later[move.case_id].append((move.batch_id, move.undoes))
    restored = {} if row.undoes is None else _read_moves(connection, row.undoes)
    return _Done(row.trigger, moves, later, restored)


def _read_moves(connection: Connection, number: int) -> dict[int, events.Move]:
    rows = connection.execute(_MOVES, {"batch": number})
    found = ((row.case_id, events.read(bytes(row.leaf))) for row in rows)
    return {case_id: event for case_id, event in found if isinstance(event, events.Move)}


def _plan(campaign: Campaign, connection: Connection, number: int, done: _Done) -> Iterator[Decision]:
    occupancy = read_occupancy(connection)
    for row in sorted(read_cases(connection, Selection(None, (), moved_by=number)), key=partial(_takes_place, done)):
        move = done.moves[row.id]
        reasons = tuple(_objections(campaign, row, occupancy, number, done))
        if reasons:
            yield Refusal(row.id, row.unit, row.name, row.version, row.state, reasons)
            continue
        was, restored = standing_of(row), done.restored.get(row.id)
        letter = restored.letter if restored else CORRECTION
        note_move(occupancy, row, was, move.before)
        yield Move(row.id, row.unit, row.name, row.version, letter, row.documents, (), was, move.before)


def _takes_place(done: _Done, row: CaseRow) -> bool:
    """Whether taking the move back takes a place of the quota, which others have to free first."""
    return row.recommended_at is None and done.moves[row.id].before.recommended_at is not None


def _objections(campaign: Campaign, row: CaseRow, occupancy: Occupancy, number: int, done: _Done) -> Iterator[Reason]:
    move = done.moves[row.id]
    if not _stands(row, move, number, done.later.get(row.id, [])):
        yield Reason("moved-on", "六.3", {"state": row.state})
        return
    facts = gather_facts(row, occupancy, campaign.edition, campaign.now, None)
    guards = []
    if move.before.recommended_at is not None and row.recommended_at is None:
        guards += [within_quota, one_route]
    if move.source in COURSE.selected and row.state not in COURSE.selected:
        guards.append(seat_left)
    for guard in guards:
        if (reason := guard(facts)) is not None and reason.blocking:
            yield reason


def _stands(row: CaseRow, move: events.Move, number: int, later: list[tuple[int, int | None]]) -> bool:
    """Whether the case stands as the batch left it: whatever moved it since was itself taken back."""
    open_batches: list[int] = []
    for batch_id, undoes in later:
        if open_batches and open_batches[-1] == undoes:
            open_batches.pop()
        elif undoes == number:
            return False
        else:
            open_batches.append(batch_id)
    return not open_batches and row.version == move.version + len(later)


def _tell_reverted(batch: OpenBatch, number: int, rows: list[CaseRow]) -> None:
    """Call back the receipts that tell of corrections, where they are not out; where they are, write what holds now."""
    number_of = {row.id: batch.campaign.edition.case_number(row.id) for row in rows}
    _, told = _silence(batch, number, set(number_of.values()), set())
    tell_reverted(batch, [row for row in rows if number_of[row.id] in told])


def _correct(batch: OpenBatch, number: int, decisions: list[Decision], done: _Done) -> None:
    edition = batch.campaign.edition
    number_of = {decision.case_id: edition.case_number(decision.case_id) for decision in decisions}
    taken_back = {number_of[decision.case_id] for decision in decisions if isinstance(decision, Move)}
    stays = {number_of[d.case_id] for d in decisions if _is_where_it_was_brought(d, done)}
    silenced, told = _silence(batch, number, taken_back, stays)
    for decision in decisions:
        case, move = number_of[decision.case_id], done.moves[decision.case_id]
        if isinstance(decision, Move):
            old, new = decision.was.state, decision.becomes.state
            restored = None if case in silenced else done.restored.get(decision.case_id)
            kind = CORRECTION if case in told else (restored.letter if restored else None)
        else:
            old, new = move.source, move.target
            kind = silenced.get(case)
        if kind is not None:
            _tell(batch, decision, kind, old, new, None if kind == CORRECTION else done.letter_on(decision.case_id))


def _tell(batch: OpenBatch, decision: Decision, kind: str, old: str, new: str, again: events.Move | None) -> None:
    """Put the case into a letter; one that is written ``again`` says why and what the first one said."""
    edition, language = batch.campaign.edition, batch.letters.language_of(decision.unit)
    reasons = again.reasons if again and again.trigger in COURSE.telling_shortfall else ()
    notes = [say_reason(reason.code, reason.values, language, edition.zone) for reason in reasons]
    line = line_of(edition, decision.case_id, decision.name, old, new, language, notes)
    if again is not None:
        batch.letters.say_why_again(decision.unit, kind, again.why)
    batch.letters.tell(decision.unit, kind, line)


def _is_where_it_was_brought(decision: Decision, done: _Done) -> bool:
    return isinstance(decision, Refusal) and decision.state == done.moves[decision.case_id].target


def _silence(batch: OpenBatch, number: int, taken_back: set[str], stays: set[str]) -> tuple[dict[str, str], set[str]]:
    """Cancel the letters not yet out that speak of cases taken back.

    One that also speaks of a case gone on since is let out and corrected: that case's later letters build on it.
    Returns the kind of the cancelled letter for each case in one, and the cases of which letters are or will be out.
    """
    undoings = list(batch.connection.execute(_UNDOINGS, {"batch": number}).scalars())
    silenced: dict[str, str] = {}
    told: set[str] = set()
    cancelled = []
    for letter in outbox.letters_of(batch.connection, [number, *undoings]):
        if letter.batch_id != number and letter.kind == CORRECTION:
            continue
        can_be_told_anew = taken_back | stays >= set(letter.cases)
        if letter.state in outbox.NOT_OUT and can_be_told_anew:
            if not taken_back.isdisjoint(letter.cases):
                cancelled.append(letter)
                silenced.update(dict.fromkeys(letter.cases, letter.kind))
        elif letter.state != "cancelled":
            told.update(letter.cases)
    outbox.cancel(batch.connection, Choice([letter.id for letter in cancelled]))
    batch.log.append(events.Letter.about(letter, "cancelled") for letter in cancelled)
    return silenced, told
