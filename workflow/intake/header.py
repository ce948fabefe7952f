"""Header fields of mail as they really come: RFC 2047 words, RFC 2231 parameters, raw 8-bit bytes."""

import base64
import binascii
import quopri
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from workflow.intake.charset import decode_text, guess_text

_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)(?:\?=|\??$)")
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()"\\]|\\.)*\)')
_BETWEEN_WORDS = re.compile(r"\s*")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_SECTION = re.compile(r"^([^*]+)(?:\*([0-9]{1,3}))?(\*)?$")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}|[\x21-\x7e])+")


def decode_field(value: str) -> str:
    """Decode RFC 2047 encoded words, and raw bytes as UTF-8 or GB 18030.

    What was split over two words is joined: a character, or, in base64, the three bytes that four signs stand for.
    """
    result: list[str] = []
    pending: _Word | None = None
    end = 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        word = _Word(match[1].lower(), match[2].upper(), match[3])
        end = match.end()
        if pending is not None and _BETWEEN_WORDS.fullmatch(between):
            if pending.charset == word.charset:
                pending = pending.join(word)
                continue
            between = ""
        if pending is not None:
            result.append(pending.decode())
        result.append(_decode_raw(between))
        pending = word
    if pending is not None:
        result.append(pending.decode())
    result.append(_decode_raw(value[end:]))
    return "".join(result).strip()


class _Word(NamedTuple):
    """Encoded words of one charset, side by side; before: what those before the last one said."""

    charset: str
    encoding: str
    text: str
    before: bytes = b""

    def join(self, after: "_Word") -> "_Word":
        is_cut = self.encoding == after.encoding == "B" and "=" not in self.text and len(self.text) % 4
        if is_cut:
            return after._replace(text=self.text + after.text, before=self.before)
        return after._replace(before=self.data)

    @property
    def data(self) -> bytes:
        return self.before + _word_bytes(self.encoding, self.text)

    def decode(self) -> str:
        return decode_text(self.data, self.charset)


def read_parameter(field: str, name: str) -> str:
    """Return a parameter of a structured field, decoded; ``""`` where it is absent.

    RFC 2231 continuations and charsets first, then a plain value. In either, RFC 2047 words (forbidden there, and
    common) are decoded once the value is whole; in a plain one percent signs and raw bytes as well.
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
    joined = decode_text(data, charset) if charset else _decode_raw(data.decode("ascii", "surrogateescape"))
    return decode_field(joined) if _WORD.search(joined) else joined


def without_comments(field: str) -> str:
    """A structured field without its comments (RFC 5322 3.2.2); what stands in quotation marks is none."""
    return _COMMENT.sub(lambda found: found[0] if found[0].startswith('"') else " ", field)


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
