"""Bytes of one mail (RFC 5322, MIME) -> Mail: who, when, and what is attached."""

import base64
import binascii
import email.utils
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.charset import decode_text
from workflow.intake.filename import bare_filename
from workflow.intake.header import decode_field, raw_fields, read_parameter
from workflow.intake.page import read_page
from workflow.intake.text import clean_line

_FED_BYTES = 65536
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_IDENTIFIER = re.compile(r"<[^<>\s]{1,400}>")
_ADDRESS = re.compile(r"[^\s<>,;\"()]{1,200}@[^\s<>,;\"()]{1,200}")
_BRACKETS = re.compile(r"<([^<>]{1,400})>")
_NOT_AN_ADDRESS = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Attachment:
    """A file that came with the mail.

    filename: shown and compared only, never a path; original_name: as sent. folder: where it lay in an archive or
    a forwarded mail, for comparing. inline: a picture the HTML text shows itself, such as a logo.
    """

    filename: str
    media_type: str
    data: bytes
    original_name: str = ""
    folder: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Mail:
    """One mail. received_at is aware UTC, None where no date can be read; reasons are what could not be taken."""

    message_id: str
    sender_address: str
    sender_name: str
    subject: str
    received_at: datetime | None
    received_proven: bool
    text: str
    attachments: tuple[Attachment, ...]
    reasons: tuple[Reason, ...]


def read_mail(raw: bytes, arrived_at: datetime | None = None) -> Mail:
    """Read a mail; never raises: what cannot be read is a reason.

    The time is ``arrived_at``, which the server of the mailbox kept beside the mail; else that of the topmost
    ``Received`` field (RFC 5322 3.6.7), which the receiving server wrote; else ``Date``, which the sender wrote, with
    the reason ``received-time-unproven`` (六.5: 于6月30日前).
    """
    message, reasons = _parse(raw)
    arrived = _within_reach(arrived_at) if arrived_at is not None else None
    received_at, proven = (arrived, True) if arrived is not None else _read_time(message)
    if received_at is None:
        reasons.append(Reason("received-time-unknown", "六.5"))
    elif not proven:
        reasons.append(
            Reason(
                "received-time-unproven",
                "六.5",
                {"received": received_at.isoformat()},
                blocking=False,
            )
        )
    address, name = _read_sender(message)
    contents = _Contents(reasons)
    contents.read(message)
    return Mail(
        message_id=_read_identifier(message, raw),
        sender_address=address,
        sender_name=name,
        subject=clean_line(decode_field(_first(message, "subject"))),
        received_at=received_at,
        received_proven=proven,
        text="\n".join(contents.plain or contents.pages),
        attachments=tuple(contents.attachments),
        reasons=tuple(reasons),
    )


class _BoundedFields(Compat32):
    """Keeps the beginning of each header field only; parsing a long one takes the square of its length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: limits.HEADER_CHARACTERS]


_POLICY = _BoundedFields()


def _parse(raw: bytes) -> tuple["Message[str, str]", list[Reason]]:
    parser = BytesFeedParser(policy=_POLICY)
    try:
        for start in range(0, len(raw), _FED_BYTES):
            parser.feed(raw[start : start + _FED_BYTES])
        return parser.close(), []
    except Exception:  # noqa: BLE001 - the parser promises not to raise, and does on hostile nesting
        return Message(), [Reason("mail-unreadable", "六.5")]


class _Contents:
    """Walks the parts of a mail without recursion and gathers texts, attachments and reasons."""

    def __init__(self, reasons: list[Reason]) -> None:
        self.plain: list[str] = []
        self.pages: list[str] = []
        self.attachments: list[Attachment] = []
        self._reasons = reasons
        self._parts = 0

    def read(self, message: "Message[str, str]") -> None:
        waiting: list[tuple[Message[str, str], int, int, bool, str]] = [(message, 0, 0, False, "")]
        while waiting:
            part, depth, forwarded, related, folder = waiting.pop()
            self._parts += 1
            if self._parts > limits.MAIL_PARTS or len(self.attachments) >= limits.ATTACHMENTS:
                self._reasons.append(Reason("attachments-too-many", "六.5", {"limit": limits.ATTACHMENTS}))
                return
            media_type = clean_line(part.get_content_type())
            children = part.get_payload() if part.is_multipart() else None
            if not isinstance(children, list):
                waiting.extend(self._read_leaf(part, media_type, forwarded, related, folder))
                continue
            is_forward = part.get_content_maintype() == "message"
            forwarded += is_forward
            if depth >= limits.MULTIPART_DEPTH or forwarded > limits.FORWARDED_DEPTH:
                self._refuse_depth(part)
                continue
            inner = f"{folder}/mail{self._parts}" if is_forward else folder
            waiting.extend(
                (child, depth + 1, forwarded, media_type == "multipart/related", inner)
                for child in reversed(children)
                if isinstance(child, Message)
            )

    def _read_leaf(
        self,
        part: "Message[str, str]",
        media_type: str,
        forwarded: int,
        related: bool,
        folder: str,
    ) -> Iterator[tuple["Message[str, str]", int, int, bool, str]]:
        disposition = _first(part, "content-disposition")
        original = read_parameter(disposition, "filename") or read_parameter(_first(part, "content-type"), "name")
        attached = bool(original) or disposition.strip().lower().startswith("attachment")
        filename = bare_filename(original) or f"attachment-{self._parts}"
        payload = part.get_payload()
        if isinstance(payload, str) and len(payload) * 3 // 4 > limits.ATTACHMENT_BYTES:
            values: dict[str, str | int] = {
                "filename": filename,
                "limit_mb": limits.ATTACHMENT_BYTES // limits.MEBIBYTE,
            }
            self._reasons.append(Reason("attachment-too-large", "六.5", {**values}))
            return
        data = _decode_payload(part)
        part.set_payload("")
        if media_type.startswith("text/") and not attached:
            text = decode_text(
                data[: limits.BODY_BYTES],
                read_parameter(_first(part, "content-type"), "charset"),
            )
            if media_type == "text/html":
                self.pages.append(read_page(text))
            else:
                self.plain.append(text)
        elif filename.lower().endswith(".eml") and data:
            inner, reasons = _parse(data)
            self._reasons.extend(reasons)
            if forwarded < limits.FORWARDED_DEPTH:
                yield inner, 0, forwarded + 1, False, f"{folder}/mail{self._parts}"
            else:
                self._refuse_depth(part)
        elif data or attached:
            inline = related and not disposition.strip().lower().startswith("attachment")
            self.attachments.append(Attachment(filename, media_type, data, original, folder, inline))

    def _refuse_depth(self, part: "Message[str, str]") -> None:
        original = read_parameter(_first(part, "content-disposition"), "filename")
        values = {"filename": bare_filename(original) or f"attachment-{self._parts}"}
        self._reasons.append(Reason("mail-nested-too-deep", "六.5", values))


def _decode_payload(part: "Message[str, str]") -> bytes:
    """Decode the content of a part; base64 without the copies that the standard library makes of it."""
    encoded = part.get_payload()
    try:
        if isinstance(encoded, str) and _first(part, "content-transfer-encoding").strip().lower() == "base64":
            return _decode_base64(encoded)
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - broken transfer encodings raise what they like
        return b""
    return data if isinstance(data, bytes) else b""


def _decode_base64(encoded: str) -> bytes:
    try:
        return binascii.a2b_base64(encoded)
    except ValueError:
        kept = _NOT_BASE64.sub(b"", encoded.encode("ascii", "replace"))
        whole = kept[:-1] if len(kept) % 4 == 1 else kept
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _read_time(message: "Message[str, str]") -> tuple[datetime | None, bool]:
    received = raw_fields(message, "received")
    if received and (moment := _parse_time(received[0].rpartition(";")[2])):
        return moment, True
    return _parse_time(_first(message, "date")), False


def _parse_time(text: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text.encode("ascii", "replace").decode("ascii").strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _within_reach(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _within_reach(moment: datetime) -> datetime | None:
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def _read_sender(message: "Message[str, str]") -> tuple[str, str]:
    """The last address outside quotation marks and comments (RFC 5322 3.4): a name that looks like one is none."""
    for field in ("from", "sender"):
        value = _first(message, field)
        spoken = _NOT_AN_ADDRESS.sub(lambda quoted: " " * len(quoted[0]), value)
        bracketed = list(_BRACKETS.finditer(spoken))
        addresses = _ADDRESS.findall(bracketed[-1][1] if bracketed else spoken)
        if addresses:
            name = value[: bracketed[-1].start()] if bracketed else ""
            return clean_line(decode_field(addresses[-1])).lower(), clean_line(decode_field(name.strip().strip('"')))
    return "", ""


def _read_identifier(message: "Message[str, str]", raw: bytes) -> str:
    match = _IDENTIFIER.search(_first(message, "message-id"))
    if match and match[0].isascii() and match[0].isprintable():
        return match[0]
    return f"<{hashlib.sha256(raw).hexdigest()}@mail.invalid>"


def _first(message: "Message[str, str]", name: str) -> str:
    return next(iter(raw_fields(message, name)), "")
