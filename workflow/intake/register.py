"""The register of mails, read: what it knows of a mail, of its forms and of their cases."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import orjson
from sqlalchemy import Connection, Executable, func, select
from sqlmodel import col

from states.course import COURSE
from states.reasons import Reason
from workflow.intake import excess
from workflow.intake.known import EarlierMail, FormKey, Known, KnownCase
from workflow.intake.route import route_of
from workflow.intake.submission import Submission
from workflow.store import Case, Event, Fetch, Form
from workflow.store import Original as OriginalRow
from workflow.store import Submission as SubmissionRow

_MADE_HERE = ("mail", "copy")
"""Roles of what did not come with a mail as an attachment of it."""


def known_uids(connection: Connection, mailbox: str, uidvalidity: int) -> frozenset[int]:
    """The mails of a mailbox that have been looked at."""
    query = select(col(Fetch.uid)).where(col(Fetch.mailbox) == mailbox, col(Fetch.uidvalidity) == uidvalidity)
    return frozenset(connection.execute(query).scalars())


def recorded_files(connection: Connection, digests: Collection[str]) -> set[str]:
    """Those of these SHA-256 (hex) that came with a mail on record."""
    query = select(col(OriginalRow.sha256)).where(col(OriginalRow.sha256).in_(digests))
    return set(connection.execute(query).scalars())


def find_excess(connection: Connection, digest: str) -> Reason | None:
    """Of the mail of this SHA-256 (hex), how it took more than its budget when it was read."""
    query = select(col(SubmissionRow.reasons)).where(
        col(SubmissionRow.sha256) == digest, col(SubmissionRow.status) == "refused"
    )
    told = (reason for reasons in connection.execute(query).scalars() for reason in reasons)
    return next((Reason(**reason) for reason in told if reason["code"] == excess.CODE), None)


def look_up(connection: Connection, submission: Submission) -> Known:
    """What is known of a mail, its forms and their cases."""
    earlier = _find_earlier(connection, submission)
    routes = {route_of(dossier.form.name, dossier.form.applicant) for dossier in submission.dossiers}
    drafted = _find_forms(connection, earlier.id) if earlier is not None else frozenset()
    next_case = 1 + (connection.execute(select(func.max(col(Case.id)))).scalar() or 0)
    return Known(earlier, drafted, _find_cases(connection, routes) if routes else (), next_case)


def _find_earlier(connection: Connection, submission: Submission) -> EarlierMail | None:
    """The submission this mail repeats: the same bytes, or the same Message-ID with the same attachments."""
    columns = select(col(SubmissionRow.id), col(SubmissionRow.status), col(SubmissionRow.taken_at))
    same_bytes = _find_earlier_mails(connection, columns.where(col(SubmissionRow.sha256) == submission.sha256))
    if same_bytes:
        return same_bytes[0]
    same_name = columns.where(col(SubmissionRow.message_id) == submission.message_id)
    candidates = _find_earlier_mails(connection, same_name.order_by(col(SubmissionRow.id)))
    attachments = _find_attachments(connection, [candidate.id for candidate in candidates])
    own = {original.sha256 for original in submission.originals if original.role not in _MADE_HERE}
    return next((candidate for candidate in candidates if attachments[candidate.id] == own), None)


def _find_earlier_mails(connection: Connection, query: Executable) -> list[EarlierMail]:
    return [EarlierMail(**row) for row in connection.execute(query).mappings()]


def _find_attachments(connection: Connection, submission_ids: Sequence[int]) -> Mapping[int, set[str]]:
    """The SHA-256 (hex) of what came with each mail."""
    query = select(col(OriginalRow.submission_id), col(OriginalRow.sha256)).where(
        col(OriginalRow.submission_id).in_(submission_ids), col(OriginalRow.role).not_in(_MADE_HERE)
    )
    attachments: defaultdict[int, set[str]] = defaultdict(set)
    for row in connection.execute(query) if submission_ids else ():
        attachments[row.submission_id].add(row.sha256)
    return attachments


def _find_forms(connection: Connection, submission_id: int) -> frozenset[FormKey]:
    """The forms of a mail that became cases, or versions of cases."""
    query = select(col(Form.documents), col(Form.name), col(Form.applicant))
    rows = connection.execute(query.where(col(Form.submission_id) == submission_id))
    return frozenset((row.documents.partition(" ")[0], row.name, row.applicant) for row in rows)


def _find_cases(connection: Connection, routes: Collection[str]) -> tuple[KnownCase, ...]:
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
    rows = connection.execute(query).mappings().all()
    returned = _find_returned(connection, [row["id"] for row in rows])
    return tuple(KnownCase(**row, returned=row["id"] in returned) for row in rows)


def _find_returned(connection: Connection, case_ids: Sequence[int]) -> set[int]:
    """Those of these cases that the organisers sent back for correction; they keep the time they first came.

    A return is used up once the case is recommended again, and by no other move.
    """
    query = (
        select(col(Event.case_id), col(Event.leaf))
        .where(col(Event.case_id).in_(case_ids), col(Event.kind) == "move")
        .order_by(col(Event.seq))
    )
    returned: dict[int, bool] = {}
    for row in connection.execute(query) if case_ids else ():
        trigger = orjson.loads(bytes(row.leaf))["trigger"]
        if trigger in (*COURSE.sending_back, COURSE.first_step.trigger):
            returned[row.case_id] = trigger in COURSE.sending_back
    return {case_id for case_id, is_returned in returned.items() if is_returned}
