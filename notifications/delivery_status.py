"""Reading delivery reports (RFC 3464, RFC 6522): from any bytes, and from mail servers as they really are."""

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser, HeaderParser
from hashlib import sha256
from typing import TypeAlias

from notifications.bounce import TOKEN_LENGTH, DeliveryReport, Recipient
from notifications.fields import HEAD_BYTES, BoundedFields, fields_of
from notifications.notice import named_letters, read_notice, text_of_html
from notifications.words import plain

LARGEST = 10 * 1024 * 1024
"""Bytes of a report that are read; what a server returns is at most a letter of ours."""
TEXT_BYTES = 64 * 1024
PARTS = 100
RECIPIENTS = 100
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")

_STATUSES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "message/global")
_RETURNED_HEADERS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_SENT_TO = ("delivered-to", "x-original-to", "x-delivered-to", "envelope-to", "x-envelope-to", "to")
_POSTMASTERS = ("mailer-daemon", "postmaster")
_ADDRESS = re.compile(r"[^\s<>,;\"()]{1,200}@[^\s<>,;\"()]{1,200}")
_IDENTIFIER = re.compile(r"<[!-;=?-~]{1,400}>")
_TOKEN = re.compile(rf"\+([0-9a-f]{{{TOKEN_LENGTH}}})@", re.IGNORECASE)
_STATUS = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9])")
_STATUS_IN_WORDS = re.compile(r"(?<![0-9.])([45]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_TYPE = re.compile(r"\s*[\w.-]{1,40}\s*;")
_KIND = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\r?\n\r?\n")

Part: TypeAlias = "Message[str, str]"


def is_report(raw: bytes) -> bool:
    """Whether a mail is a delivery report, by its own header fields, or a mail system's that returns a letter."""
    head = _read_head(raw)
    if _is_report(head):
        return True
    return _is_from_mail_system(head) and _has_no_sender(head) and bool(_read_contents(raw).letters)


def read_report(raw: bytes) -> DeliveryReport | None:
    """Read a report; None for any other mail. Never raises: one that cannot be read has no recipients.

    A mail system's message that is no report of RFC 3464 (the empty return path, or a postmaster's name) is read by its
    words: where it returns or names a letter, they say what became of it.
    """
    head = _read_head(raw)
    if not (_is_report(head) or _is_from_mail_system(head)):
        return None
    contents = _read_contents(raw)
    letters = frozenset(contents.letters) or _answered(head)
    sent_to = [value for name in _SENT_TO for value in fields_of(head, name)]
    tokens = frozenset(match[1].lower() for value in sent_to for match in _TOKEN.finditer(value))
    recipients = contents.recipients if _is_report(head) else []
    if not recipients and (letters or tokens):
        named = [_read_address(value) for value in _first(head, "x-failed-recipients").split(",")[:RECIPIENTS]]
        told = read_notice(contents.notice, [address for address in named if address])
        recipients = [told] if told is not None else []
    own = (fields_of(head, "message-id"), fields_of(head, "date"), sorted(letters), sorted(tokens), recipients)
    identity = sha256(repr(own).encode("utf-8", "surrogateescape")).hexdigest()
    return DeliveryReport(identity, letters, tokens, tuple(recipients), _one_line(contents.notice))


def _read_contents(raw: bytes) -> "_Contents":
    contents = _Contents()
    if len(raw) <= LARGEST:
        try:
            contents.read(BytesParser(policy=_POLICY).parsebytes(raw))
        except Exception:  # noqa: BLE001 - the parser promises not to raise, and does on hostile nesting
            return _Contents()
    return contents


_POLICY = BoundedFields()


class _Contents:
    """What the parts of a report hold; the parts of the letter it returns are not looked into."""

    def __init__(self) -> None:
        self.recipients: list[Recipient] = []
        self.letters: list[str] = []
        self._plain = ""
        self._page = ""

    @property
    def notice(self) -> str:
        """What it says to people."""
        return self._plain or text_of_html(self._page)

    def read(self, report: Part) -> None:
        waiting = [report]
        for _ in range(PARTS):
            if not waiting:
                break
            part = waiting.pop()
            kind, payload = part.get_content_type(), part.get_payload()
            if kind in _STATUSES:
                self.recipients += _read_recipients(part)
            elif kind in _RETURNED and isinstance(payload, list):
                self.letters += [name for letter in payload[:1] for name in _read_returned(letter, part)]
            elif kind in _RETURNED_HEADERS:
                self.letters += _read_identifier(_parse_head(_text(part)))
            elif kind.startswith("multipart/") and isinstance(payload, list):
                waiting.extend(each for each in reversed(payload) if isinstance(each, Message))
            elif not self._hears(part, kind):
                self.letters += _read_attached(part)
        if not self.letters:
            self.letters = named_letters(self.notice)

    def _hears(self, part: Part, kind: str) -> bool:
        """Take a part's text for what is said to people, the first of each kind."""
        if kind == "text/plain" and not self._plain and part.get_filename() is None:
            self._plain = _readable(part)
            return True
        if kind == "text/html" and not self._page and part.get_filename() is None:
            self._page = _readable(part)
            return True
        return False


def _read_returned(letter: object, part: Part) -> list[str]:
    """The letter's identifier, also where its transfer encoding kept the parser from the letter."""
    if found := _read_identifier(letter):
        return found
    written = _write_out(letter) if isinstance(letter, Message) else ""
    return _read_identifier(_parse_head(_decoded(written, part)))


def _read_attached(part: Part) -> list[str]:
    """The identifier of a letter that is returned as a file of whatever type."""
    head = _parse_head(_text(part)[:HEAD_BYTES])
    return _read_identifier(head) if _first(head, "from") and _first(head, "subject") else []


def _read_recipients(part: Part) -> Iterator[Recipient]:
    """The groups of fields that name a recipient (RFC 3464, 2.3)."""
    for group in _groups(part):
        action = _first(group, "action").partition("(")[0].strip().lower()
        words = _one_line(_TYPE.sub("", _decode(_first(group, "diagnostic-code")), count=1))
        found = _STATUS.match(_first(group, "status").strip()) or _STATUS_IN_WORDS.search(words)
        status = found[1] if found else ""
        named = [_read_address(_first(group, name)) for name in ("final-recipient", "original-recipient")]
        addresses = tuple(dict.fromkeys(filter(None, named)))
        if action or addresses:
            makes_sense = action in ACTIONS and (action, status[:1]) != ("failed", "2")
            yield Recipient(action if makes_sense else "", status, addresses, words)


def _groups(part: Part) -> list[Part]:
    """Groups that their encoding or type hid from the parser are read from the part's own text."""
    payload = part.get_payload()
    groups = [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    if any(_first(group, "action") for group in groups[1:]):
        return groups[: RECIPIENTS + 1]
    written = _decoded("\n\n".join(map(_write_out, groups)), part) if groups else _text(part)
    return [_parse_head(block) for block in _BLANK_LINE.split(written, RECIPIENTS + 1)[: RECIPIENTS + 1]]


def _decoded(written: str, part: Part) -> str:
    """Text of a part whose transfer encoding the parser took for the text itself."""
    encoding = _first(part, "content-transfer-encoding").strip().lower()
    if encoding not in ("base64", "quoted-printable"):
        return written
    encoded: Part = Message()
    encoded["Content-Transfer-Encoding"] = encoding
    encoded.set_payload(written.strip())
    return _text(encoded)


def _write_out(group: Part) -> str:
    fields = "\n".join(f"{name}: {value}" for name, value in group.raw_items())
    return f"{fields}\n\n{_text(group)}"


def _read_head(raw: bytes) -> Part:
    head = re.split(rb"\r?\n\r?\n", raw[:HEAD_BYTES].lstrip(), maxsplit=1)[0]
    try:
        return BytesHeaderParser(policy=_POLICY).parsebytes(head + b"\n\n")
    except Exception:  # noqa: BLE001 - fields made to stop a parser are no report's
        return Message()


def _parse_head(text: str) -> Part:
    return HeaderParser(policy=_POLICY).parsestr(text.lstrip("\r\n"))


def _is_report(head: Part) -> bool:
    kind = _KIND.search(_first(head, "content-type"))
    return head.get_content_type() == "multipart/report" and (kind is None or kind[1].lower() == "delivery-status")


def _is_from_mail_system(head: Part) -> bool:
    """What a person's mailbox answers by itself (RFC 3834), and reports of other kinds, are not meant."""
    if head.get_content_type() == "multipart/report" or "auto-replied" in _first(head, "auto-submitted").lower():
        return False
    sender = _read_address(_first(head, "from")).partition("@")[0]
    return _first(head, "return-path").strip() == "<>" or sender in _POSTMASTERS


def _has_no_sender(head: Part) -> bool:
    """Whether nobody would get an answer to it (RFC 5321, 4.5.5), or its sender is the mail system by name."""
    sender = _read_address(_first(head, "from")).partition("@")[0]
    return _first(head, "return-path").strip() == "<>" or sender == _POSTMASTERS[0]


def _answered(head: Part) -> frozenset[str]:
    """The letter that a mail system's own message says it answers."""
    found = _IDENTIFIER.search(_first(head, "in-reply-to")) if _has_no_sender(head) else None
    return frozenset([found[0]] if found else [])


def _read_identifier(message: object) -> list[str]:
    found = _IDENTIFIER.search(_first(message, "message-id")) if isinstance(message, Message) else None
    return [found[0]] if found else []


def _read_address(value: str) -> str:
    found = _ADDRESS.search(value)
    return plain(found[0]).lower() if found else ""


def _decode(value: str) -> str:
    """Encoded words (RFC 2047) as text; what is wrongly encoded stays as it is."""
    try:
        parts = decode_header(value) if "=?" in value else [(value, None)]
    except (MessageError, ValueError):
        return value
    return "".join(part if isinstance(part, str) else part.decode("utf-8", "surrogateescape") for part, _ in parts)


def _text(part: Part) -> str:
    """The beginning of a part's text, its transfer encoding undone; bytes that are no UTF-8 are kept as surrogates."""
    try:
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - broken transfer encodings raise what they like
        return ""
    return data[:TEXT_BYTES].decode("utf-8", "surrogateescape") if isinstance(data, bytes) else ""


def _readable(part: Part) -> str:
    """A part's text in the characters that it says it is written in, or that it can only be written in."""
    raw = _text(part).encode("utf-8", "surrogateescape")
    for charset in (part.get_content_charset(), "utf-8", "gb18030"):
        try:
            return raw.decode(charset or "utf-8")
        except (LookupError, ValueError):
            continue
    return raw.decode("gb18030", "replace")


def _one_line(text: str) -> str:
    return plain(" ".join(text.split()))


def _first(message: Part, name: str) -> str:
    return next(iter(fields_of(message, name)), "")
