"""The letters of one batch: one a recipient and kind, listing all of that unit's cases."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from notifications import letters, outbox
from notifications.letters import CaseLine
from workflow import clock
from workflow.audit.log import Entry, Log
from workflow.edition import Edition, Unit
from workflow.engine.campaign import Campaign
from workflow.wording import say_state, show_day, show_moment


class Queued(NamedTuple):
    """A letter as reports show it. ``cases`` are their numbers; ``message`` the bytes that will go out."""

    recipient: str
    address: str
    kind: str
    subject: str
    message_id: str
    sha256: str
    cases: tuple[str, ...]
    message: bytes


class Correspondence:
    """Gathers what each unit is to be told, and renders it when the batch is complete."""

    def __init__(self, campaign: Campaign, batch: int, why: str | None) -> None:
        self._campaign = campaign
        self._batch = batch
        self._why = why
        self._lines: defaultdict[tuple[str, str], list[CaseLine]] = defaultdict(list)

    def tell(self, unit: str, kind: str, line: CaseLine) -> None:
        self._lines[unit, kind].append(line)

    def language_of(self, unit: str) -> str:
        known = self._campaign.edition.units.get(unit)
        return known.language if known else "zh"

    def render(self) -> Iterator[Queued]:
        """Every letter, by unit in the edition's order and kind; units without an address get none."""
        edition, now = self._campaign.edition, self._campaign.now
        order = {name: position for position, name in enumerate(edition.units)}
        for unit_name, kind in sorted(self._lines, key=lambda key: (order.get(key[0], -1), key[1])):
            unit = edition.units.get(unit_name)
            if unit is None:
                continue
            lines = self._lines[unit_name, kind]
            letter = _compose(self._campaign, self._batch, unit, kind, lines, self._why)
            rendered = letters.render(letter, sender_of(edition, unit.language), edition.local(now))
            yield Queued(
                unit.name,
                unit.address,
                kind,
                rendered.subject,
                rendered.message_id,
                rendered.sha256,
                tuple(line.number for line in lines if line.number),
                rendered.message,
            )

    def post(self, connection: Connection, log: Log) -> list[Queued]:
        """Queue every letter in the caller's transaction, with its event."""
        queued = list(self.render())
        at = clock.write(self._campaign.now)
        outbox.enqueue(connection, [_row(letter, self._batch, at) for letter in queued])
        log.append(Entry("letter", _what(letter, "queued")) for letter in queued)
        return queued


def sender_of(edition: Edition, language: str) -> letters.Sender:
    mail = edition.mail
    english = language == "en"
    return letters.Sender(
        mail.sender,
        (mail.sender_name_en if english else None) or mail.sender_name,
        mail.reply_to,
        (mail.subject_prefix_en if english else None) or mail.subject_prefix,
        mail.message_id_domain,
    )


def line_of(edition: Edition, case_id: int, name: str, old: str, new: str, language: str) -> CaseLine:
    """What a letter says of a case that went from ``old`` to ``new``."""
    return CaseLine(edition.case_number(case_id), name, say_state(old, language), say_state(new, language))


def _compose(
    campaign: Campaign, batch: int, unit: Unit, kind: str, lines: Sequence[CaseLine], why: str | None
) -> letters.Letter:
    edition, language = campaign.edition, unit.language
    english = language == "en"
    moments: dict[str, datetime] = {
        "received_until": edition.received_until,
        "process_until": edition.process_until,
    }
    return letters.Letter(
        kind=kind,
        language=language,
        recipient=(unit.name_en if english else None) or unit.name,
        address=unit.address,
        identity=(campaign.token, str(batch), unit.name, kind),
        cases=lines,
        why=why,
        organiser=sender_of(edition, language).name,
        enquiries=(edition.mail.enquiries_en if english else None) or edition.mail.enquiries,
        day=show_day(campaign.now, edition.zone, language),
        moments={name: show_moment(moment, edition.zone, language) for name, moment in moments.items()},
    )


def _row(letter: Queued, batch: int, at: str) -> dict[str, Any]:
    return {
        "batch_id": batch,
        "recipient": letter.recipient,
        "kind": letter.kind,
        "address": letter.address,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "message": letter.message,
        "sha256": letter.sha256,
        "cases": list(letter.cases),
        "state": "queued",
        "attempts": 0,
        "answer": "",
        "queued_at": at,
    }


def _what(letter: Queued, state: str) -> dict[str, Any]:
    return {
        "letter": letter.message_id,
        "recipient": letter.recipient,
        "address": letter.address,
        "letter_kind": letter.kind,
        "sha256": letter.sha256,
        "cases": list(letter.cases),
        "to": state,
    }
