"""Mails as real clients write them (RFC 5322, RFC 2045): the same parts give the same bytes."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
INTAKE = "intake@anli.example"
CHUNK = 12

Naming = Literal["rfc2231", "rfc2047", "raw"]


class Attachment(NamedTuple):
    filename: str
    media_type: str
    content: bytes


class UnitMail(NamedTuple):
    """What a unit sends. sent_at is when the organisers' server had it.

    naming: how file names are written: by RFC 2231, in RFC 2047 words as older clients do, or as raw gb18030 bytes.
    stamped: whether servers left their Received headers, which prove the time.
    """

    office: str
    address: str
    subject: str
    body: str
    sent_at: datetime
    message_id: str
    attachments: Sequence[Attachment]
    naming: Naming = "rfc2231"
    stamped: bool = True


def write_letter(letter: UnitMail) -> bytes:
    """The mail as the bytes of an .eml file, with CRLF line ends."""
    charset = "gb18030" if letter.naming == "raw" else "utf-8"
    sent = letter.sent_at.astimezone(SHANGHAI)
    mark = sha256(letter.message_id.encode()).hexdigest()[:24]
    exact: dict[bytes, bytes] = {}

    def hold(text: str, written: bytes) -> str:
        placeholder = f"{mark}-{len(exact)}-{len(text)}"
        exact[placeholder.encode()] = written
        return placeholder

    message = EmailMessage(policy=SMTP)
    message["From"] = hold(letter.office, write_words(letter.office, charset)) + f" <{letter.address}>"
    message["To"] = INTAKE
    message["Subject"] = hold(letter.subject, write_words(letter.subject, charset))
    message["Date"] = format_datetime(sent - timedelta(seconds=25 if letter.stamped else 0))
    message["Message-ID"] = letter.message_id
    message.set_content(letter.body, charset=charset, cte="base64")
    for attachment in letter.attachments:
        name = attachment.filename
        if letter.naming == "raw":
            name = hold(name, name.encode("gb18030"))
        elif letter.naming == "rfc2047":
            name = hold(name, write_words(name, charset))
        kind, _, detail = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=detail, filename=name)
    if letter.attachments:
        message.set_boundary(f"=_{mark}")
    written = message.as_bytes()
    for placeholder, text in exact.items():
        written = written.replace(placeholder, text)
    return write_stamps(letter, mark, sent) + written if letter.stamped else written


def write_words(text: str, charset: str) -> bytes:
    """The text as encoded words (RFC 2047), each short enough for its line."""
    chunks = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    words = [f"=?{charset}?B?{b64encode(chunk.encode(charset)).decode()}?=" for chunk in chunks]
    return "\r\n ".join(words).encode()


def write_stamps(letter: UnitMail, mark: str, sent: datetime) -> bytes:
    """Received headers (RFC 5321, 4.4), the organisers' server on top."""
    host = letter.address.partition("@")[2]
    earlier = format_datetime(sent - timedelta(seconds=2))
    lines = [
        f"Received: from mail.{host} (mail.{host} [192.0.2.{int(mark[:2], 16) % 250 + 1}])",
        f" by mx.anli.example with ESMTPS id {mark[2:12]}",
        f" for <{INTAKE}>; {format_datetime(sent)}",
        f"Received: from desktop.{host} (unknown [198.51.100.{int(mark[12:14], 16) % 250 + 1}])",
        f" by mail.{host} with ESMTPSA id {mark[14:24]}; {earlier}",
    ]
    return "\r\n".join([*lines, ""]).encode()
