"""The bytes of a letter (RFC 5322, RFC 2045, RFC 2046), for batches of thousands: what does not change is made once."""

from base64 import encodebytes
from collections.abc import Mapping
from email.message import MIMEPart
from email.policy import SMTP
from functools import cache, lru_cache

DATES_FILE = "dates.ics"


def write_message(headers: Mapping[str, str], body: str, language: str, dates: bytes | None) -> bytes:
    """A message with CRLF and nothing but ASCII; the same words make the same bytes.

    headers: in the order they travel in, Message-ID among them. dates: an ``.ics`` file to go with it.
    """
    head = b"".join(_fold(name, value) for name, value in headers.items())
    text = _text_headers(language) + _encode("\r\n".join([*body.splitlines(), ""]).encode())
    if dates is None:
        return head + b"MIME-Version: 1.0\r\n" + text
    boundary = b"=_" + headers["Message-ID"][1:33].encode("ascii")
    return head + b"\r\n".join((
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="' + boundary + b'"',
        b"",
        b"--" + boundary,
        text,
        b"--" + boundary,
        _dates_headers() + _encode(dates),
        b"--" + boundary + b"--",
        b"",
    ))  # fmt: skip


@lru_cache(maxsize=4_096)
def _fold(name: str, value: str) -> bytes:
    """A header as it travels; those of one batch are nearly all the same."""
    return SMTP.fold_binary(*SMTP.header_store_parse(name, value))


@cache
def _text_headers(language: str) -> bytes:
    part = MIMEPart(policy=SMTP)
    part.set_content("", cte="base64")
    part["Content-Language"] = language
    return _headers_of(part)


@cache
def _dates_headers() -> bytes:
    part = MIMEPart(policy=SMTP)
    part.set_content("", subtype="calendar", cte="base64", disposition="attachment", filename=DATES_FILE)
    return _headers_of(part)


def _headers_of(part: MIMEPart) -> bytes:
    headers, blank, _ = part.as_bytes().partition(b"\r\n\r\n")
    return headers + blank


def _encode(data: bytes) -> bytes:
    """Base64 in lines of 76 (RFC 2045, 6.8)."""
    return encodebytes(data).replace(b"\n", b"\r\n")
