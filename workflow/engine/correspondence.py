"""The letters of one batch: one a recipient and kind, listing all of that unit's cases."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from notifications import letters, outbox
from notifications.dates import Date
from notifications.domain_key import DomainKey
from notifications.grammar import TemplateUnfit
from notifications.letters import CaseLine
from workflow import clock
from workflow.audit.events import Letter
from workflow.audit.log import Log
from workflow.batched import batched
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.engine.plan import Move
from workflow.errors import AnliError
from workflow.visible import reveal
from workflow.wording import LANGUAGES, say_reason, say_state, show_day, show_deadline

AT_ONCE = 500
LANGUAGE = LANGUAGES[0]
"""In which people of the campaign's own are written to."""


class Queued(NamedTuple):
    """A letter as reports show it. ``cases`` are their numbers; ``held``: it does not go out before it is released."""

    recipient: str
    address: str
    kind: str
    subject: str
    message_id: str
    sha256: str
    cases: tuple[str, ...]
    held: bool = False


class Addressee(NamedTuple):
    """Whom a letter goes to: by the name the outbox keeps, as the letter greets them, where, in which language."""

    name: str
    shown: str
    address: str
    language: str


class Remarks(NamedTuple):
    """What a letter says besides its cases: its first sentence, points line by line, the dates it announces, and the
    signed note it hands over."""

    sentence: str = ""
    points: Sequence[str] = ()
    dates: Sequence[Date] = ()
    note: str = ""


class LetterUnwritable(AnliError):
    """The rule book's template asks for what a letter does not have: values are language, kind, line, said."""

    code = "error.letter-unwritable"


class Correspondence:
    """Gathers what each recipient is to be told, and renders it when the batch is complete."""

    def __init__(self, campaign: Campaign, batch: int, why: str | None, hold: bool = False) -> None:
        self._campaign = campaign
        self._hold = hold
        self._batch = batch
        self._why = why
        self._why_in: Mapping[str, str] = {}
        self._why_again: dict[tuple[str, str], str | None] = {}
        self._lines: defaultdict[tuple[str, str], list[CaseLine]] = defaultdict(list)
        self._remarks: dict[tuple[str, str], Remarks] = {}
        self._people: dict[str, Addressee] = {}

    def say_why(self, sentences: Mapping[str, str]) -> None:
        """Give the reason in each language's own words."""
        self._why_in = sentences

    def say_why_again(self, unit: str, kind: str, why: str | None) -> None:
        """Give the reason that a letter now written again gave the first time."""
        self._why_again[unit, kind] = why

    def tell(self, unit: str, kind: str, line: CaseLine) -> None:
        self._lines[unit, kind].append(line)

    def write(self, recipient: Addressee, kind: str, remarks: Remarks, lines: Sequence[CaseLine] = ()) -> None:
        """Write a unit or a person a letter that tells of no move: remarks, and cases if it is about any."""
        self._people[recipient.name] = recipient
        self._remarks[recipient.name, kind] = remarks
        self._lines[recipient.name, kind].extend(lines)

    def tell_move(self, move: Move) -> None:
        """Tell its unit that a case moved, and what its move is to pass on."""
        edition, language = self._campaign.edition, self.language_of(move.unit)
        notes = [say_reason(reason.code, reason.values, language, edition.zone) for reason in move.told]
        old, new = move.was.state, move.becomes.state
        self.tell(move.unit, move.letter, line_of(edition, move.case_id, move.name, old, new, language, notes))

    def language_of(self, unit: str) -> str:
        known = self._campaign.edition.units.get(unit)
        return known.language if known else "zh"

    def render(self, signed: bool = True) -> Iterator[tuple[Queued, bytes]]:
        """Every letter, by unit in the edition's order and kind, with the bytes that will go out; who is neither unit
        nor addressed gets none.

        signed: by the domain's key, if letters are. Raises what read_domain_key raises, also where nothing is
        signed yet, and LetterUnwritable.
        """
        edition, now = self._campaign.edition, self._campaign.now
        order = {name: position for position, name in enumerate(edition.units)}
        for name, kind in sorted(self._lines, key=lambda key: (order.get(key[0], -1), key)):
            recipient = self._people.get(name) or recipient_of(edition, name)
            if recipient is None:
                continue
            lines, remarks = self._lines[name, kind], self._remarks.get((name, kind), Remarks())
            why = self._why_again.get((name, kind), self._why_in.get(recipient.language, self._why))
            why = None if remarks.sentence else why
            letter = _compose(self._campaign, self._batch, recipient, kind, lines, why, remarks)
            key = self._campaign.domain_key
            rendered = write(letter, edition, now, key if signed else None)
            queued = Queued(
                recipient.name,
                recipient.address,
                kind,
                rendered.subject,
                rendered.message_id,
                rendered.sha256,
                tuple(line.number for line in lines if line.number),
                self._hold,
            )
            yield queued, rendered.message

    def post(self, connection: Connection, log: Log) -> list[Queued]:
        """Queue every letter in the caller's transaction, with its event, a few at a time."""
        queued: list[Queued] = []
        at = clock.write(self._campaign.now)
        for some in batched(self.render(), AT_ONCE):
            outbox.enqueue(connection, [_row(letter, message, self._batch, at) for letter, message in some])
            log.append(
                Letter.written(letter, letter.address, letter.sha256, letter.cases, letter.held) for letter, _ in some
            )
            queued.extend(letter for letter, _ in some)
        return queued


def write(
    letter: letters.LetterContent, edition: Edition, now: datetime, key: DomainKey | None = None
) -> letters.Rendered:
    """The letter as it goes out under that rule book. Raises LetterUnwritable."""
    sender = sender_of(edition, letter.language)
    try:
        return letters.render(letter, sender, edition.local(now), key)
    except TemplateUnfit as unfit:
        said = unfit.values.get("said", "")
        raise LetterUnwritable(language=letter.language, kind=letter.kind, line=unfit.line, said=said) from None


def recipient_of(edition: Edition, name: str) -> Addressee | None:
    """The unit of that name, as letters address it."""
    unit = edition.units.get(name)
    if unit is None:
        return None
    return Addressee(unit.name, unit.greeted_in(unit.language), unit.address, unit.language)


def people_of(edition: Edition, role: str) -> list[Addressee]:
    """Those of that role who have an address; for the organisers at least the campaign's own mailbox."""
    found = [
        Addressee(member.account, member.account, member.address, LANGUAGE)
        for member in edition.staff
        if member.role == role and member.address is not None
    ]
    if role == "organiser" and not found:
        found.append(Addressee(edition.mail.sender_name, edition.mail.sender_name, edition.mail.reply_to, LANGUAGE))
    return found


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


def line_of(
    edition: Edition, case_id: int, name: str, old: str, new: str, language: str, notes: Sequence[str] = ()
) -> CaseLine:
    """What a letter says of a case that went from ``old`` to ``new``."""
    return CaseLine(
        edition.case_number(case_id), reveal(name), say_state(old, language), say_state(new, language), notes
    )


def _compose(
    campaign: Campaign,
    batch: int,
    recipient: Addressee,
    kind: str,
    lines: Sequence[CaseLine],
    why: str | None,
    remarks: Remarks,
) -> letters.LetterContent:
    edition, language = campaign.edition, recipient.language
    english = language == "en"
    rules = edition.rules_of(recipient.name)
    moments: dict[str, datetime] = {
        "received_until": rules.received_until,
        "process_until": rules.windows[edition.course.first_step.window].closes,
    }
    return letters.LetterContent(
        kind=kind,
        language=language,
        recipient=recipient.shown,
        address=recipient.address,
        identity=(campaign.token, str(batch), recipient.name, kind),
        cases=lines,
        why=reveal(why) if why else why,
        organiser=sender_of(edition, language).name,
        enquiries=(edition.mail.enquiries_en if english else None) or edition.mail.enquiries,
        day=show_day(campaign.now, edition.zone, language),
        moments={
            name: show_deadline(moment, edition.zone, language) if campaign.now < moment else ""
            for name, moment in moments.items()
        },
        sentence=remarks.sentence,
        points=[reveal(point) for point in remarks.points],
        dates=remarks.dates,
        note=remarks.note,
        template=getattr(edition.mail.templates, language).get(kind, ""),
    )


def _row(letter: Queued, message: bytes, batch: int, at: str) -> dict[str, Any]:
    return {
        "batch_id": batch,
        "recipient": letter.recipient,
        "kind": letter.kind,
        "address": letter.address,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "message": message,
        "sha256": letter.sha256,
        "cases": list(letter.cases),
        "state": "queued",
        "attempts": 0,
        "tries": 0,
        "answer": "",
        "queued_at": at,
        "held_at": at if letter.held else None,
    }
