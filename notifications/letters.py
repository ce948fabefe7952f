"""Who is told what: a kind of letter, a recipient and its cases, rendered once into the bytes that go out."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import NamedTuple

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.dates import Date, write_dates

DATES_FILE = "dates.ics"


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
    dates: what it announces, for the recipient's calendar.
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
            **letter.moments,
        }
    )
    subject = _one_line(sender.subject_prefix + "".join(template.blocks["subject"](context)))
    body = "".join(template.root_render_func(context)).lstrip("\n")
    message_id = f"<{sha256(chr(0).join(letter.identity).encode()).hexdigest()[:32]}@{sender.domain}>"
    headers = (
        _header("From", str(Address(sender.name, addr_spec=sender.address))),
        _header("To", str(Address(_one_line(letter.recipient), addr_spec=letter.address))),
        _header("Reply-To", str(Address(addr_spec=sender.reply_to))),
        _header("Subject", subject),
        _header("Date", format_datetime(written_at)),
        _header("Auto-Submitted", "auto-generated"),
        f"Message-ID: {message_id}\r\n".encode("ascii"),
    )
    content = EmailMessage(policy=SMTP)
    content.set_content(body, cte="base64")
    content["Content-Language"] = letter.language
    if letter.dates:
        _attach_dates(content, letter.dates, message_id, written_at)
    rendered = b"".join(headers) + content.as_bytes()
    return Rendered(subject, message_id, rendered, sha256(rendered).hexdigest())


@lru_cache(maxsize=4_096)
def _header(name: str, value: str) -> bytes:
    """A header as it travels; those of one batch are nearly all the same."""
    return SMTP.fold_binary(name, SMTP.header_factory(name, value))


def _attach_dates(message: EmailMessage, dates: Sequence[Date], message_id: str, written_at: datetime) -> None:
    """Append ``dates.ics``; the boundary follows from the Message-ID, so that the bytes are the same every time."""
    message.add_attachment(
        write_dates(dates, written_at).decode(), subtype="calendar", charset="utf-8", cte="base64", filename=DATES_FILE
    )
    message.set_boundary(f"=_{message_id[1:33]}")


def _list(place: int, line: CaseLine) -> _Listed:
    """A case's line without line breaks of its own, which could pass for the organisers' words."""
    number, name, old, new, notes = line
    return _Listed(place, number, _one_line(name), old, new, [_one_line(note) for note in notes])


def _one_line(text: str) -> str:
    return " ".join(text.split())
