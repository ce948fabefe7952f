"""The register of submissions, their originals, and the cases they became; inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlmodel import SQLModel, col

from states.machine import START
from workflow.engine.facts import CaseRow
from workflow.intake.dossier import Dossier
from workflow.intake.found import Place
from workflow.intake.submission import Original, Submission
from workflow.store import Case, Fetch, Form, Personal
from workflow.store import Original as OriginalRow
from workflow.store import Submission as SubmissionRow

MAIL_TYPE = "message/rfc822"
_DIGESTS = text(
    "SELECT submission_id, sha256 FROM originals WHERE submission_id IN :ids AND role <> 'mail'"
).bindparams(bindparam("ids", expanding=True))
_KEPT = text("SELECT sha256 FROM originals WHERE submission_id = :id")
_MOVES = text("SELECT leaf FROM events WHERE case_id = :case AND kind = 'move' ORDER BY seq DESC")
_LAST_CASE = text("SELECT max(id) FROM cases")


FormKey = tuple[str, str, str]
"""What tells one form of a mail from another: the SHA-256 (hex) of its file, its case's name and its applicant."""


class Earlier(NamedTuple):
    """A submission that a mail repeats."""

    id: int
    status: str
    taken_at: datetime


class Predecessor(NamedTuple):
    """A case that the same unit sent before. received_at is what counts for the case, the form_… are its form's."""

    id: int
    state: str
    form_id: int
    received_at: datetime
    form_received_at: datetime
    form_received_proven: bool


def key_of(dossier: Dossier) -> FormKey:
    return dossier.form_sha256, dossier.form.name, dossier.form.applicant


def known_uids(connection: Connection, mailbox: str, uidvalidity: int) -> frozenset[int]:
    """The mails of a mailbox that have been looked at."""
    query = select(col(Fetch.uid)).where(col(Fetch.mailbox) == mailbox, col(Fetch.uidvalidity) == uidvalidity)
    return frozenset(connection.execute(query).scalars())


class Register:
    """Reads and writes what intake keeps. ``now`` is the moment of the transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def find_earlier(self, submission: Submission) -> Earlier | None:
        """The submission this mail repeats: the same bytes, or the same Message-ID with the same attachments."""
        columns = select(col(SubmissionRow.id), col(SubmissionRow.status), col(SubmissionRow.taken_at))
        row = self._connection.execute(columns.where(col(SubmissionRow.sha256) == submission.sha256)).first()
        if row is not None:
            return Earlier._make(row)
        same = columns.where(col(SubmissionRow.message_id) == submission.message_id).order_by(col(SubmissionRow.id))
        candidates = [Earlier._make(row) for row in self._connection.execute(same)]
        if not candidates:
            return None
        digests: dict[int, set[str]] = {candidate.id: set() for candidate in candidates}
        for submission_id, digest in self._connection.execute(_DIGESTS, {"ids": list(digests)}):
            digests[submission_id].add(digest)
        mine = {original.sha256 for original in submission.originals}
        return next((candidate for candidate in candidates if digests[candidate.id] == mine), None)

    def remember(self, place: Place, sha256: str | None) -> bool:
        """Write down that a mail was looked at on its server; False where that was written down before."""
        key = (col(getattr(Fetch, name)) == value for name, value in place._asdict().items())
        if self._connection.execute(select(col(Fetch.uid)).where(*key)).first() is not None:
            return False
        self._connection.execute(insert(Fetch), {**place._asdict(), "sha256": sha256})
        return True

    def enter(
        self,
        submission: Submission,
        file: str,
        size: int,
        unit: str | None,
        status: str,
        reasons: Sequence[dict[str, Any]],
    ) -> int:
        """Enter a mail that is not in the register; ``size`` is that of its bytes."""
        row = {
            "sha256": submission.sha256,
            "message_id": submission.message_id,
            "file": file,
            "sender": submission.sender_address,
            "subject": submission.subject,
            "unit": unit,
            "received_at": submission.received_at,
            "received_proven": submission.received_proven,
            "status": status,
            "reasons": list(reasons),
            "taken_at": self._now,
        }
        submission_id = self._insert(SubmissionRow, row)
        mail = {"filename": file, "media_type": MAIL_TYPE, "role": "mail", "size": size, "sha256": submission.sha256}
        self._insert(OriginalRow, {"submission_id": submission_id, "form_id": None, **mail})
        return submission_id

    def settle(self, submission_id: int, status: str, unit: str | None, reasons: Sequence[dict[str, Any]]) -> None:
        """Change what a submission's status is, whose it is, and what is said of it."""
        change = update(SubmissionRow).where(col(SubmissionRow.id) == submission_id)
        self._connection.execute(change.values(status=status, unit=unit, reasons=list(reasons)))

    def find_forms(self, submission_id: int) -> set[FormKey]:
        """The forms of a mail that became cases, or versions of cases."""
        query = select(col(Form.documents), col(Form.name), col(Form.applicant))
        rows = self._connection.execute(query.where(col(Form.submission_id) == submission_id))
        return {(documents.partition(" ")[0], name, applicant) for documents, name, applicant in rows}

    def keep(self, submission_id: int, form_id: int | None, originals: Sequence[Original]) -> None:
        """Record originals as a form's, or, without a form, those that nothing has claimed yet."""
        kept = set(self._connection.execute(_KEPT, {"id": submission_id}).scalars()) if form_id is None else set()
        rows = [
            {
                "submission_id": submission_id,
                "form_id": form_id,
                "filename": original.filename,
                "media_type": original.media_type,
                "role": original.role,
                "size": len(original.data),
                "sha256": original.sha256,
            }
            for original in originals
            if original.sha256 not in kept
        ]
        if rows:
            self._connection.execute(insert(OriginalRow), rows)

    def find_predecessor(self, unit: str, route: str, submission_id: int) -> Predecessor | None:
        """The latest case of this unit with the same name and applicant, from another mail than this one."""
        query = (
            select(
                col(Case.id),
                col(Case.state),
                col(Case.form_id),
                col(Case.received_at),
                col(Form.received_at),
                col(Form.received_proven),
            )
            .join(Form, col(Form.id) == col(Case.form_id))
            .where(col(Case.unit) == unit, col(Case.route) == route, col(Form.submission_id) != submission_id)
            .order_by(col(Case.id).desc())
        )
        row = self._connection.execute(query).first()
        return Predecessor._make(row) if row else None

    def was_returned(self, case_id: int) -> bool:
        """Whether the organisers sent the case back for correction; it then keeps the time it first came.

        A return is used up once the case is recommended again, and by no other move.
        """
        leaves = self._connection.execute(_MOVES, {"case": case_id}).scalars()
        triggers = (orjson.loads(bytes(leaf))["trigger"] for leaf in leaves)
        return next((trigger == "return" for trigger in triggers if trigger in ("return", "recommend")), False)

    def next_case(self) -> int:
        """The next case's number: none is ever skipped or used again, for no case is ever deleted."""
        return 1 + (self._connection.execute(_LAST_CASE).scalar() or 0)

    def open_case(self, row: CaseRow, received: datetime) -> None:
        """Enter a new case, drafted, without its form yet."""
        values = {
            "id": row.id,
            "state": START,
            "version": 1,
            "trail": "",
            "unit": row.unit,
            "route": row.route,
            "received_at": received,
            "received_proven": row.received_proven,
            "scores": 0,
            "score_total": 0,
        }
        self._connection.execute(insert(Case), values)

    def enter_form(self, values: dict[str, Any]) -> int:
        return self._insert(Form, values)

    def enter_person(self, form_id: int, row: Mapping[str, Any]) -> None:
        """Enter what the form says of a person, where it can be erased."""
        self._connection.execute(insert(Personal), {"form_id": form_id, **row})

    def adopt_form(self, case_id: int, form_id: int, received: datetime, proven: bool, new: bool) -> None:
        """Let the case rest on this form from now on; a case that had another grows by a version."""
        change = update(Case).where(col(Case.id) == case_id)
        values = {"form_id": form_id, "received_at": received, "received_proven": proven}
        self._connection.execute(change.values(**values, version=1 if new else col(Case.version) + 1))

    def _insert(self, table: type[SQLModel], row: dict[str, Any]) -> int:
        return int(self._connection.execute(insert(table).returning(table.id), row).scalar_one())  # type: ignore[attr-defined]
