"""A case's form as it stands, and the new version that a person's word makes of it: rows, events, letters."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from notifications.letters import CaseLine
from workflow import clock
from workflow.audit.events import Correction, ReasonTold
from workflow.audit.events.commitment import commit_to_form, salt_person
from workflow.edition import Edition
from workflow.engine.batch import OpenBatch
from workflow.engine.facts import read_cases
from workflow.engine.selection import CaseUnknown, Selection
from workflow.intake.desk.amendment import KeptForm, Scan, Version
from workflow.intake.tell import FOR_THE_ORGANISERS
from workflow.intake.write import commit_to_register
from workflow.store import Case, Form, Original, Personal
from workflow.store.personal import FIELDS
from workflow.wording import say_reason, say_state


def read_kept(connection: Connection, edition: Edition, case_id: int) -> KeptForm:
    """The case and the form it rests on. Raises CaseUnknown."""
    rows = list(read_cases(connection, Selection((case_id,), ())))
    if not rows:
        raise CaseUnknown(case=edition.case_number(case_id))
    form = (
        connection.execute(
            select(*(column for column in Form.__table__.columns))  # type: ignore[attr-defined]
            .join(Case, col(Case.form_id) == col(Form.id))
            .where(col(Case.id) == case_id)
        )
        .mappings()
        .one()
    )
    columns = [col(getattr(Personal, name)) for name in FIELDS]
    person = connection.execute(select(*columns).where(col(Personal.form_id) == form["id"])).mappings().one()
    return KeptForm(rows[0], dict(form), dict(person))


def write_version(batch: OpenBatch, kept: KeptForm, version: Version, why: str) -> None:
    """Let the case rest on the new version; the form as it came, and what it came with, stay as they are."""
    case, before = version.case, int(kept.form["id"])
    row = {name: value for name, value in version.form.items() if name != "id"}
    person = salt_person(version.person)
    read = commit_to_form(row, person)
    form_id = _enter(batch.connection, row)
    _keep_papers(batch.connection, before, form_id, int(row["submission_id"]), version.said.scans)
    batch.connection.execute(insert(Personal), {"form_id": form_id, **person})
    received = clock.read(case.received_at)
    values = {
        "form_id": form_id,
        "route": case.route,
        "received_at": received,
        "received_proven": case.received_proven,
        "version": case.version,
    }
    batch.connection.execute(update(Case).where(col(Case.id) == case.id).values(**values))
    edition = batch.campaign.edition
    event = Correction(
        case=edition.case_number(case.id),
        documents=case.documents.split(),
        form=form_id,
        read=read,
        reasons=[ReasonTold.of(reason) for reason in version.problems.all],
        received=clock.show(received),
        received_proven=bool(case.received_proven),
        route=case.route,
        register=commit_to_register(batch, int(row["submission_id"])),
        said=version.said.of,
        submission=int(row["submission_id"]),
        supersedes=before,
        unit=case.unit,
        why=why,
    )
    batch.log.append([event])
    if version.said.tells_the_unit:
        batch.letters.tell(
            case.unit, "receipt", line_of_version(version, edition, batch.letters.language_of(case.unit))
        )


def line_of_version(version: Version, edition: Edition, language: str) -> CaseLine:
    """The case as a receipt lists it, with what is wrong with it now."""
    notes = [
        say_reason(reason.code, reason.values, language, edition.zone)
        for reason in version.problems.all
        if reason.code not in FOR_THE_ORGANISERS
    ]
    case = version.case
    return CaseLine(edition.case_number(case.id), case.name, "", say_state(case.state, language), notes)


def _enter(connection: Connection, form: Mapping[str, Any]) -> int:
    """The number of the form's row."""
    query = insert(Form).returning(Form.id)  # type: ignore[call-overload]
    return int(connection.execute(query, form).scalar_one())


def _keep_papers(connection: Connection, before: int, form_id: int, mail: int, scans: Iterable[Scan]) -> None:
    """The new version has the papers of the one before it, and the scans that a person named among them."""
    names = ("filename", "media_type", "role", "size", "sha256")
    query = select(*(col(getattr(Original, name)) for name in names)).where(col(Original.form_id) == before)
    papers = [dict(row) for row in connection.execute(query.order_by(col(Original.id))).mappings()]
    named = {(scan.filename, scan.sha256): {**scan._asdict(), "role": "scan"} for scan in scans}
    kept = [named.pop((paper["filename"], paper["sha256"]), paper) for paper in papers]
    rows = [{**paper, "submission_id": mail, "form_id": form_id} for paper in (*kept, *named.values())]
    if rows:
        connection.execute(insert(Original), rows)
