"""A file of many mails (RFC 4155, mbox), cut at the lines that begin a mail."""

import re
from collections.abc import Iterator
from mmap import mmap

_BEGIN = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?\s*|\n\r?\n)(From [^\r\n]*\r?\n)(?=[>!-9;-~]+[ \t]*:)")
_QUOTED = re.compile(rb"(?m)^>(>*From )")


def is_mbox(head: bytes) -> bool:
    """Whether a file begins as a file of mails does, one or many."""
    found = _BEGIN.match(head)
    return found is not None and head[: found.start(1)].strip() in (b"", b"\xef\xbb\xbf")


def split_mails(data: bytes | mmap) -> Iterator[memoryview]:
    """Yield the bytes of each mail, as they lie there.

    The library's reader begins a mail at any line that says ``From ``, and so cuts a letter in which somebody wrote
    one; here an empty line must stand before it and a header field behind.
    """
    view = memoryview(data)
    begins = [(found.start(1), found.end(1)) for found in _BEGIN.finditer(data)]
    for place, (_, start) in enumerate(begins):
        end = begins[place + 1][0] if place + 1 < len(begins) else len(view)
        yield view[start:end]


def unquote(mail: bytes) -> bytes:
    """Take back the sign that was put before lines that say ``From ``."""
    return _QUOTED.sub(rb"\1", mail)
