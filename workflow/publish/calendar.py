"""The calendar as --json prints it, and as calendars elsewhere read it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from workflow import clock
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.wording import say

_LONGEST_LINE = 75
"""Octets of a line (RFC 5545, 3.1)."""


def answer_calendar(agenda: Any) -> dict[str, Any]:
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
        "amendments": [
            {
                "window": each.window,
                "until": clock.show(each.closes.replace(tzinfo=edition.zone)),
                "unit": each.unit,
                "why": each.reason,
            }
            for each in edition.amendments
        ],
    }


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


def write_icalendar(campaign: Campaign, agenda: Any) -> str:
    """The phases as spans and the deadlines as moments (RFC 5545), for mail programs and telephones."""
    return "".join(f"{folded}\r\n" for line in _lines(campaign, agenda) for folded in _fold(line))


def _lines(campaign: Campaign, agenda: Any) -> Iterator[str]:
    edition, language = agenda.edition, campaign.language
    stamp = f"{agenda.now:%Y%m%dT%H%M%SZ}"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//anli//calendar//ZH")
    for phase in edition.phases.values():
        label = (phase.label_en if language == "en" else None) or phase.label
        yield from _event(campaign, f"phase-{phase.name}", stamp, label, f"{phase.clause}")
        yield f"DTSTART:{phase.opens:%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{phase.closes:%Y%m%dT%H%M%SZ}"
        yield "END:VEVENT"
    for each in agenda.appointments:
        due = each.deadline.due
        uid = f"{each.deadline.name}-{due:%Y%m%dT%H%M%SZ}"
        yield from _event(campaign, uid, stamp, say(each.deadline.text, language), each.deadline.clause)
        yield f"DTSTART:{due:%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{due + timedelta(minutes=1):%Y%m%dT%H%M%SZ}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _event(campaign: Campaign, uid: str, stamp: str, summary: str, clause: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}-{campaign.token}@{campaign.edition.mail.message_id_domain}"
    yield f"DTSTAMP:{stamp}"
    yield f"SUMMARY:{_escape(summary)}"
    yield f"DESCRIPTION:{_escape(clause)}"


def _escape(words: str) -> str:
    """A value's text (RFC 5545, 3.3.11)."""
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, no character torn (RFC 5545, 3.1)."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece


def _span(each: Any) -> dict[str, str]:
    return {"opens": clock.show(each.opens), "closes": clock.show(each.closes), "clause": each.clause}


def _window(edition: Edition, name: str) -> dict[str, Any]:
    own = {unit: clock.show(rules.windows[name].closes) for unit, rules in edition.ruling_of.items()}
    span = _span(edition.windows[name])
    return {"window": name, **span, "units": _other(own, span["closes"])}


def _received(edition: Edition) -> dict[str, Any]:
    own = {unit: clock.show(rules.received_until) for unit, rules in edition.ruling_of.items()}
    closes = clock.show(edition.received_until)
    window = edition.windows["recommend"]
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
