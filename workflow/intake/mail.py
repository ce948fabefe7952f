"""Bytes of one mail (RFC 5322, MIME) -> Mail: who, when, and what is attached."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from notifications.fields import fields_of
from states.reasons import Reason
from workflow.intake.attachment import Attachment
from workflow.intake.contents import Contents
from workflow.intake.header import decode_field
from workflow.intake.moment import Moment, read_moment, within_reach
from workflow.intake.page import Line
from workflow.intake.part import Part, parse
from workflow.intake.sender import read_sender
from workflow.intake.text import clean_line

CHINA = ZoneInfo("Asia/Shanghai")
_IDENTIFIER = re.compile(r"<[^<>\s]{1,400}>")


@dataclass(frozen=True)
class Mail:
    """One mail. received_at is aware UTC, None where no date can be read; reasons are what could not be taken.

    lines: the texts as they are seen, with their links. writers: the addresses of those who wrote the mails inside.
    doubts: what a person should know of how it was read.
    """

    message_id: str
    sender_address: str
    sender_name: str
    subject: str
    received_at: datetime | None
    received_proven: bool
    text: str
    attachments: tuple[Attachment, ...]
    reasons: tuple[Reason, ...]
    lines: tuple[Line, ...] = ()
    writers: tuple[str, ...] = ()
    doubts: tuple[Reason, ...] = ()


def read_mail(raw: bytes, arrived_at: datetime | None = None, zone: tzinfo = CHINA) -> Mail:
    """Read a mail; never raises: what cannot be read is a reason.

    The time is ``arrived_at``, which the server of the mailbox kept beside the mail; else that of the topmost
    ``Received`` field (RFC 5322 3.6.7), which the receiving server wrote; else ``Date``, which the sender wrote, with
    the reason ``received-time-unproven`` (六.5: 于6月30日前). ``zone`` is taken where a time names none that is clear.
    """
    parsed = parse(raw)
    message = parsed if parsed is not None else Part()
    reasons = [Reason("mail-unreadable", "六.5")] if parsed is None else []
    arrived = within_reach(arrived_at) if arrived_at is not None else None
    moment, proven = (Moment(arrived), True) if arrived is not None else _read_time(message, zone)
    if moment is None:
        reasons.append(Reason("received-time-unknown", "六.5"))
    elif not proven:
        values = {"received": moment.at.isoformat()}
        reasons.append(Reason("received-time-unproven", "六.5", {**values}, blocking=False))
    address, name = read_sender(message)
    contents = Contents(reasons)
    contents.read(message)
    return Mail(
        message_id=_read_identifier(message, raw),
        sender_address=address,
        sender_name=name,
        subject=clean_line(decode_field(message.first("subject"))),
        received_at=moment.at if moment is not None else None,
        received_proven=proven,
        text=contents.text,
        attachments=contents.attachments,
        reasons=tuple(reasons),
        lines=tuple(contents.lines),
        writers=tuple(writer for writer in contents.writers if writer != address),
        doubts=tuple(_doubt_zone(moment)),
    )


def _doubt_zone(moment: Moment | None) -> list[Reason]:
    if moment is None or moment.assumed is None:
        return []
    values = {"zone": moment.assumed or None, "received": moment.at.isoformat()}
    return [Reason("zone-assumed", "六.5", {**values}, blocking=False)]


def _read_time(message: Part, zone: tzinfo) -> tuple[Moment | None, bool]:
    received = fields_of(message, "received")
    if received and (moment := read_moment(received[0].rpartition(";")[2], zone)):
        return moment, True
    return read_moment(message.first("date"), zone), False


def _read_identifier(message: Part, raw: bytes) -> str:
    match = _IDENTIFIER.search(message.first("message-id"))
    if match and match[0].isascii() and match[0].isprintable():
        return match[0]
    return f"<{hashlib.sha256(raw).hexdigest()}@mail.invalid>"
