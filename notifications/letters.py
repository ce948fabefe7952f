"""Who is told what: a kind of letter, a recipient and its cases, rendered once into the bytes that go out."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.dates import Date, write_dates
from notifications.message import Mailbox, write_message


class CaseLine(NamedTuple):
    """What a letter says of one case: its number, its name, its old and new state in words, and notes."""

    number: str
    name: str
    old: str
    new: str
    notes: Sequence[str] = ()


class _Listed(NamedTuple):
    """A case as templates list it; place: from 1."""

    place: int
    number: str
    name: str
    old: str
    new: str
    notes: Sequence[str]


class Sender(NamedTuple):
    """Who writes: address and name of the From line, where replies go, and what every subject begins with."""

    address: str
    name: str
    reply_to: str
    subject_prefix: str
    domain: str


class Letter(NamedTuple):
    """One letter to one recipient, before it is rendered.

    identity: what makes it this letter and no other (campaign, batch, recipient, kind): its Message-ID follows from it.
    moments: words for the edition's moments that templates may name, such as ``received_until``; empty once over.
    sentence, points: what it says besides its cases, first in one sentence, then line by line.
    dates: what it announces, for the recipient's calendar. note: a signed note it hands over, byte for byte.
    """

    kind: str
    language: str
    recipient: str
    address: str
    identity: tuple[str, ...]
    cases: Sequence[CaseLine]
    why: str | None
    organiser: str
    enquiries: str
    day: str
    moments: dict[str, str]
    sentence: str = ""
    points: Sequence[str] = ()
    dates: Sequence[Date] = ()
    note: str = ""


class Rendered(NamedTuple):
    """subject: the line as people read it. message: RFC 5322 bytes with CRLF. sha256: of these bytes, in hex."""

    subject: str
    message_id: str
    message: bytes
    sha256: str


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("notifications"),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
        autoescape=False,
    )


@cache
def _template(language: str, kind: str) -> Template:
    return _environment().get_template(f"{language}/{kind}.txt")


def render(letter: Letter, sender: Sender, written_at: datetime) -> Rendered:
    """Make the letter's bytes; the same letter makes the same bytes.

    Raises jinja2.TemplateNotFound for a kind that has no template, jinja2.UndefinedError where one names what is not.
    """
    template = _template(letter.language, letter.kind)
    context = template.new_context(
        {
            "unit": letter.recipient,
            "cases": [_list(place, line) for place, line in enumerate(letter.cases, 1)],
            "why": letter.why,
            "organiser": letter.organiser,
            "enquiries": letter.enquiries,
            "day": letter.day,
            "sentence": letter.sentence,
            "points": letter.points,
            "note": letter.note,
            **letter.moments,
        }
    )
    subject = _one_line(sender.subject_prefix + "".join(template.blocks["subject"](context)))
    body = "".join(template.root_render_func(context)).lstrip("\n")
    message_id = f"<{sha256(chr(0).join(letter.identity).encode()).hexdigest()[:32]}@{sender.domain}>"
    headers: dict[str, str | Mailbox] = {
        "From": Mailbox(sender.name, sender.address),
        "To": Mailbox(_one_line(letter.recipient), letter.address),
        "Reply-To": Mailbox("", sender.reply_to),
        "Subject": subject,
        "Date": format_datetime(written_at),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
    }
    dates = write_dates(letter.dates, written_at) if letter.dates else None
    message = write_message(headers, body, letter.language, dates, letter.note.encode() if letter.note else None)
    return Rendered(subject, message_id, message, sha256(message).hexdigest())


def _list(place: int, line: CaseLine) -> _Listed:
    """A case's line without line breaks of its own, which could pass for the organisers' words."""
    number, name, old, new, notes = line
    return _Listed(place, number, _one_line(name), old, new, [_one_line(note) for note in notes])


def _one_line(text: str) -> str:
    return " ".join(text.split())
