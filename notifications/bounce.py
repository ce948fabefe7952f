"""A letter that comes back: where to, what the report says became of it, and what that means for the address."""

import re
from typing import NamedTuple

from notifications.replies import judge
from notifications.words import plain

TOKEN_LENGTH = 32
_REPLY = re.compile(r"5\.[0-9]{1,3}\.[0-9]{1,3} ([45][0-9]{2})(?![0-9])[ -]?(.*)", re.DOTALL)


class Recipient(NamedTuple):
    """What became of one recipient (RFC 3464, 2.3).

    action: ``failed``, ``delayed``, ``delivered``, ``relayed``, ``expanded``, or "" where it is not told or makes no
    sense. status: by RFC 3463, as ``5.1.1``, or "". addresses: the final and the original recipient's, in small
    letters. words: what the server said.
    """

    action: str
    status: str
    addresses: tuple[str, ...]
    words: str


class DeliveryReport(NamedTuple):
    """identity: the same for the same report, however it was fetched; SHA-256 in hex.

    letters: the Message-IDs of the letters it returns. tokens: those in the addresses it was sent to.
    recipients: none where its delivery status cannot be read. words: what it says to people.
    """

    identity: str
    letters: frozenset[str]
    tokens: frozenset[str]
    recipients: tuple[Recipient, ...]
    words: str

    def names(self, domain: str) -> set[str]:
        """The Message-IDs that it names either way; more than one where it contradicts itself."""
        return {*self.letters, *(f"<{token}@{domain}>" for token in self.tokens)}

    def about(self, address: str) -> Recipient | None:
        """What it says of a letter's recipient; where it names only others, the letter was passed on to them.

        Of several it is the failure, and of failures the one for good.
        """
        own = [recipient for recipient in self.recipients if address.lower() in recipient.addresses]
        return max(own or self.recipients, key=_weight, default=None)


def return_path(bounces: str, message_id: str) -> str:
    """The envelope sender of a letter: ``bounces+TOKEN@host``, TOKEN being its Message-ID's local part."""
    local, _, host = bounces.rpartition("@")
    return f"{local}+{message_id.strip('<>').partition('@')[0]}@{host}"


def answer_of(recipient: Recipient, address: str) -> str:
    """A bounced letter's answer: the status, the words, and in brackets to whom it had been passed on."""
    passed_on = (
        [] if not recipient.addresses or address.lower() in recipient.addresses else [f"({recipient.addresses[0]})"]
    )
    return plain(" ".join(part for part in (recipient.status, recipient.words, *passed_on) if part))


def is_lasting(answer: str) -> bool:
    """Whether what a bounced letter's answer tells would befall the next letter to that address as well."""
    reply = _REPLY.match(answer)
    return answer.startswith("5.") and (reply is None or judge(int(reply[1]), reply[2]).lasting)


def _weight(recipient: Recipient) -> tuple[bool, bool]:
    return recipient.action == "failed", recipient.status.startswith("5")
