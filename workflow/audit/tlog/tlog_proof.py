"""Proofs as files that stand alone: C2SP tlog-proof for an event, tlog-witness's form for a history that grew."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workflow.audit.tlog.canonical import leaf_hash
from workflow.audit.tlog.checkpoint import TreeHead, head_of, parse_head
from workflow.audit.tlog.key import PublicKey
from workflow.audit.tlog.note import NoteUnsound, open_note
from workflow.audit.tlog.proof import HASH_BYTES, includes, is_consistent

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_EXTRA = "extra "


class TlogProof(NamedTuple):
    """An event's proof: its place counted from 0, the path, the checkpoint it leads to, and the event's exact bytes."""

    place: int
    path: tuple[bytes, ...]
    note: str
    leaf: bytes

    def __str__(self) -> str:
        """The tlog-proof; its extra data are the event's bytes."""
        lines = [FIRST_LINE, _EXTRA + b64encode(self.leaf).decode(), f"index {self.place}", *map(_written, self.path)]
        return "\n".join(lines) + f"\n\n{self.note}"

    def holds(self) -> bool:
        """Whether the path leads from the event to the checkpoint's root; the signature is another question."""
        head = head_of(self.note)
        return includes(leaf_hash(self.leaf), self.place, head.size, self.path, head.root)


class ConsistencyProof(NamedTuple):
    """That the tree of ``old`` leaves is the beginning of the checkpoint's."""

    old: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """As C2SP tlog-witness has it: the old size, the path, an empty line, the new checkpoint."""
        return "\n".join([f"old {self.old}", *map(_written, self.path)]) + f"\n\n{self.note}"

    def holds(self, old_root: bytes) -> bool:
        head = head_of(self.note)
        return is_consistent(self.old, head.size, old_root, head.root, self.path)


def parse_tlog_proof(written: str) -> TlogProof:
    """Read a tlog-proof that carries its event. Raises NoteUnsound (``unreadable``)."""
    head, _, note = written.partition("\n\n")
    first, *lines = head.split("\n")
    leaf = b""
    if lines and lines[0].startswith(_EXTRA):
        leaf = _read(lines.pop(0).removeprefix(_EXTRA))
    found = _INDEX.fullmatch(lines[0]) if lines else None
    if first != FIRST_LINE or found is None:
        raise NoteUnsound("unreadable")
    return TlogProof(int(found[1]), _read_path(lines[1:]), note, leaf)


def parse_consistency_proof(written: str) -> ConsistencyProof:
    """Read what ``ConsistencyProof`` writes. Raises NoteUnsound (``unreadable``)."""
    head, _, note = written.partition("\n\n")
    first, *lines = head.split("\n")
    found = _OLD.fullmatch(first)
    if found is None:
        raise NoteUnsound("unreadable")
    return ConsistencyProof(int(found[1]), _read_path(lines), note)


def signed_head(note: str, keys: Iterable[PublicKey]) -> TreeHead:
    """The head of a checkpoint that one of ``keys`` signed. Raises NoteUnsound."""
    return parse_head(open_note(note, keys))


def _written(value: bytes) -> str:
    return b64encode(value).decode()


def _read_path(lines: Sequence[str]) -> tuple[bytes, ...]:
    path = tuple(map(_read, lines))
    if any(len(each) != HASH_BYTES for each in path):
        raise NoteUnsound("unreadable")
    return path


def _read(encoded: str) -> bytes:
    try:
        data = b64decode(encoded, validate=True)
    except ValueError:
        raise NoteUnsound("unreadable") from None
    if b64encode(data).decode() != encoded:
        raise NoteUnsound("unreadable")
    return data
