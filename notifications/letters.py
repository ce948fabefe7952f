"""Who is told what: a kind of letter, a recipient and its cases, rendered once into the bytes that go out."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

from notifications.dates import Date, write_dates
from notifications.domain_key import DomainKey
from notifications.message import Mailbox, write_message
from notifications.passage import split_paragraphs
from notifications.template import HTML, TEXT, layout, read_kind


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


class LetterContent(NamedTuple):
    """One letter to one recipient, before it is rendered.

    identity: what makes it this letter and no other (campaign, batch, recipient, kind): its Message-ID follows from it.
    moments: words for the edition's moments that templates may name, such as ``received_until``; empty once over.
    sentence, points: what it says besides its cases, first in one sentence, then line by line.
    dates: what it announces, for the recipient's calendar. note: a signed note it hands over, byte for byte.
    template: the rule book's own, whose blocks take the place of the built-in ones.
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
    template: str = ""


class Rendered(NamedTuple):
    """subject: the line as people read it. message: RFC 5322 bytes with CRLF. sha256: of these bytes, in hex."""

    subject: str
    message_id: str
    message: bytes
    sha256: str


def render(letter: LetterContent, sender: Sender, written_at: datetime, key: DomainKey | None = None) -> Rendered:
    """Make the letter's bytes, signed by ``key`` if there is one; the same letter makes the same bytes.

    The blocks of its kind's template are written once, as plain text; the layouts of the text and of the HTML put the
    same words into place, so that they cannot disagree.
    Raises jinja2.TemplateNotFound for a kind that has no template, TemplateUnfit where one names what is not.
    """
    kind = read_kind(letter.language, letter.kind, letter.template)
    values: dict[str, object] = {
        "unit": _one_line(letter.recipient),
        "cases": [_list(place, line) for place, line in enumerate(letter.cases, 1)],
        "why": letter.why,
        "organiser": letter.organiser,
        "enquiries": letter.enquiries,
        "day": letter.day,
        "sentence": letter.sentence,
        "points": [_one_line(point) for point in letter.points],
        "note": letter.note,
        **letter.moments,
    }
    subject = _one_line(sender.subject_prefix + kind.write("subject", values))
    said = {name: kind.write(name, values) for name in ("greeting", "opening", "next")}
    text = _lay_out(letter.language, TEXT, {**values, **said})
    words = {"opening": said["opening"], "why": letter.why or "", "next": said["next"]}
    passages = {name: list(split_paragraphs(text)) for name, text in words.items()}
    html = _lay_out(letter.language, HTML, {**values, **said, **passages, "subject": subject})
    message_id = f"<{sha256(chr(0).join(letter.identity).encode()).hexdigest()[:32]}@{sender.domain}>"
    headers: dict[str, str | Mailbox] = {
        "From": Mailbox(sender.name, sender.address),
        "To": Mailbox(_one_line(letter.recipient), letter.address),
        "Reply-To": Mailbox("", sender.reply_to),
        "Subject": subject,
        "Date": format_datetime(written_at),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    dates = write_dates(letter.dates, written_at) if letter.dates else None
    message = write_message(headers, text, html, dates, letter.note.encode() if letter.note else None)
    if key is not None:
        message = key.sign(message, written_at) + message
    return Rendered(subject, message_id, message, sha256(message).hexdigest())


def _list(place: int, line: CaseLine) -> _Listed:
    """A case's line without line breaks of its own, which could pass for the organisers' words."""
    number, name, old, new, notes = line
    return _Listed(place, number, _one_line(name), old, new, [_one_line(note) for note in notes])


def _lay_out(language: str, form: str, values: dict[str, object]) -> str:
    template = layout(language, form)
    return "".join(template.root_render_func(template.new_context(values, shared=True)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
