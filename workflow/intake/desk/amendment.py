"""What a person says of a case -> the new version of its form, and what that changes for the law. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from states.drafted import FORM_GUARDS
from states.facts import Facts
from states.machine import law_of
from states.reasons import Reason
from states.room import ask
from workflow import clock
from workflow.edition import Edition
from workflow.engine.batch import write_reason
from workflow.engine.facts import CaseRow, gather_facts
from workflow.engine.occupancy import Occupancy
from workflow.intake.draft import GUARDS_OF_THE_MAIL, Problems
from workflow.intake.route import route_of
from workflow.store.personal import FIELDS

TEXTS = ("name", "applicant", *FIELDS)
"""What a form says in a line, which a telephone call may correct."""

_SETTLES = {
    "categories": ("category-unclear",),
    "scans": ("scan-unclear", "scan-unreadable"),
    "received": ("zone-assumed", "received-time-unproven"),
}
"""Of which doubts and remarks a person's word is the end."""

_OF_THE_MAIL = frozenset(
    {"received-late", "received-time-unproven", "unit-unknown", "other-route", "other-route-submitted"}
)


class Scan(NamedTuple):
    """A file of the mail that a person names as the stamped scan."""

    filename: str
    media_type: str
    size: int
    sha256: str


class Said(NamedTuple):
    """What a person says of one case. texts: by the names in TEXTS. received: when it came."""

    texts: Mapping[str, str] = {}
    category: int | None = None
    scans: tuple[Scan, ...] = ()
    received: datetime | None = None

    @property
    def of(self) -> list[str]:
        """What it says something of, as events name it."""
        said = [name for name in TEXTS if name in self.texts]
        said += ["categories"] if self.category is not None else []
        said += ["received"] if self.received is not None else []
        return said + (["scans"] if self.scans else [])

    @property
    def tells_the_unit(self) -> bool:
        """Whether its unit must know: how to reach it is between it and the organisers."""
        return not set(self.of) <= set(FIELDS)


def say_of(
    name: str | None,
    applicant: str | None,
    contact: str | None,
    phone: str | None,
    address: str | None,
    category: int | None,
) -> Said:
    """What a telephone call may correct; None of what it said nothing of."""
    texts = dict(zip(TEXTS, (name, applicant, contact, phone, address), strict=True))
    return Said({field: value.strip() for field, value in texts.items() if value is not None}, category)


class KeptForm(NamedTuple):
    """A case as the batch path reads it, its form's row by the columns of ``forms``, and what is known of the person
    (None: erased)."""

    case: CaseRow
    form: Mapping[str, Any]
    person: Mapping[str, str | None]


class Change(NamedTuple):
    field: str
    old: Any
    new: Any


class Consequence(NamedTuple):
    """What becomes of one way out of the case's state: whether the law allows it, before and after, and why not."""

    trigger: str
    was: bool
    becomes: bool
    reasons: tuple[Reason, ...]


class Version(NamedTuple):
    """The new version: the case as it will be read, the row of its form, the person, and what is different."""

    case: CaseRow
    form: Mapping[str, Any]
    person: Mapping[str, str]
    problems: Problems
    said: Said
    changes: tuple[Change, ...]
    consequences: tuple[Consequence, ...] = ()


def amend(kept: KeptForm, said: Said, occupancy: Occupancy, edition: Edition, now: datetime) -> Version:
    """The form with what a person says in the place of what it said; the rest as it came."""
    before = kept.case
    texts = {name: value for name, value in said.texts.items() if name not in FIELDS}
    after = CaseRow(**{**before._asdict(), **said.texts})
    if said.category is not None:
        after = after._replace(categories=str(said.category))
    if said.received is not None:
        after = after._replace(received_at=clock.write(said.received), received_proven=False)
    if said.scans:
        after = _add_scans(after, said.scans)
    after = after._replace(
        route=route_of(after.name, after.applicant),
        version=before.version + 1,
        doubts=_end_doubts(before.doubts, said),
    )
    was = gather_facts(before, occupancy, edition, now, None)
    becomes = gather_facts(after, occupancy, edition, now, None)
    problems = _find_problems(kept.form["problems"], was, becomes, said)
    person = {name: said.texts.get(name, kept.person[name] or "") for name in FIELDS}
    form = {
        **kept.form,
        **texts,
        "categories": after.categories,
        "received_at": said.received or kept.form["received_at"],
        "received_proven": kept.form["received_proven"] and said.received is None,
        "scans": after.scans,
        "media": after.media,
        "documents": after.documents,
        "doubts": after.doubts,
        "problems": [write_reason(reason) for reason in problems.all],
    }
    changes = tuple(_changes(kept, after, person, said))
    return Version(after, form, person, problems, said, changes, tuple(_consequences(was, becomes, edition)))


def _add_scans(case: CaseRow, scans: Sequence[Scan]) -> CaseRow:
    """The case with these files as scans, which are then no longer pictures or videos of it."""
    names = {scan.filename for scan in scans}
    media = ""
    if case.media:
        kept = [[each for each in group if each[0] not in names] for group in orjson.loads(case.media)]
        media = orjson.dumps(kept).decode() if any(kept) else ""
    documents = dict.fromkeys([*case.documents.split(), *(scan.sha256 for scan in scans)])
    return case._replace(scans=case.scans + len(scans), media=media, documents=" ".join(documents))


def _end_doubts(written: str, said: Said) -> str:
    if not written:
        return ""
    ended = {code for name in said.of for code in _SETTLES.get(name, ())}
    left = [doubt for doubt in orjson.loads(written) if doubt["code"] not in ended]
    return orjson.dumps(left).decode() if left else ""


def _find_problems(kept: Sequence[Mapping[str, Any]], was: Facts, becomes: Facts, said: Said) -> Problems:
    """What the guards find now, and what intake found besides when the form came."""
    asked = {reason.code for reason in ask(FORM_GUARDS, was)} | _OF_THE_MAIL
    asked |= {code for name in said.of for code in _SETTLES.get(name, ())}
    besides = [
        Reason(each["code"], each["clause"], each["values"], each["blocking"])
        for each in kept
        if each["code"] not in asked
    ]
    return Problems((*ask(FORM_GUARDS, becomes), *besides), tuple(ask(GUARDS_OF_THE_MAIL, becomes)))


def _changes(kept: KeptForm, after: CaseRow, person: Mapping[str, str], said: Said) -> list[Change]:
    old: dict[str, Any] = {**kept.form, **kept.person}
    new: dict[str, Any] = {**after._asdict(), **person}
    if said.received is not None:
        old["received"], new["received"] = clock.show(clock.read(kept.case.received_at)), clock.show(said.received)
    if said.scans:
        old["scans"], new["scans"] = kept.case.scans, [scan.filename for scan in said.scans]
    return [Change(name, old[name], new[name]) for name in said.of if old[name] != new[name]]


def _consequences(was: Facts, becomes: Facts, edition: Edition) -> list[Consequence]:
    """Every way out of the case's state whose verdict is another one now."""
    law, found = law_of(edition.course), []
    for way in law.course.room_of[was.state].exits:
        before, after = law.decide(was, way.trigger), law.decide(becomes, way.trigger)
        if (before.allowed, before.reasons) != (after.allowed, after.reasons):
            found.append(Consequence(way.trigger, before.allowed, after.allowed, after.reasons))
    return found
