"""The calendar as --json prints it."""

from collections.abc import Mapping
from typing import Any

from workflow import clock
from workflow.deadlines.agenda import Agenda
from workflow.edition import Edition


def answer_calendar(agenda: Agenda) -> dict[str, Any]:
    """Phases, windows, deadlines and amendments of an ``Agenda``."""
    edition: Edition = agenda.edition
    return {
        "edition": edition.name,
        "sha256": edition.sha256,
        "now": clock.show(agenda.now),
        "zone": edition.zone.key,
        "phases": [
            {"phase": each.name, "label": each.label, "label_en": each.label_en, **_span(each)}
            for each in edition.phases.values()
        ],
        "windows": [_received(edition), *(_window(edition, name) for name in edition.windows)],
        "deadlines": [_appointment(each) for each in agenda.appointments],
        "amendments": answer_amendments(edition),
    }


def answer_amendments(edition: Edition) -> list[dict[str, Any]]:
    """What was amended since the notice, in the order in which it was."""
    return [
        {
            "window": each.window,
            "until": clock.show(each.closes.replace(tzinfo=edition.zone)),
            "unit": each.unit,
            "why": each.reason,
        }
        for each in edition.amendments
    ]


def answer_amended(amended: Any) -> dict[str, Any]:
    """What an extension changed (an ``Amended``)."""
    return {
        "batch": amended.batch,
        "window": amended.window,
        "unit": amended.unit,
        "was": clock.show(amended.was),
        "until": clock.show(amended.until),
        "edition": amended.edition,
        "postponed": [
            {"deadline": each.deadline, "was": each.was and clock.show(each.was), "due": clock.show(each.due)}
            for each in amended.postponed
        ],
        "letters": [
            {"recipient": each.recipient, "to": each.address, "subject": each.subject} for each in amended.letters
        ],
    }


def _span(each: Any) -> dict[str, str]:
    return {"opens": clock.show(each.opens), "closes": clock.show(each.closes), "clause": each.clause}


def _window(edition: Edition, name: str) -> dict[str, Any]:
    own = {unit: clock.show(rules.windows[name].closes) for unit, rules in edition.ruling_of.items()}
    span = _span(edition.windows[name])
    return {"window": name, **span, "units": _other(own, span["closes"])}


def _received(edition: Edition) -> dict[str, Any]:
    own = {unit: clock.show(rules.received_until) for unit, rules in edition.ruling_of.items()}
    closes = clock.show(edition.received_until)
    window = edition.windows[edition.course.first_step.window]
    return {**_span(window), "window": "received", "closes": closes, "units": _other(own, closes)}


def _other(own: Mapping[str, str], common: str) -> dict[str, str]:
    return {unit: closes for unit, closes in own.items() if closes != common}


def _appointment(each: Any) -> dict[str, Any]:
    deadline = each.deadline
    return {
        "deadline": deadline.name,
        "kind": deadline.kind,
        "due": clock.show(deadline.due),
        "trigger": deadline.trigger,
        "clause": deadline.clause,
        "units": list(deadline.among),
        "outcome": each.outcome,
        "why": each.why,
        "at": each.at and clock.show(each.at),
        "batch": each.batch,
    }
