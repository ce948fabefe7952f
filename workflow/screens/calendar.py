"""The calendar as --json prints it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypedDict

from workflow import clock
from workflow.deadlines.agenda import Agenda, Appointment
from workflow.deadlines.amendment import Amended
from workflow.edition import Edition


class SpanDocument(TypedDict):
    opens: str
    closes: str
    clause: str


class PhaseDocument(SpanDocument):
    phase: str
    label: str
    label_en: str | None


class WindowDocument(SpanDocument):
    """units: those for which it closes at another moment, and when."""

    window: str
    units: dict[str, str]


class AppointmentDocument(TypedDict):
    """A deadline, and what became of it. trigger: of one that moves cases. units: of one for some alone."""

    deadline: str
    kind: str
    due: str
    trigger: str | None
    clause: str
    units: list[str]
    outcome: str | None
    why: str | None
    at: str | None
    batch: int | None


class AmendmentDocument(TypedDict):
    window: str
    until: str
    unit: str | None
    why: str


class CalendarDocument(TypedDict):
    """edition, sha256, zone: of the rule book."""

    edition: str
    sha256: str
    now: str
    zone: str
    phases: list[PhaseDocument]
    windows: list[WindowDocument]
    deadlines: list[AppointmentDocument]
    amendments: list[AmendmentDocument]


class PostponedDocument(TypedDict):
    deadline: str
    was: str | None
    due: str


class AmendedLetterDocument(TypedDict):
    recipient: str
    to: str
    subject: str


class AmendedDocument(TypedDict):
    """What an extension changed. edition: SHA-256 of the rule book from now on."""

    batch: int
    window: str
    unit: str | None
    was: str
    until: str
    edition: str
    postponed: list[PostponedDocument]
    letters: list[AmendedLetterDocument]


class _Span(Protocol):
    @property
    def opens(self) -> datetime: ...
    @property
    def closes(self) -> datetime: ...
    @property
    def clause(self) -> str: ...


def answer_calendar(agenda: Agenda) -> CalendarDocument:
    """Phases, windows, deadlines and amendments of an ``Agenda``."""
    edition: Edition = agenda.edition
    return {
        "edition": edition.name,
        "sha256": edition.sha256,
        "now": clock.show(agenda.now),
        "zone": edition.zone.key,
        "phases": [
            {"phase": phase.name, "label": phase.label, "label_en": phase.label_en, **_span(phase)}
            for phase in edition.phases.values()
        ],
        "windows": [_received(edition), *(_window(edition, name) for name in edition.windows)],
        "deadlines": [_appointment(appointment) for appointment in agenda.appointments],
        "amendments": answer_amendments(edition),
    }


def answer_amendments(edition: Edition) -> list[AmendmentDocument]:
    """What was amended since the notice, in the order in which it was."""
    return [
        {
            "window": amendment.window,
            "until": clock.show(amendment.closes.replace(tzinfo=edition.zone)),
            "unit": amendment.unit,
            "why": amendment.reason,
        }
        for amendment in edition.amendments
    ]


def answer_amended(amended: Amended) -> AmendedDocument:
    return {
        "batch": amended.batch,
        "window": amended.window,
        "unit": amended.unit,
        "was": clock.show(amended.was),
        "until": clock.show(amended.until),
        "edition": amended.edition,
        "postponed": [
            {
                "deadline": postponed.deadline,
                "was": clock.show(postponed.was) if postponed.was else None,
                "due": clock.show(postponed.due),
            }
            for postponed in amended.postponed
        ],
        "letters": [
            {"recipient": letter.recipient, "to": letter.address, "subject": letter.subject}
            for letter in amended.letters
        ],
    }


def _span(span: _Span) -> SpanDocument:
    return {"opens": clock.show(span.opens), "closes": clock.show(span.closes), "clause": span.clause}


def _window(edition: Edition, name: str) -> WindowDocument:
    own = {unit: clock.show(rules.windows[name].closes) for unit, rules in edition.ruling_of.items()}
    span = _span(edition.windows[name])
    return {"window": name, **span, "units": _other(own, span["closes"])}


def _received(edition: Edition) -> WindowDocument:
    own = {unit: clock.show(rules.received_until) for unit, rules in edition.ruling_of.items()}
    closes = clock.show(edition.received_until)
    window = edition.windows[edition.course.first_step.window]
    return {**_span(window), "window": "received", "closes": closes, "units": _other(own, closes)}


def _other(own: Mapping[str, str], common: str) -> dict[str, str]:
    return {unit: closes for unit, closes in own.items() if closes != common}


def _appointment(appointment: Appointment) -> AppointmentDocument:
    deadline = appointment.deadline
    return {
        "deadline": deadline.name,
        "kind": deadline.kind,
        "due": clock.show(deadline.due),
        "trigger": deadline.trigger,
        "clause": deadline.clause,
        "units": list(deadline.among),
        "outcome": appointment.outcome,
        "why": appointment.why,
        "at": clock.show(appointment.at) if appointment.at else None,
        "batch": appointment.batch,
    }
