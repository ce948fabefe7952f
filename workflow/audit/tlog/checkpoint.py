"""Signed heads of the tree over the history (C2SP tlog-checkpoint), and the short line for the minutes."""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.tlog.fault import HistoryForked
from workflow.audit.tlog.key import PublicKey, SigningKey
from workflow.audit.tlog.note import NoteUnsound, open_note, sign, split_note
from workflow.audit.tlog.proof import HASH_BYTES, root_of
from workflow.audit.tlog.tiles import StoredTree, size_of

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_LINE_CHARACTERS = 32
_LINE = re.compile(rf"([1-9][0-9]{{0,18}})\s+((?:[{_BASE32}][\s-]*){{{_LINE_CHARACTERS}}})")
_KEEP = text("INSERT INTO checkpoints (size, note, at) VALUES (:size, :note, :at)")
_LATEST = text(
    "SELECT size, note, at FROM checkpoints WHERE size >= :least AND size < :below ORDER BY size DESC LIMIT 1"
)
_TAKEN = text("SELECT 1 FROM checkpoints WHERE size = :size")
_LARGEST_SIZE = 2**31 - 1


class TreeHead(NamedTuple):
    """The tree of the first ``size`` events of the log ``origin``; root: 32 bytes."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The text of its checkpoint."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class ShortLine(NamedTuple):
    """What people wrote down of a head: its size, and the first 160 bits of its root in 32 characters."""

    size: int
    root: str


class KeptCheckpoint(NamedTuple):
    """A checkpoint as the database keeps it; ``at`` is RFC 3339."""

    size: int
    note: str
    at: str


def parse_head(note_text: str) -> TreeHead:
    """The head that a note's text states. Raises NoteUnsound (``unreadable``)."""
    lines = note_text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1] or not _SIZE.fullmatch(lines[1]):
        raise NoteUnsound("unreadable")
    try:
        root = b64decode(lines[2], validate=True)
    except ValueError:
        root = b""
    if len(root) != HASH_BYTES or b64encode(root).decode() != lines[2]:
        raise NoteUnsound("unreadable")
    return TreeHead(lines[0], int(lines[1]), root)


def head_of(note: str) -> TreeHead:
    """The head that a checkpoint states, whoever signed it. Raises NoteUnsound (``unreadable``)."""
    return parse_head(split_note(note)[0])


def current_head(connection: Connection, origin: str) -> TreeHead:
    """The head of the tree as it stands. Raises HistoryDamaged where the tree's nodes are not whole."""
    size = size_of(connection)
    return TreeHead(origin, size, root_of(StoredTree(connection).node, size))


def latest_checkpoint(connection: Connection, keys: Sequence[PublicKey], least: int = 0) -> KeptCheckpoint | None:
    """The last checkpoint over at least so many events that one of the keys signed.

    Whoever may insert rows may insert some that nobody signed, or another's: these are passed over here, and
    verification reports them.
    """
    below = _LARGEST_SIZE
    while (row := connection.execute(_LATEST, {"least": least, "below": below}).mappings().first()) is not None:
        kept = KeptCheckpoint(**row)
        if _is_signed(kept, keys):
            return kept
        below = kept.size
    return None


def _is_signed(kept: KeptCheckpoint, keys: Sequence[PublicKey]) -> bool:
    try:
        return parse_head(open_note(kept.note, keys)).size == kept.size
    except NoteUnsound:
        return False


def make_checkpoint(connection: Connection, key: SigningKey, at: datetime, keys: Sequence[PublicKey]) -> KeptCheckpoint:
    """Sign the tree as it stands in the caller's transaction, and keep the checkpoint; the same tree is signed once.

    keys: those that the history names. Where a row that none of them signed has taken the checkpoint's place, it is
    given and not kept. Raises HistoryForked, and signs nothing, where the tree does not continue the one signed last.
    """
    head, last = current_head(connection, key.name), latest_checkpoint(connection, keys)
    if last is not None:
        if last.size > head.size or not _continues(connection, last):
            raise HistoryForked(size=last.size)
        if last.size == head.size:
            return last
    kept = KeptCheckpoint(head.size, sign(str(head), key), clock.write(at))
    if connection.execute(_TAKEN, {"size": head.size}).first() is None:
        connection.execute(_KEEP, kept._asdict())
    return kept


def _continues(connection: Connection, last: KeptCheckpoint) -> bool:
    try:
        return head_of(last.note).root == root_of(StoredTree(connection).node, last.size)
    except NoteUnsound:
        return False


def short_line(head: TreeHead) -> str:
    """The head in one line that can be written by hand: ``1523 7ZQK-…``, in Crockford's letters without I, L, O, U."""
    written = _write_root(head.root)
    return f"{head.size} {'-'.join(written[start : start + 4] for start in range(0, len(written), 4))}"


def parse_short_line(line: str) -> ShortLine | None:
    """What ``short_line`` wrote, however it was copied; None for anything else."""
    size, space, root = line.strip().upper().partition(" ")
    found = _LINE.fullmatch(f"{size}{space}{root.translate(_MISREAD)}")
    return ShortLine(int(found[1]), re.sub(r"[\s-]", "", found[2])) if found else None


def agrees(line: ShortLine, size: int, root: bytes) -> bool:
    """Whether the line was written of this head."""
    return line.size == size and line.root == _write_root(root)


def _write_root(root: bytes) -> str:
    number = int.from_bytes(root) >> (8 * HASH_BYTES - 5 * _LINE_CHARACTERS)
    return "".join(_BASE32[number >> 5 * place & 31] for place in reversed(range(_LINE_CHARACTERS)))
