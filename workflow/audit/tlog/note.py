"""Text signed by keys (C2SP signed-note)."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable

from workflow.audit.tlog.key import PublicKey, SigningKey

LARGEST = 100_000
MOST_SIGNATURES = 100
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_ID_BYTES = 4


class NoteUnsound(ValueError):
    """``problem``: unreadable, unsigned (by no known key) or forged (a known key's signature is wrong)."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def sign(text: str, key: SigningKey) -> str:
    """``text``, which ends a line, with the key's signature beneath."""
    signature = b64encode(key.public.id + key.sign(text.encode())).decode()
    return f"{text}\n— {key.name} {signature}\n"


def split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text, and each signature's key name, key ID and bytes; nothing of it is to be believed yet."""
    text, blank, below = note.rpartition("\n\n")
    if not blank or len(note) > LARGEST or _CONTROLS.search(note) or not below.endswith("\n"):
        raise NoteUnsound("unreadable")
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteUnsound("unreadable")
    return f"{text}\n", [_read_signature(line) for line in lines]


def open_note(note: str, keys: Iterable[PublicKey]) -> str:
    """The text of a note that one of ``keys`` signed. Raises NoteUnsound.

    Signatures of other keys are passed over; one that a known key did not make spoils the note.
    """
    text, signatures = split_note(note)
    known = {(key.name, key.id): key for key in keys}
    signed = False
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        if not key.verify(text.encode(), signature):
            raise NoteUnsound("forged")
        signed = True
    if not signed:
        raise NoteUnsound("unsigned")
    return text


def _read_signature(line: str) -> tuple[str, bytes, bytes]:
    found = _SIGNATURE.fullmatch(line)
    try:
        data = b64decode(found[2], validate=True) if found else b""
    except ValueError:
        data = b""
    if found is None or len(data) <= _ID_BYTES or b64encode(data).decode() != found[2]:
        raise NoteUnsound("unreadable")
    return found[1], data[:_ID_BYTES], data[_ID_BYTES:]
