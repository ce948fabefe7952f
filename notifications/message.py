"""The bytes of a letter (RFC 5322, RFC 2045, RFC 2046), for batches of thousands: what does not change is made once."""

import re
from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.policy import SMTP, default
from functools import cache, lru_cache
from hashlib import sha256
from typing import NamedTuple

CRLF = "\r\n"
DATES_FILE = "dates.ics"
NOTE_FILE = "checkpoint.txt"
LONGEST_LINE = 76
_SUBJECT = re.compile(rb"(?im)^Subject:((?:[^\r\n]|\r\n[ \t])*)\r\n")


class Mailbox(NamedTuple):
    """A name and an address (RFC 5322, 3.4)."""

    name: str
    address: str


def write_message(
    headers: Mapping[str, str | Mailbox], text: str, html: str, dates: bytes | None = None, note: bytes | None = None
) -> bytes:
    """A message with CRLF and nothing but ASCII; the same words make the same bytes.

    headers: in the order they travel in. text, html: the same words twice, the richer last (RFC 2046, 5.1.4).
    dates: an ``.ics`` file to go with it. note: a checkpoint to go with it, which arrives byte for byte.
    Raises ValueError or email.errors.MessageError for what is no mailbox, and for a header that would begin another.
    """
    head = b"".join(_write_header(name, value) for name, value in headers.items())
    own = sha256(head).hexdigest()[:32].encode("ascii")
    words = _gather("alternative", b"=_words-" + own, [_encode_text("plain", text), _encode_text("html", html)])
    files = (("calendar", DATES_FILE, dates), ("plain", NOTE_FILE, note))
    enclosed = [_file_headers(subtype, name) + _encode(data) for subtype, name, data in files if data is not None]
    body = _gather("mixed", b"=_files-" + own, [words, *enclosed]) if enclosed else words
    return head + b"MIME-Version: 1.0\r\n" + body


def read_subject(message: bytes) -> str | None:
    """The subject as people read it; None where the head has none."""
    found = _SUBJECT.search(message[: message.find(CRLF.encode() * 2) + len(CRLF)])
    return None if found is None else _decode_subject(found[1])


@lru_cache(maxsize=1_000)
def _decode_subject(written: bytes) -> str:
    unfolded = written.replace(CRLF.encode(), b"").strip().decode("ascii", "replace")
    return str(default.header_factory("Subject", unfolded))


def _gather(subtype: str, boundary: bytes, parts: Sequence[bytes]) -> bytes:
    """Parts as one (RFC 2046, 5.1.1); base64 holds no boundary."""
    return b"\r\n".join((
        b"Content-Type: multipart/" + subtype.encode() + b";",
        b' boundary="' + boundary + b'"',
        b"",
        *(line for part in parts for line in (b"--" + boundary, part)),
        b"--" + boundary + b"--",
        b"",
    ))  # fmt: skip


def _encode_text(subtype: str, text: str) -> bytes:
    return _text_headers(subtype) + _encode("\r\n".join([*text.splitlines(), ""]).encode())


def _write_header(name: str, value: str | Mailbox) -> bytes:
    if isinstance(value, Mailbox):
        return _write_mailbox(name, value)
    line = f"{name}: {value}"
    if line.isascii() and line.isprintable() and len(line) <= LONGEST_LINE and "=?" not in line:
        return f"{line}{CRLF}".encode("ascii")
    return _fold(name, value)


@lru_cache(maxsize=4_096)
def _write_mailbox(name: str, mailbox: Mailbox) -> bytes:
    try:
        checked = Address(mailbox.name, addr_spec=mailbox.address)
    except IndexError:
        raise ValueError(mailbox.address) from None
    if mailbox.name.isascii():
        return _fold(name, str(checked))
    words = Header(mailbox.name, "utf-8", header_name=name).encode(linesep=CRLF)
    address = f"<{checked.addr_spec}>"
    last = f"{name}: {words}".rpartition(CRLF)[2]
    gap = " " if len(last) + len(address) < LONGEST_LINE else f"{CRLF} "
    return f"{name}: {words}{gap}{address}{CRLF}".encode("ascii")


@lru_cache(maxsize=1_024)
def _fold(name: str, value: str) -> bytes:
    """A header as it travels; those of one batch are nearly all the same."""
    return SMTP.fold_binary(*SMTP.header_store_parse(name, value))


@cache
def _text_headers(subtype: str) -> bytes:
    part = MIMEPart(policy=SMTP)
    part.set_content("", subtype=subtype, cte="base64")
    return _headers_of(part)


@cache
def _file_headers(subtype: str, name: str) -> bytes:
    part = MIMEPart(policy=SMTP)
    part.set_content("", subtype=subtype, cte="base64", disposition="attachment", filename=name)
    return _headers_of(part)


def _headers_of(part: MIMEPart) -> bytes:
    headers, blank, _ = part.as_bytes().partition(b"\r\n\r\n")
    return headers + blank


def _encode(data: bytes) -> bytes:
    """Base64 in lines of 76 (RFC 2045, 6.8)."""
    line = b2a_base64(data, newline=False)
    ends = range(0, len(line), LONGEST_LINE)
    return b"\r\n".join([*(line[start : start + LONGEST_LINE] for start in ends), b""])
