"""Who wrote a mail, by its own header fields."""

import re

from workflow.intake.header import decode_field
from workflow.intake.part import Part
from workflow.intake.text import clean_line

_ADDRESS = re.compile(r"[^\s<>,;\"()]{1,200}@[^\s<>,;\"()]{1,200}")
_BRACKETS = re.compile(r"<([^<>]{1,400})>")
_NOT_AN_ADDRESS = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')


def read_sender(message: Part) -> tuple[str, str]:
    """Address and name: the last address outside quotation marks and comments (RFC 5322 3.4).

    A name that looks like an address is none.
    """
    for field in ("from", "sender"):
        value = message.first(field)
        spoken = _NOT_AN_ADDRESS.sub(lambda quoted: " " * len(quoted[0]), value)
        bracketed = list(_BRACKETS.finditer(spoken))
        addresses = _ADDRESS.findall(bracketed[-1][1] if bracketed else spoken)
        if addresses:
            name = value[: bracketed[-1].start()] if bracketed else ""
            return clean_line(decode_field(addresses[-1])).lower(), clean_line(decode_field(name.strip().strip('"')))
    return "", ""
