"""Taking back what people put right: a case rests on the form before again, a mail waits again."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from notifications.letters import CaseLine
from states.reasons import Reason
from workflow import clock
from workflow.audit import events
from workflow.audit.events import Correction, Draft, FormAgain, Reversion, Settlement, ordinal_of
from workflow.engine.batch import Moved, OpenBatch
from workflow.engine.facts import CaseRow, read_cases
from workflow.engine.plan import Refusal
from workflow.engine.selection import Selection
from workflow.wording import say_state

_PUT_RIGHT = text(
    "SELECT leaf FROM events WHERE batch_id = :batch AND kind IN ('correction', 'reversion', 'settlement') ORDER BY seq"
)
_LAID = text("SELECT leaf FROM events WHERE case_id = :case AND kind IN ('draft', 'correction') ORDER BY seq DESC")
_FORM = text("SELECT form_id FROM cases WHERE id = :case")
_REST = text(
    "UPDATE cases SET form_id = :form, route = :route, received_at = :received, received_proven = :proven, "
    "version = version + 1 WHERE id = :case"
)
_SETTLE = text("UPDATE submissions SET settled_at = :at WHERE id = :id")


class PutRight(NamedTuple):
    """What a batch put right. versions: a form each in the place of another. closed: mails that asked for nothing."""

    versions: Sequence[Correction | Reversion]
    closed: Sequence[Settlement]

    def __bool__(self) -> bool:
        return bool(self.versions or self.closed)


def read_put_right(connection: Connection, number: int) -> PutRight:
    found = [events.read(bytes(leaf)) for leaf in connection.execute(_PUT_RIGHT, {"batch": number}).scalars()]
    return PutRight(
        [event for event in found if isinstance(event, Correction | Reversion)],
        [event for event in found if isinstance(event, Settlement) and event.needs_nothing],
    )


def revert(batch: OpenBatch, reader: Connection, put_right: PutRight) -> list[CaseRow]:
    """Take it back; the cases that rest on their earlier form again. One that rests on a later one since is refused."""
    refused, reverted = [], []
    for event in put_right.versions:
        [row] = read_cases(reader, Selection((ordinal_of(event.case),), ()))
        if event.supersedes is None or reader.execute(_FORM, {"case": row.id}).scalar() != event.form:
            reasons = (Reason("corrected-since", "六.3"),)
            refused.append(Refusal(row.id, row.unit, row.name, row.version, row.state, reasons))
            continue
        _rest_again(batch, row, _find_laid(reader, row.id, event.supersedes), event.form)
        batch.moved.append(Moved(row.id, row.state, row.state))
        reverted.append(row)
    for closed in put_right.closed:
        batch.connection.execute(_SETTLE, {"at": None, "id": closed.submission})
        batch.log.append([Settlement(needs_nothing=False, submission=closed.submission, why=batch.why or "")])
    batch.write(refused, note=False)
    return reverted


def tell_reverted(batch: OpenBatch, rows: Sequence[CaseRow]) -> None:
    """Write the units anew what is on record of their cases."""
    edition = batch.campaign.edition
    for [row] in (list(read_cases(batch.connection, Selection((row.id,), ()))) for row in rows):
        state = say_state(row.state, batch.letters.language_of(row.unit))
        batch.letters.tell(row.unit, "receipt", CaseLine(edition.case_number(row.id), row.name, "", state, []))


def _find_laid(connection: Connection, case_id: int, form: int) -> Draft | Correction:
    """The event that put the form on record."""
    for leaf in connection.execute(_LAID, {"case": case_id}).scalars().all():
        event = events.read(bytes(leaf))
        if isinstance(event, Draft | Correction) and event.form == form:
            return event
    raise LookupError(form)


def _rest_again(batch: OpenBatch, row: CaseRow, laid: Draft | Correction, supersedes: int) -> None:
    values = {
        "form": laid.form,
        "route": laid.route,
        "received": clock.write(clock.read(laid.received)),
        "proven": laid.received_proven,
        "case": row.id,
    }
    batch.connection.execute(_REST, values)
    event = Reversion(
        case=laid.case,
        documents=laid.documents,
        form=laid.form,
        read=FormAgain(laid.read.columns, laid.read.texts),
        received=laid.received,
        received_proven=laid.received_proven,
        route=laid.route,
        supersedes=supersedes,
        unit=row.unit,
        why=batch.why or "",
    )
    batch.log.append([event])
