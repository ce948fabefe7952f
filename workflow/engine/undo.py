"""Taking a batch back: the opposite moves, as a new batch."""

from collections.abc import Iterator

import orjson
from sqlalchemy import Connection, text

from notifications import outbox
from states.guards import SELECTED, one_route, seat_left, within_quota
from states.reasons import Reason
from states.room import Guard
from workflow.audit.log import Entry
from workflow.engine.batch import OpenBatch, Report
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import line_of
from workflow.engine.facts import CaseRow, gather_facts, read_cases
from workflow.engine.ledger import Ledger, open_ledger
from workflow.engine.plan import Decision, Move, Refusal, Standing, note_move, standing_of
from workflow.engine.selection import Selection
from workflow.errors import BatchNotUndoable, BatchUnknown

TRIGGER = "undo"
_MOVES = text("SELECT case_id, leaf FROM events WHERE batch_id = :batch AND kind = 'move' ORDER BY seq")
_BATCH = text("SELECT trigger FROM batches WHERE id = :batch")
_POSTED = text(
    "SELECT recipient FROM letters WHERE batch_id = :batch AND state IN ('sending', 'sent', 'unknown') ORDER BY id"
)


def undo(campaign: Campaign, number: int, why: str) -> Report:
    """Write the opposite moves of batch ``number``; what has moved on since is refused.

    Letters not yet sent are cancelled, and written anew for cases that stay moved; for letters that are out, or may
    be, a correction is queued.
    Raises BatchUnknown, and BatchNotUndoable for a batch that moved nothing.
    """
    with campaign.writing() as connection, campaign.reading() as reader:
        done = _read_moves(reader, number)
        batch = OpenBatch(campaign, connection, TRIGGER, why, number)
        decisions = list(_plan(campaign, reader, number, done))
        batch.write(decisions, note=False)
        _correct(batch, number, decisions, done)
        return batch.close()


class _Done:
    """A move as its event tells it."""

    def __init__(self, leaf: bytes) -> None:
        event = orjson.loads(leaf)
        self.was = Standing(event["from"], *event["was"])
        self.becomes = Standing(event["to"], *event["is"])
        self.version: int = event["version"]
        self.letter: str = event["letter"]


def _read_moves(connection: Connection, number: int) -> dict[int, _Done]:
    trigger = connection.execute(_BATCH, {"batch": number}).scalar()
    if trigger is None:
        raise BatchUnknown(batch=number)
    done = {row.case_id: _Done(bytes(row.leaf)) for row in connection.execute(_MOVES, {"batch": number})}
    if not done:
        raise BatchNotUndoable(batch=number, trigger=trigger)
    return done


def _plan(campaign: Campaign, connection: Connection, number: int, done: dict[int, _Done]) -> Iterator[Decision]:
    ledger = open_ledger(connection)
    for row in read_cases(connection, Selection(None, (), moved_by=number)):
        move = done[row.id]
        reasons = tuple(_objections(campaign, row, ledger, move))
        if reasons:
            yield Refusal(row.id, row.unit, row.name, row.version, row.state, reasons)
            continue
        was = standing_of(row)
        note_move(ledger, row, was, move.was)
        yield Move(row.id, row.unit, row.name, row.version, "corrected", row.documents, (), was, move.was)


def _objections(campaign: Campaign, row: CaseRow, ledger: Ledger, move: _Done) -> Iterator[Reason]:
    if row.version != move.version:
        yield Reason("moved-on", "六.3", {"state": row.state})
        return
    facts = gather_facts(row, ledger, campaign.edition, campaign.now, None)
    guards: tuple[Guard, ...] = ()
    if move.was.recommended_at is not None and row.recommended_at is None:
        guards += (within_quota, one_route)
    if move.was.state in SELECTED and row.state not in SELECTED:
        guards += (seat_left,)
    yield from (reason for guard in guards if (reason := guard(facts)) is not None and reason.blocking)


def _correct(batch: OpenBatch, number: int, decisions: list[Decision], done: dict[int, _Done]) -> None:
    edition = batch.campaign.edition
    units = sorted({decision.unit for decision in decisions})
    cancelled = outbox.cancel(batch.connection, number, units)
    batch.log.append(
        Entry(
            "letter", {"letter": row.message_id, "recipient": row.recipient, "letter_kind": row.kind, "to": "cancelled"}
        )
        for row in cancelled
    )
    silent = {row.recipient for row in cancelled}
    told = {row.recipient for row in batch.connection.execute(_POSTED, {"batch": number})}
    for decision in decisions:
        unit, language = decision.unit, batch.letters.language_of(decision.unit)
        if isinstance(decision, Move):
            if unit in told:
                old, new = decision.was.state, decision.becomes.state
                batch.letters.tell(
                    unit, "corrected", line_of(edition, decision.case_id, decision.name, old, new, language)
                )
        elif unit in silent:
            move = done[decision.case_id]
            line = line_of(edition, decision.case_id, decision.name, move.was.state, move.becomes.state, language)
            batch.letters.tell(unit, move.letter, line)
