"""A file of many mails (RFC 4155, mbox), cut at the lines that begin a mail."""

import re
from collections.abc import Iterator
from mmap import mmap

from notifications.fields import HEAD_BYTES
from workflow.intake import limits
from workflow.intake.found import FoundMail, too_large

_DATED = rb"From [^\r\n]{0,200}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[^\r\n]{0,200}[0-9]{4}"
_BEGIN = re.compile(
    rb"(?:\A(?:\xef\xbb\xbf)?\s{0,99}|\n\r?\n|\n(?=" + _DATED + rb"))(From [^\r\n]*\r?\n)(?=[!-9;-~]+[ \t]*:)"
)
_MANY = 2
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


def split(found: FoundMail) -> Iterator[FoundMail]:
    """The mails of a file of many, each under the file's name and its own number; any other file as it is."""
    head = found.raw[:HEAD_BYTES] if found.place is None else b""
    mails = list(split_mails(found.raw)) if is_mbox(head) else []
    if len(mails) < _MANY:
        yield found
        return
    for number, mail in enumerate(mails, start=1):
        name = f"{found.file}#{number}"
        if len(mail) > limits.MAIL_BYTES:
            yield FoundMail(name, b"", (too_large(),))
        else:
            yield FoundMail(name, unquote(bytes(mail)), ())


def unquote(mail: bytes) -> bytes:
    """Take back the sign that was put before lines that say ``From ``."""
    return _QUOTED.sub(rb"\1", mail)
