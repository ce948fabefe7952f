"""Header fields of mails from outside (RFC 5322, 2.2): how much of them is read, and which a mail has."""

from email.message import Message
from email.policy import Compat32

HEAD_BYTES = 64 * 1024
"""Of a mail's head that are read at most."""
FIELD_CHARACTERS = 8_000
"""Of one field that are read at most; parsing a long one takes the square of its length."""


class BoundedFields(Compat32):
    """Parses a mail of which it keeps the beginning of each field only."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:FIELD_CHARACTERS]


def fields_of(message: "Message[str, str]", name: str) -> list[str]:
    """The values of a field, topmost first, unfolded; 8-bit bytes are kept as surrogates."""
    wanted = name.lower()
    return [
        str(value)[:FIELD_CHARACTERS].replace("\r", "").replace("\n", "")
        for key, value in message.raw_items()
        if key.lower() == wanted
    ]
