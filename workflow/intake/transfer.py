"""The content of a part, out of what it was encoded in to travel (RFC 2045 6), however loosely that is said."""

import base64
import binascii
import io
import quopri
import re
from itertools import islice

from workflow.intake.formats import tell_format

_COMMENT = re.compile(r"\([^()]*\)")
_TOKEN = re.compile(r"[a-z0-9-]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_SEGMENT = re.compile(rb"([A-Za-z0-9+/]+)=*")
_BASE64_ONLY = re.compile(r"[A-Za-z0-9+/=\s]*")
_ALL_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")
_UUENCODED = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_KNOWN = frozenset({"base64", "quoted-printable", *_UUENCODED})
_LOOKED_AT = 4096
_MOST_SEGMENTS = 100_000
_MOST_LINES = 3_000_000


def read_encoding(field: str) -> str:
    """The first word of a Content-Transfer-Encoding, without comments, quotation marks or what follows it."""
    found = _TOKEN.search(_COMMENT.sub(" ", field).lower())
    return found[0] if found else ""


def is_encoded(encoding: str) -> bool:
    return encoding in _KNOWN


def decode_content(text: str, encoding: str) -> bytes:
    """Decode what a part says; never raises. 8-bit signs are surrogates, as the parser of the library writes them.

    A file that was encoded in base64 and does not say so is known by its first bytes.
    """
    try:
        if encoding == "base64":
            return decode_base64(text)
        if encoding == "quoted-printable":
            return quopri.decodestring(_bytes(text))
        if encoding in _UUENCODED:
            return _decode_uu(_bytes(text))
        head = text[:_LOOKED_AT]
        if _ALL_BASE64.fullmatch(head) and tell_format(decode_base64(head)):
            return decode_base64(text)
    except (ValueError, binascii.Error):
        return b""
    return _bytes(text)


def decode_base64(text: str) -> bytes:
    """Decode base64 without the copies that the library makes of it, and on past padding in the midst of it."""
    padding = text.find("=")
    goes_on = padding >= 0 and text[padding:].replace("=", "").strip() != ""
    if goes_on and not _BASE64_ONLY.fullmatch(text, padding):
        text, goes_on = text[:padding], False  # a footer that a list server added
    if not goes_on:
        try:
            return binascii.a2b_base64(text)
        except ValueError:
            pass
    data = bytearray()
    segments = _SEGMENT.finditer(_NOT_BASE64.sub(b"", text.encode("ascii", "replace")))
    for segment in islice(segments, _MOST_SEGMENTS):
        data += _decode_segment(segment[1])
    return bytes(data)


def _decode_segment(segment: bytes) -> bytes:
    whole = segment[:-1] if len(segment) % 4 == 1 else segment
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _decode_uu(encoded: bytes) -> bytes:
    data = bytearray()
    begun = False
    for line in islice(io.BytesIO(encoded), _MOST_LINES):
        if not begun:
            begun = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`"):
            break
        else:
            data += _decode_line(line.rstrip(b"\r\n"))
    return bytes(data)


def _decode_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # some programs write a few signs too many
        return binascii.a2b_uu(line[: 1 + (((line[0] - 32) & 63) * 4 + 5) // 3])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
