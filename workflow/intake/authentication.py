"""What the organisers' own server found out about a mail's sender (RFC 8601; DMARC, RFC 7489)."""

import re
from email.parser import BytesHeaderParser

from notifications.fields import HEAD_BYTES, BoundedFields
from workflow.intake.head import mend_head

_FIELD, _TRACE = "authentication-results", "received"
_COMMENT = re.compile(r"\([^()]*\)")
_DEEPEST_COMMENT = 5
_DMARC = re.compile(r"\s*dmarc\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_FOUND = {"pass": True, "fail": False}


def read_authentication(raw: bytes, server: str | None) -> bool | None:
    """Whether the mail is by whom it says, as ``server``, an authserv-id, found by DMARC; None where it says neither.

    Only the topmost field that names the server counts, and those beside it: what lies below another server's trace
    came with the mail, whoever it names.
    """
    if server is None:
        return None
    message = BytesHeaderParser(policy=BoundedFields()).parsebytes(mend_head(raw[:HEAD_BYTES]))
    found: set[bool] = set()
    begun = False
    for name, value in message.raw_items():
        if begun and name.lower() == _TRACE:
            break
        if name.lower() == _FIELD:
            identifier, *results = _without_comments(str(value)).split(";")
            if identifier.split()[:1] == [server.lower()]:
                begun = True
                found |= {_FOUND[said] for result in results if (said := _read_result(result)) in _FOUND}
    return None if not found else all(found)


def _without_comments(value: str) -> str:
    for _ in range(_DEEPEST_COMMENT):
        value = _COMMENT.sub(" ", value)
    return value.lower()


def _read_result(result: str) -> str:
    match = _DMARC.match(result)
    return match[1] if match else ""
