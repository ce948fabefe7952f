"""Mails -> cases: each mail one transaction, with its event, its drafts and its receipt."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlmodel import col

from notifications.letters import CaseLine
from states.drafted import FORM_GUARDS, received_in_time, received_time_proven
from states.guards import one_route, unit_known
from states.machine import START
from states.reasons import Reason
from workflow import clock
from workflow.audit.log import Entry
from workflow.audit.witness import witness_form
from workflow.edition import Unit
from workflow.engine.batch import OpenBatch, write_reason
from workflow.engine.campaign import Campaign
from workflow.engine.facts import CaseRow, gather_facts, write_media
from workflow.engine.ledger import open_ledger
from workflow.errors import UnitUnknown
from workflow.intake.characters import count_characters
from workflow.intake.dossier import Dossier
from workflow.intake.mailbox import FoundMail, find_mails
from workflow.intake.route import route_of
from workflow.intake.submission import Submission, read_submission
from workflow.store import Case, Form, Original, Submission as SubmissionRow
from workflow.wording import say, say_reason

TRIGGER = "intake"
MAIL_TYPE = "message/rfc822"
_GUARDS = (*FORM_GUARDS, received_in_time, received_time_proven, unit_known, one_route)
_SAME_MESSAGE = text("SELECT id FROM submissions WHERE message_id = :message_id")
_DIGESTS = text("SELECT submission_id, sha256 FROM originals WHERE submission_id IN :ids AND role <> 'mail'").bindparams(
    bindparam("ids", expanding=True)
)
_RETURNED = text("SELECT leaf FROM events WHERE case_id = :case AND kind = 'move' ORDER BY seq DESC LIMIT 1")


class FormFound(NamedTuple):
    """A form of a mail as reports show it; ``complete`` where nothing in it or its attachments stands in the way."""

    name: str
    applicant: str
    categories: tuple[int, ...]
    case_id: int | None
    complete: bool
    reasons: tuple[Reason, ...]


class Taken(NamedTuple):
    """What became of one mail. status: taken, duplicate, set-aside or refused."""

    file: str
    message_id: str
    unit: str | None
    received_at: datetime | None
    status: str
    reasons: tuple[Reason, ...]
    forms: tuple[FormFound, ...]

    @property
    def cases(self) -> tuple[int, ...]:
        return tuple(sorted({form.case_id for form in self.forms if form.case_id is not None}))


def take_in(campaign: Campaign, paths: Sequence[str | Path], recommender: str | None = None) -> Iterator[Taken]:
    """Take every mail under ``paths``, oldest path first, and say of each what became of it.

    recommender: the unit a person has settled for mails whose sender is not known.
    Raises UnitUnknown for a recommender that is no unit, and what ``find_mails`` raises for a path.
    """
    unit = _named(campaign, recommender)
    for mail in find_mails(paths):
        yield _take(campaign, mail, unit)


def _named(campaign: Campaign, recommender: str | None) -> Unit | None:
    if recommender is None:
        return None
    if recommender not in campaign.edition.units:
        raise UnitUnknown(unit=recommender)
    return campaign.edition.units[recommender]


def _take(campaign: Campaign, mail: FoundMail, recommender: Unit | None) -> Taken:
    file = Path(mail.file).name
    if mail.reasons:
        return _refuse(campaign, file, mail)
    submission = read_submission(mail.raw, {number: entry.name for number, entry in campaign.edition.categories.items()})
    for data in (mail.raw, *(original.data for original in submission.originals)):
        campaign.originals.keep(data)
    with campaign.writing() as connection:
        return _Desk(campaign, connection, file, mail.raw, submission, recommender).take()


def _refuse(campaign: Campaign, file: str, mail: FoundMail) -> Taken:
    with campaign.writing() as connection:
        batch = OpenBatch(campaign, connection, TRIGGER)
        taken = Taken(file, "", None, None, "refused", mail.reasons, ())
        what = {"file": file, "status": "refused", "reasons": [write_reason(reason) for reason in mail.reasons]}
        batch.log.append([Entry("intake", what)])
        batch.close()
        return taken


class _Standing(NamedTuple):
    """A case that the same unit sent before."""

    id: int
    state: str
    form_id: int
    received_at: datetime
    form_received_at: datetime


class _Desk:
    """Takes one mail inside one transaction."""

    def __init__(
        self,
        campaign: Campaign,
        connection: Connection,
        file: str,
        raw: bytes,
        submission: Submission,
        recommender: Unit | None,
    ) -> None:
        self.campaign, self.connection, self.file, self.raw = campaign, connection, file, raw
        self.submission = submission
        self.unit = recommender or campaign.edition.unit_of(submission.sender_address)
        self.settled = recommender is not None
        self.batch = OpenBatch(campaign, connection, TRIGGER)

    def take(self) -> Taken:
        earlier = self._earlier()
        if earlier is not None and not (earlier.status == "set-aside" and self.settled):
            return self._finish("duplicate", (Reason("duplicate", "六.5", blocking=False),), ())
        reasons = list(self.submission.reasons)
        if self.unit is None:
            reasons.append(Reason("unit-unknown", "六.1", {"unit": self.submission.sender_address}))
        if self.submission.received_at is None:
            reasons.append(Reason("received-time-missing", "六.5"))
        if self.unit is None or self.submission.received_at is None or not self.submission.dossiers:
            forms = tuple(self._read_only(dossier) for dossier in self.submission.dossiers)
            submission_id = self._keep_mail("set-aside", reasons, earlier)
            return self._finish("set-aside", tuple(reasons), forms, submission_id)
        submission_id = self._keep_mail("taken", reasons, earlier)
        drafts = [self._draft(dossier, self.unit, submission_id) for dossier in self.submission.dossiers]
        self._keep_rest(submission_id)
        status = "taken" if any(draft.case_id is not None for draft in drafts) else "set-aside"
        if status == "set-aside":
            self._set_status(submission_id, status)
        return self._finish(status, tuple(reasons), tuple(drafts), submission_id)

    def _earlier(self) -> Any:
        """The submission that this mail repeats: the same bytes, or the same Message-ID with the same attachments."""
        table = SubmissionRow
        same = select(col(table.id), col(table.status)).where(col(table.sha256) == self.submission.sha256)
        if (row := self.connection.execute(same).first()) is not None:
            return row
        ids = list(self.connection.execute(_SAME_MESSAGE, {"message_id": self.submission.message_id}).scalars())
        if not ids:
            return None
        digests: dict[int, set[str]] = {submission_id: set() for submission_id in ids}
        for submission_id, digest in self.connection.execute(_DIGESTS, {"ids": ids}):
            digests[submission_id].add(digest)
        mine = {original.sha256 for original in self.submission.originals}
        for submission_id in ids:
            if digests[submission_id] == mine:
                query = select(col(table.id), col(table.status)).where(col(table.id) == submission_id)
                return self.connection.execute(query).first()
        return None

    def _keep_mail(self, status: str, reasons: Sequence[Reason], earlier: Any) -> int:
        submission = self.submission
        if earlier is not None:
            self._set_status(earlier.id, status)
            return int(earlier.id)
        row = {
            "sha256": submission.sha256,
            "message_id": submission.message_id,
            "file": self.file,
            "sender": submission.sender_address,
            "subject": submission.subject,
            "unit": self.unit.name if self.unit else None,
            "received_at": submission.received_at,
            "received_proven": submission.received_proven,
            "status": status,
            "reasons": [write_reason(reason) for reason in reasons],
            "taken_at": self.campaign.now,
        }
        submission_id = self._insert(SubmissionRow, row)
        mail = (self.file, MAIL_TYPE, "mail", len(self.raw), submission.sha256)
        self._insert(Original, self._original(submission_id, None, *mail))
        if status == "set-aside":
            self._keep_rest(submission_id)
        return submission_id

    def _keep_rest(self, submission_id: int) -> None:
        """Record the attachments that no form has claimed."""
        known = text("SELECT sha256 FROM originals WHERE submission_id = :id")
        kept = set(self.connection.execute(known, {"id": submission_id}).scalars())
        rows = [
            self._original(submission_id, None, o.filename, o.media_type, o.role, len(o.data), o.sha256)
            for o in self.submission.originals
            if o.sha256 not in kept
        ]
        if rows:
            self.connection.execute(insert(Original), rows)

    def _set_status(self, submission_id: int, status: str) -> None:
        change = update(SubmissionRow).where(col(SubmissionRow.id) == submission_id)
        self.connection.execute(change.values(status=status, unit=self.unit.name if self.unit else None))

    def _draft(self, dossier: Dossier, unit: Unit, submission_id: int) -> FormFound:
        """Make a case of the form, or a new version of the draft it corrects, or set it aside for a person."""
        standing = self._standing(unit, dossier)
        received = self._received()
        if standing is not None and (objection := self._objection(standing, received)) is not None:
            found = self._read_only(dossier)
            return found._replace(reasons=(*found.reasons, objection))
        case_id = standing.id if standing else self._new_case(unit, dossier)
        counts_from = min(received, standing.received_at) if standing and self._returned(standing) else received
        older = standing is not None and received < standing.form_received_at
        row = self._row(dossier, unit, case_id, counts_from)
        reasons = self._problems(row) + dossier.reasons
        form = self._form(dossier, case_id, submission_id, reasons)
        form_id = self._insert(Form, form)
        self._keep_documents(dossier, submission_id, form_id)
        if not older:
            change = update(Case).where(col(Case.id) == case_id)
            values = {
                "form_id": form_id,
                "received_at": counts_from,
                "received_proven": self.submission.received_proven,
                "version": Case.version + 1 if standing else 1,
            }
            self.connection.execute(change.values(**values))
        what = {
            "case": self.campaign.edition.case_number(case_id),
            "unit": unit.name,
            "form": form_id,
            "submission": submission_id,
            "supersedes": standing.form_id if standing and not older else None,
            "superseded_by": standing.form_id if standing and older else None,
            "received": clock.show(counts_from),
            "received_proven": self.submission.received_proven,
            "route": row.route,
            "reasons": [write_reason(reason) for reason in reasons],
            "documents": list(dossier.documents),
            "read": witness_form(form),
        }
        self.batch.log.append([Entry("draft", what, case_id)])
        if not older:
            self._acknowledge(unit, case_id, dossier.form.name, reasons)
        return self._found(dossier, case_id, reasons)

    def _received(self) -> datetime:
        received = self.submission.received_at
        if received is None:
            raise ValueError("a mail without a time is set aside before its forms are drafted")
        return received

    def _standing(self, unit: Unit, dossier: Dossier) -> _Standing | None:
        query = (
            select(col(Case.id), col(Case.state), col(Case.form_id), col(Case.received_at), col(Form.received_at))
            .join(Form, col(Form.id) == col(Case.form_id))
            .where(
                col(Case.unit) == unit.name,
                col(Case.route) == route_of(dossier.form.name, dossier.form.applicant),
            )
            .order_by(col(Case.id).desc())
        )
        row = self.connection.execute(query).first()
        return _Standing(*row) if row else None

    def _objection(self, standing: _Standing, received: datetime) -> Reason | None:
        number = self.campaign.edition.case_number(standing.id)
        if standing.state != START:
            return Reason("correction-after-move", "六.5", {"case": number, "state": standing.state})
        late = received >= self.campaign.edition.received_until > standing.received_at
        if late and not self._returned(standing):
            return Reason("correction-late", "六.5", {"case": number})
        return None

    def _returned(self, standing: _Standing) -> bool:
        """Whether the organisers sent the case back for correction; it then keeps the time it first came."""
        leaf = self.connection.execute(_RETURNED, {"case": standing.id}).scalar()
        return leaf is not None and b'"trigger":"return"' in bytes(leaf)

    def _new_case(self, unit: Unit, dossier: Dossier) -> int:
        case_id: int = 1 + (self.connection.execute(text("SELECT max(id) FROM cases")).scalar() or 0)
        row = {
            "id": case_id,
            "state": START,
            "version": 1,
            "trail": "",
            "unit": unit.name,
            "route": route_of(dossier.form.name, dossier.form.applicant),
            "received_at": self.submission.received_at,
            "received_proven": self.submission.received_proven,
            "scores": 0,
            "score_total": 0,
        }
        self.connection.execute(insert(Case), row)
        return case_id

    def _row(self, dossier: Dossier, unit: Unit | None, case_id: int, received: datetime) -> CaseRow:
        form = dossier.form
        return CaseRow(
            id=case_id,
            state=START,
            version=1,
            trail="",
            unit=unit.name if unit else "",
            route=route_of(form.name, form.applicant),
            received_at=clock.write(received),
            received_proven=self.submission.received_proven,
            recommended_at=None,
            scores=0,
            selected_place=None,
            name=form.name,
            applicant=form.applicant,
            contact_person=form.contact_person,
            contact_phone=form.contact_phone,
            address=form.address,
            categories=",".join(map(str, form.categories)),
            summary_characters=count_characters(form.summary),
            content_characters=count_characters(form.content),
            headings_missing=",".join(form.headings_missing),
            applicant_opinion=bool(form.applicant_opinion),
            recommender_opinion=bool(form.recommender_opinion),
            scans=len(dossier.scans),
            media=write_media(dossier.pictures, dossier.videos),
            documents=" ".join(dossier.documents),
            review_id=None,
            standards_met=None,
            implemented_from=None,
            implemented_until=None,
            mainly_hubei=None,
            survey_id=None,
            mode=None,
            verified=None,
        )

    def _form(
        self, dossier: Dossier, case_id: int, submission_id: int, reasons: Sequence[Reason]
    ) -> dict[str, Any]:
        row = self._row(dossier, self.unit, case_id, self._received())._asdict()
        kept = {name: row[name] for name in Form.model_fields if name in row}
        form = dossier.form
        return {
            **kept,
            "id": None,
            "case_id": case_id,
            "submission_id": submission_id,
            "received_at": self.submission.received_at,
            "filename": dossier.form_filename,
            "problems": [write_reason(reason) for reason in reasons],
            "applicant_opinion_text": form.applicant_opinion,
            "recommender_opinion_text": form.recommender_opinion,
            "summary": form.summary,
            "content": form.content,
        }

    def _problems(self, row: CaseRow) -> tuple[Reason, ...]:
        ledger = open_ledger(self.connection)
        facts = gather_facts(row, ledger, self.campaign.edition, self.campaign.now, None)
        return tuple(reason for guard in _GUARDS if (reason := guard(facts)) is not None)

    def _read_only(self, dossier: Dossier) -> FormFound:
        received = self.submission.received_at or self.campaign.now
        facts_row = self._row(dossier, self.unit, 0, received)
        return self._found(dossier, None, self._problems(facts_row) + dossier.reasons)

    def _found(self, dossier: Dossier, case_id: int | None, reasons: tuple[Reason, ...]) -> FormFound:
        form = dossier.form
        about_form = {guard.__name__ for guard in FORM_GUARDS}
        facts = gather_facts(
            self._row(dossier, self.unit, 0, self.submission.received_at or self.campaign.now),
            open_ledger(self.connection),
            self.campaign.edition,
            self.campaign.now,
            None,
        )
        own = [reason for guard in FORM_GUARDS if guard.__name__ in about_form and (reason := guard(facts))]
        complete = not any(reason.blocking for reason in (*own, *dossier.reasons))
        return FormFound(form.name, form.applicant, form.categories, case_id, complete, reasons)

    def _keep_documents(self, dossier: Dossier, submission_id: int, form_id: int) -> None:
        wanted = set(dossier.documents)
        rows = [
            self._original(submission_id, form_id, o.filename, o.media_type, o.role, len(o.data), o.sha256)
            for o in self.submission.originals
            if o.sha256 in wanted
        ]
        if rows:
            self.connection.execute(insert(Original), rows)

    def _original(
        self, submission_id: int, form_id: int | None, filename: str, media_type: str, role: str, size: int, digest: str
    ) -> dict[str, Any]:
        return {
            "submission_id": submission_id,
            "form_id": form_id,
            "filename": filename,
            "media_type": media_type,
            "role": role,
            "size": size,
            "sha256": digest,
        }

    def _insert(self, table: type[Any], row: dict[str, Any]) -> int:
        given = {name: value for name, value in row.items() if name != "id"}
        return int(self.connection.execute(insert(table).returning(table.id), given).scalar_one())

    def _acknowledge(self, unit: Unit, case_id: int, name: str, reasons: Sequence[Reason]) -> None:
        zone = self.campaign.edition.zone
        notes = [
            say_reason(reason.code, reason.values, unit.language, zone)
            for reason in reasons
            if reason.code != "received-time-unproven"
        ]
        number = self.campaign.edition.case_number(case_id)
        line = CaseLine(number, name, "", say(f"state.{START}", unit.language), notes)
        self.batch.letters.tell(unit.name, "receipt", line)

    def _finish(
        self,
        status: str,
        reasons: tuple[Reason, ...],
        forms: tuple[FormFound, ...],
        submission_id: int | None = None,
    ) -> Taken:
        submission = self.submission
        taken = Taken(
            self.file,
            submission.message_id,
            self.unit.name if self.unit else None,
            submission.received_at,
            status,
            reasons,
            forms,
        )
        what = {
            "file": self.file,
            "message_id": submission.message_id,
            "mail": sha256(self.raw).hexdigest(),
            "submission": submission_id,
            "unit": taken.unit,
            "received": clock.show(submission.received_at) if submission.received_at else None,
            "received_proven": submission.received_proven,
            "status": status,
            "reasons": [write_reason(reason) for reason in reasons],
            "cases": [self.campaign.edition.case_number(case_id) for case_id in taken.cases],
            "documents": [original.sha256 for original in submission.originals],
        }
        self.batch.log.append([Entry("intake", what)])
        self.batch.close(moved=len(taken.cases))
        return taken
