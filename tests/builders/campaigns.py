"""Rehearsal campaigns with sound drafts in them, written by SQL as intake writes them, history included."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import insert, text

from tests.builders.forms import form as written_form
from tests.builders.mails import Part, mail
from tests.builders.media import PDF
from workflow import clock
from workflow.audit import events
from workflow.audit.check.verify import verify
from workflow.audit.events.commitment import commit_to_form, commit_to_mail, salt_person
from workflow.edition import Edition, find, parse
from workflow.engine.apply import advance
from workflow.engine.batch import BatchReport, OpenBatch
from workflow.engine.campaign import Campaign, found
from workflow.engine.selection import Selection, select
from workflow.intake.route import route_of
from workflow.review import import_reviews, import_scores, import_surveys
from workflow.settings import Settings
from workflow.store import Case, Form, Original, Personal, Submission
from workflow.store.personal import FIELDS

FOUNDED = datetime(2024, 6, 20, 1, tzinfo=UTC)
IN_TIME = datetime(2024, 6, 18, 2, tzinfo=UTC)
MOMENTS = {
    "recommend": datetime(2024, 6, 28, 1, tzinfo=UTC),
    "precheck": datetime(2024, 7, 20, 1, tzinfo=UTC),
    "shortlist": datetime(2024, 7, 25, 1, tzinfo=UTC),
    "present": datetime(2024, 8, 20, 1, tzinfo=UTC),
    "survey": datetime(2024, 9, 10, 1, tzinfo=UTC),
    "select": datetime(2024, 9, 20, 1, tzinfo=UTC),
    "archive": datetime(2024, 10, 20, 1, tzinfo=UTC),
}
LINE = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected", "archived")
_TEXTS = {
    "applicant_opinion_text": "同意申报。",
    "recommender_opinion_text": "同意推荐。",
    "summary": "简介。",
    "content": "一、背景意义\n二、创新做法\n三、实施成效\n四、经验启示",
}
_SOUND = {
    "contact_person": "联系人甲",
    "contact_phone": "027-60000000",
    "address": "湖北省示例市示例路1号",
    "summary_characters": 150,
    "content_characters": 1200,
    "headings_missing": "",
    "doubts": "",
    "applicant_opinion": True,
    "recommender_opinion": True,
    "scans": 1,
    "media": "",
    "filename": "推荐表.docx",
    "problems": [],
    **_TEXTS,
}


class Draft(NamedTuple):
    """A case to be: ``changes`` replace columns of its form, to make it unsound."""

    unit: str
    name: str
    applicant: str = "示例单位"
    category: int = 3
    received_at: datetime = IN_TIME
    changes: Mapping[str, Any] = {}


def wide_edition(quota: int = 5_000, capacity: int = 50) -> Edition:
    """The rule book of 2024 with ``quota`` places for each unit of Appendix 1, for batches larger than the notice's."""
    source = find("hubei-2024").source.decode()
    source, count = re.subn(r"(?m)^quota = \d+$", f"quota = {quota}", source)
    source = source.replace("quota_total = 81", f"quota_total = {quota * count}")
    return parse(source.replace("capacity = 50", f"capacity = {capacity}").encode(), "wide.toml")


def found_rehearsal(
    url: str, folder: Path, edition: Edition | None = None, now: datetime = FOUNDED, language: str = "zh"
) -> Campaign:
    """A new campaign whose originals and Maildir lie in ``folder``."""
    settings = Settings(url, f"maildir:{folder / 'mail'}", language, now, folder / "originals")
    return found(settings, edition or find("hubei-2024"), rehearsal=True)


def at(campaign: Campaign, moment: datetime) -> Campaign:
    """The same campaign at another moment."""
    return replace(campaign, now=moment)


def plain_drafts(units: Sequence[str], count: int) -> list[Draft]:
    """``count`` sound drafts, dealt out to the units in turn."""
    return [Draft(units[place % len(units)], f"示例案例{place + 1}") for place in range(count)]


def add_drafts(campaign: Campaign, drafts: Sequence[Draft]) -> list[int]:
    """Write drafts as one mail's worth; their ordinals."""
    mail_bytes = f"mail {uuid4()}".encode()
    document = b"form and scan"
    digests = [campaign.originals.keep(data) for data in (mail_bytes, document)]
    with campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, "intake")
        first = 1 + (connection.execute(text("SELECT max(id) FROM cases")).scalar() or 0)
        ordinals = list(range(first, first + len(drafts)))
        returned = insert(Submission).returning(Submission.id)  # type: ignore[call-overload]
        submission = connection.execute(returned, _mail(campaign, digests[0])).scalar_one()
        connection.execute(insert(Original), [_original(submission, digest) for digest in digests])
        connection.execute(insert(Case), [_case(*pair) for pair in zip(ordinals, drafts, strict=True)])
        forms = [_form(ordinal, submission, draft, digests[1]) for ordinal, draft in zip(ordinals, drafts, strict=True)]
        connection.execute(insert(Form), [{key: form[key] for key in form if key not in FIELDS} for form in forms])
        of_case = "SELECT id FROM forms WHERE case_id = cases.id"
        connection.execute(text(f"UPDATE cases SET form_id = ({of_case}) WHERE id >= :first"), {"first": first})
        query = text("SELECT case_id, id FROM forms WHERE case_id >= :first")
        form_of = {row[0]: row[1] for row in connection.execute(query, {"first": first})}
        persons = [salt_person(form) for form in forms]
        rows = [{"form_id": form_of[ordinal], **person} for ordinal, person in zip(ordinals, persons, strict=True)]
        connection.execute(insert(Personal), rows)
        numbers = [campaign.edition.case_number(ordinal) for ordinal in ordinals]
        entries = [
            _drafted(number, draft, form_of[ordinal], submission, form, person)
            for number, ordinal, draft, form, person in zip(numbers, ordinals, drafts, forms, persons, strict=True)
        ]
        batch.log.append(entries)
        register = commit_to_mail(_mail(campaign, digests[0]), [_original(submission, digest) for digest in digests])
        batch.log.append([_taken(digests, submission, numbers, register)])
        batch.close(moved=len(drafts))
    return ordinals


def bring(campaign: Campaign, ordinals: Sequence[int], state: str, folder: Path) -> Campaign:
    """Take cases along the main line to ``state``, with a good review, score and survey each; the campaign at its end.

    Cases must stand at ``drafted``; the earlier in ``ordinals``, the higher the score.
    """
    for trigger, target in zip(MOMENTS, LINE[1:], strict=True):
        if LINE.index(target) > LINE.index(state):
            break
        campaign = at(campaign, MOMENTS[trigger])
        if trigger in ("precheck", "present", "survey"):
            judge(campaign, trigger, ordinals, folder)
        report = move(campaign, trigger, ordinals)
        assert len(report.moved) == len(ordinals), report.refused[:3]
    return campaign


def judge(campaign: Campaign, trigger: str, ordinals: Sequence[int], folder: Path) -> None:
    """Import what ``trigger`` asks for (precheck a review, present a score, survey a survey) of these cases."""
    numbers = [campaign.edition.case_number(ordinal) for ordinal in ordinals]
    standards = [f"standard_{number}" for number in campaign.edition.standards]
    if trigger == "precheck":
        heading = ["case", "reviewer", *standards, "implemented_from", "implemented_until", "mainly_hubei"]
        rows = [[number, "初审人", *["yes"] * len(standards), "2022-01", "2024-04", "yes"] for number in numbers]
        report = import_reviews(campaign, sheet(folder, heading, rows))
    elif trigger == "present":
        scored = [[number, "评委", f"{100 - place / 100:.2f}"] for place, number in enumerate(numbers)]
        report = import_scores(campaign, sheet(folder, ["case", "judge", "score"], scored))
    else:
        heading = ["case", "mode", "verified", "surveyor"]
        rows = [[number, "online", "yes", "调研人"] for number in numbers]
        report = import_surveys(campaign, sheet(folder, heading, rows))
    assert report.refused == []


def sheet(folder: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """A CSV file of these rows."""
    path = folder / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


def move(campaign: Campaign, trigger: str, ordinals: Iterable[int] | None = None, why: str = "单位来函") -> BatchReport:
    """Advance the cases named, or all that stand where ``trigger`` starts."""
    asked = select(campaign.edition, trigger, [], everything=True) if ordinals is None else None
    return advance(campaign, trigger, asked or Selection(tuple(sorted(ordinals or ())), ()), why)


def states(campaign: Campaign) -> dict[int, str]:
    """Where every case stands."""
    with campaign.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(text("SELECT id, state FROM cases ORDER BY id"))}


def problems(campaign: Campaign) -> list[Any]:
    """What the history says of the rows: everything that the events and the tables disagree about."""
    with campaign.reading() as connection:
        return list(verify(connection, campaign.originals).problems)


def mail_of(sender: str, received: str, *names: str, message_id: str = "", **answers: str) -> bytes:
    """A real mail with a filled form and its scan for each name; received: the time of its Received header."""
    parts = []
    for name in names:
        parts.append(Part(f"{name}-推荐表.docx", written_form(案例名称=name, **answers)))
        parts.append(Part(f"{name}-盖章扫描件.pdf", PDF))
    identity = message_id or sha256(f"{sender}{received}{names}{answers}".encode()).hexdigest()[:20]
    headers = (
        f"Received: from mail.example by mx.example; {received}".encode(),
        f"Message-ID: <{identity}@mail.example>".encode(),
    )
    return mail(*parts, sender=sender.encode(), headers=headers)


def _mail(campaign: Campaign, digest: str) -> dict[str, Any]:
    return {
        "sha256": digest,
        "message_id": f"<{digest[:16]}@mail.example>",
        "file": "mail.eml",
        "sender": "wxb@unit.example",
        "subject": "推荐表",
        "unit": None,
        "received_at": IN_TIME,
        "received_proven": True,
        "status": "taken",
        "reasons": [],
        "taken_at": campaign.now,
    }


def _original(submission: int, digest: str) -> dict[str, Any]:
    return {
        "submission_id": submission,
        "form_id": None,
        "filename": "mail.eml",
        "media_type": "message/rfc822",
        "role": "mail",
        "size": 1,
        "sha256": digest,
    }


def _case(ordinal: int, draft: Draft) -> dict[str, Any]:
    return {
        "id": ordinal,
        "state": "drafted",
        "version": 1,
        "trail": "",
        "unit": draft.unit,
        "route": route_of(draft.name, draft.applicant),
        "received_at": draft.received_at,
        "received_proven": True,
        "scores": 0,
        "score_total": 0,
    }


def _form(ordinal: int, submission: int, draft: Draft, document: str) -> dict[str, Any]:
    return {
        **_SOUND,
        "case_id": ordinal,
        "submission_id": submission,
        "received_at": draft.received_at,
        "received_proven": True,
        "name": draft.name,
        "applicant": draft.applicant,
        "categories": str(draft.category),
        "documents": document,
        **draft.changes,
    }


def _drafted(
    number: str, draft: Draft, form_id: int, submission: int, form: Mapping[str, Any], person: Mapping[str, Any]
) -> events.Draft:
    return events.Draft(
        case=number,
        documents=form["documents"].split(),
        form=form_id,
        read=commit_to_form(form, person),
        reasons=[],
        received=clock.show(draft.received_at),
        received_proven=True,
        route=route_of(draft.name, draft.applicant),
        submission=submission,
        superseded_by=None,
        supersedes=None,
        unit=draft.unit,
    )


def _taken(digests: Sequence[str], submission: int, numbers: Sequence[str], register: str) -> events.Intake:
    return events.Intake(
        file="mail.eml",
        reasons=[],
        status="taken",
        cases=list(numbers),
        documents=[digests[1]],
        mail=digests[0],
        message_id=f"<{digests[0][:16]}@mail.example>",
        received=clock.show(IN_TIME),
        received_proven=True,
        register=register,
        submission=submission,
        unit=None,
    )


def known_as(campaign: Campaign, account: str) -> str:
    """What the history calls that account of the machine."""
    if campaign.engine.dialect.name == "sqlite":
        return account
    with campaign.reading() as connection:
        return f"{connection.execute(text('SELECT session_user')).scalar_one()} ({account})"
