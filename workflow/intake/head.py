"""The head of a mail as it really comes: bytes before its first field, lines in it that are none."""

import codecs
import re

from notifications.fields import HEAD_BYTES

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_SPACED_NAME = re.compile(rb"([!-9;-~]+)[ \t]+:")
_MAIL_FIELD = re.compile(
    rb"(?im)^[ \t]{0,9}(?P<field>(?:from|sender|to|subject|date|received|message-id|mime-version|return-path|"
    rb"delivered-to|content-[a-z-]{1,40}|x-[a-z-]{1,60})[ \t]{0,9}:)"
)
_NO_SIGNS = re.compile(rb"[^!-~]*")
_EMPTY_LINE = re.compile(rb"\r?\n(?=\r?\n)|\r(?=\r)")
_ENVELOPE = re.compile(rb">?From [^\n]*\n")
_CONTINUED = re.compile(rb"=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=|[A-Za-z-]{1,30}\*?[0-9]{0,3}\*?=\S")


def mend_head(raw: bytes) -> bytes:
    """Begin a mail with its first field, and leave no line in its head that is none; the body stays as it is.

    Before the first field: a byte order mark, empty lines, the line of a mailbox file, words. In the head: a line
    that is no field is joined to the one it continues where it looks so, and dropped where fields follow it.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode()
    start = _find_start(raw[:HEAD_BYTES])
    found = _EMPTY_LINE.search(raw, start, start + HEAD_BYTES)
    end = found.end() if found else min(len(raw), start + HEAD_BYTES)
    head = raw[start:end]
    mended = _mend(head)
    return raw if start == 0 and mended == head else mended + raw[end:]


def _find_start(head: bytes) -> int:
    """Where the first field begins; 0 where no field is to be seen before the first empty line."""
    signs = _NO_SIGNS.match(head)
    start = signs.end() if signs else 0
    if envelope := _ENVELOPE.match(head, start):
        start = envelope.end()
    if _FIELD.match(head, start):
        return start
    end = _EMPTY_LINE.search(head, start)
    found = _MAIL_FIELD.search(head, start, end.end() if end else len(head))
    return found.start("field") if found else 0


def _mend(head: bytes) -> bytes:
    lines = head.splitlines(keepends=True)
    last = max((place for place, line in enumerate(lines) if _FIELD.match(line)), default=-1)
    kept: list[bytes] = []
    for place, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") or place > last:
            kept.append(b" " + line if place > last and _continues(line, kept) else line)
        elif _continues(line, kept):
            kept.append(b" " + line)
        elif _FIELD.match(line):
            kept.append(_SPACED_NAME.sub(rb"\1:", line, count=1) if _SPACED_NAME.match(line) else line)
    return b"".join(kept)


def _continues(line: bytes, kept: list[bytes]) -> bool:
    """Whether a line at the margin is the rest of the field above, which nobody indented."""
    if not kept or line[:1] in (b" ", b"\t"):
        return False
    above = kept[-1].rstrip()
    return _CONTINUED.match(line) is not None and (above.endswith((b";", b"?=", b",")) or line.startswith(b"=?"))
