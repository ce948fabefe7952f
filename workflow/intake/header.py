"""Header fields of mail as they really come: RFC 2047 words, RFC 2231 parameters, raw 8-bit bytes."""

import base64
import binascii
import quopri
import re
from email.message import Message
from urllib.parse import unquote_to_bytes

from workflow.intake import limits
from workflow.intake.charset import decode_text, guess_text

_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"\s*")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_SECTION = re.compile(r"^([^*]+)(?:\*([0-9]{1,3}))?(\*)?$")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}|[\x21-\x7e])+")


def raw_fields(message: "Message[str, str]", name: str) -> list[str]:
    """Return the unfolded values of a header field, topmost first, 8-bit bytes kept as surrogates."""
    wanted = name.lower()
    return [
        str(value)[: limits.HEADER_CHARACTERS].replace("\r", "").replace("\n", "")
        for key, value in message.raw_items()
        if key.lower() == wanted
    ]


def decode_field(value: str) -> str:
    """Decode RFC 2047 encoded words, and raw bytes as UTF-8 or GB 18030; a character split over two words is joined."""
    result: list[str] = []
    pending: tuple[str, bytes] | None = None
    end = 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        charset, data = match[1].lower(), _word_bytes(match[2], match[3])
        if pending and _BETWEEN_WORDS.fullmatch(between):
            if pending[0] == charset:
                pending = (charset, pending[1] + data)
                end = match.end()
                continue
            between = ""
        if pending:
            result.append(decode_text(pending[1], pending[0]))
        result.append(_decode_raw(between))
        pending, end = (charset, data), match.end()
    if pending:
        result.append(decode_text(pending[1], pending[0]))
    result.append(_decode_raw(value[end:]))
    return "".join(result).strip()


def read_parameter(field: str, name: str) -> str:
    """Return a parameter of a structured field, decoded; ``""`` where it is absent.

    RFC 2231 continuations and charsets first, then a plain value, in which RFC 2047 words (forbidden there, and
    common), percent signs and raw bytes are decoded as well.
    """
    plain = ""
    sections: dict[int, tuple[bool, str]] = {}
    for match in _PARAMETER.finditer(";" + field.partition(";")[2]):
        parsed = _SECTION.match(match[1].lower())
        if not parsed or parsed[1] != name:
            continue
        quoted = match[2]
        value = re.sub(r"\\([\\\"])", r"\1", quoted) if quoted is not None else (match[3] or "").strip()
        if parsed[2] is None and not parsed[3]:
            plain = plain or value
        else:
            sections.setdefault(int(parsed[2] or 0), (bool(parsed[3]), value))
    if sections:
        return _join_sections(sections)
    decoded = decode_field(plain)
    if "%" in plain and _PERCENT.fullmatch(plain):
        unquoted = unquote_to_bytes(plain)
        if not unquoted.isascii():
            return decode_text(unquoted, None)
    return decoded


def _join_sections(sections: dict[int, tuple[bool, str]]) -> str:
    charset = ""
    data = b""
    for place, number in enumerate(sorted(sections)):
        encoded, value = sections[number]
        if encoded:
            if place == 0 and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            data += unquote_to_bytes(_bytes(value))
        else:
            data += _bytes(value)
    return decode_text(data, charset) if charset else _decode_raw(data.decode("ascii", "surrogateescape"))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = _bytes(text)
    if encoding in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return data


def _decode_raw(text: str) -> str:
    return text if text.isascii() else guess_text(_bytes(text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
