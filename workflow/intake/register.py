"""The register of submissions, their originals, and the cases they became; inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Executable, func, insert, select, update
from sqlmodel import SQLModel, col

from states.machine import START
from workflow.engine.facts import CaseRow
from workflow.intake.found import MailboxPlace
from workflow.intake.known import EarlierMail, FormKey, Known, KnownCase
from workflow.intake.route import route_of
from workflow.intake.submission import Original, Submission
from workflow.store import Case, Event, Fetch, Form, Personal
from workflow.store import Original as OriginalRow
from workflow.store import Submission as SubmissionRow

MAIL_TYPE = "message/rfc822"


def known_uids(connection: Connection, mailbox: str, uidvalidity: int) -> frozenset[int]:
    """The mails of a mailbox that have been looked at."""
    query = select(col(Fetch.uid)).where(col(Fetch.mailbox) == mailbox, col(Fetch.uidvalidity) == uidvalidity)
    return frozenset(connection.execute(query).scalars())


class Register:
    """Reads and writes what intake keeps. ``now`` is the moment of the transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def look_up(self, submission: Submission) -> Known:
        """What is known of a mail, its forms and their cases."""
        earlier = self._find_earlier(submission)
        routes = {route_of(dossier.form.name, dossier.form.applicant) for dossier in submission.dossiers}
        drafted = self._find_forms(earlier.id) if earlier is not None else frozenset()
        next_case = 1 + (self._connection.execute(select(func.max(col(Case.id)))).scalar() or 0)
        return Known(earlier, drafted, self._find_cases(routes) if routes else (), next_case)

    def _find_earlier(self, submission: Submission) -> EarlierMail | None:
        """The submission this mail repeats: the same bytes, or the same Message-ID with the same attachments."""
        columns = select(col(SubmissionRow.id), col(SubmissionRow.status), col(SubmissionRow.taken_at))
        same_bytes = self._find_earlier_mails(columns.where(col(SubmissionRow.sha256) == submission.sha256))
        if same_bytes:
            return same_bytes[0]
        same_name = columns.where(col(SubmissionRow.message_id) == submission.message_id)
        candidates = self._find_earlier_mails(same_name.order_by(col(SubmissionRow.id)))
        attachments = self._find_attachments([candidate.id for candidate in candidates])
        own = {original.sha256 for original in submission.originals}
        return next((candidate for candidate in candidates if attachments[candidate.id] == own), None)

    def _find_earlier_mails(self, query: Executable) -> list[EarlierMail]:
        return [EarlierMail(**row) for row in self._connection.execute(query).mappings()]

    def _find_attachments(self, submission_ids: Sequence[int]) -> Mapping[int, set[str]]:
        """The SHA-256 (hex) of what came with each mail."""
        query = select(col(OriginalRow.submission_id), col(OriginalRow.sha256)).where(
            col(OriginalRow.submission_id).in_(submission_ids), col(OriginalRow.role) != "mail"
        )
        attachments: defaultdict[int, set[str]] = defaultdict(set)
        for row in self._connection.execute(query) if submission_ids else ():
            attachments[row.submission_id].add(row.sha256)
        return attachments

    def _find_forms(self, submission_id: int) -> frozenset[FormKey]:
        """The forms of a mail that became cases, or versions of cases."""
        query = select(col(Form.documents), col(Form.name), col(Form.applicant))
        rows = self._connection.execute(query.where(col(Form.submission_id) == submission_id))
        return frozenset((row.documents.partition(" ")[0], row.name, row.applicant) for row in rows)

    def _find_cases(self, routes: Collection[str]) -> tuple[KnownCase, ...]:
        """The cases of any unit that have one of these routes, the latest first."""
        query: Executable = (
            select(
                col(Case.id),
                col(Case.state),
                col(Case.unit),
                col(Case.route),
                col(Case.recommended_at).is_not(None).label("recommended"),
                col(Case.received_at),
                col(Case.form_id),
                col(Form.submission_id).label("form_submission_id"),
                col(Form.received_at).label("form_received_at"),
                col(Form.received_proven).label("form_received_proven"),
            )
            .join(Form, col(Form.id) == col(Case.form_id))
            .where(col(Case.route).in_(routes))
            .order_by(col(Case.id).desc())
        )
        rows = self._connection.execute(query).mappings().all()
        returned = self._find_returned([row["id"] for row in rows])
        return tuple(KnownCase(**row, returned=row["id"] in returned) for row in rows)

    def _find_returned(self, case_ids: Sequence[int]) -> set[int]:
        """Those of these cases that the organisers sent back for correction; they keep the time they first came.

        A return is used up once the case is recommended again, and by no other move.
        """
        query = (
            select(col(Event.case_id), col(Event.leaf))
            .where(col(Event.case_id).in_(case_ids), col(Event.kind) == "move")
            .order_by(col(Event.seq))
        )
        returned: dict[int, bool] = {}
        for row in self._connection.execute(query) if case_ids else ():
            trigger = orjson.loads(bytes(row.leaf))["trigger"]
            if trigger in ("return", "recommend"):
                returned[row.case_id] = trigger == "return"
        return {case_id for case_id, is_returned in returned.items() if is_returned}

    def remember(self, place: MailboxPlace, sha256: str | None) -> bool:
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

    def keep(self, submission_id: int, form_id: int | None, originals: Sequence[Original]) -> None:
        """Record originals as a form's, or, without a form, those that nothing has claimed yet."""
        query = select(col(OriginalRow.sha256)).where(col(OriginalRow.submission_id) == submission_id)
        kept = set(self._connection.execute(query).scalars()) if form_id is None else set()
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
