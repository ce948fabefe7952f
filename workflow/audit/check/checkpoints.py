"""Checkpoints, kept here or handed out earlier, held against the tree as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.rows import read_rows
from workflow.audit.tlog.checkpoint import ShortLine, agrees, head_of, parse_short_line
from workflow.audit.tlog.key import PublicKey
from workflow.audit.tlog.note import NoteUnsound, open_note

_KEPT = "SELECT size, note FROM checkpoints ORDER BY size"


class ClaimedCheckpoint(NamedTuple):
    """What a checkpoint says: where it stands, and its note or the line someone wrote down.

    size: of the tree; None where the note cannot be read.
    """

    where: str
    size: int | None
    note: str = ""
    line: ShortLine | None = None
    kept_as: int | None = None


def read_kept(connection: Connection) -> list[ClaimedCheckpoint]:
    """The checkpoints that the database keeps."""
    return [claim_of(f"checkpoints/{size}", note, size) for size, note in read_rows(connection, _KEPT)]


def claim_of(where: str, written: object, kept_as: int | None = None) -> ClaimedCheckpoint:
    """A checkpoint, or the short line that people write in minutes. kept_as: the size it is filed under."""
    text = written if isinstance(written, str) else ""
    if kept_as is None and (line := parse_short_line(text)) is not None:
        return ClaimedCheckpoint(where, line.size, line=line)
    try:
        return ClaimedCheckpoint(where, head_of(text).size, text, kept_as=kept_as)
    except NoteUnsound:
        return ClaimedCheckpoint(where, None, text, kept_as=kept_as)


def sizes_of(claims: Iterable[ClaimedCheckpoint]) -> list[int]:
    return [claim.size for claim in claims if claim.size is not None]


def check_checkpoints(
    claims: Sequence[ClaimedCheckpoint], roots: Mapping[int, bytes], events: int, keys: Sequence[PublicKey], token: str
) -> Iterator[Problem]:
    """Every checkpoint that is not signed, not this campaign's, or not borne out by the tree.

    roots: of the tree as it is, at the claims' sizes as far as it goes. What is found between the last checkpoint that
    agrees and the first that does not is where the history was changed. A line may also have been written
    down wrongly.
    """
    sound = {0}
    for claim in sorted(claims, key=lambda each: each.size or 0):
        before = max(size for size in sound if size < max(claim.size or 0, 1))
        problem = _signature(claim, keys, token) or _tree(claim, roots, events, before)
        if problem is not None:
            yield problem
        elif claim.size is not None:
            sound.add(claim.size)


def _signature(claim: ClaimedCheckpoint, keys: Sequence[PublicKey], token: str) -> Problem | None:
    if claim.line is not None:
        return None
    try:
        head = head_of(claim.note)
        if head.origin.rpartition("/")[2] != token:
            return Problem(claim.where, "checkpoint-foreign", None, {"origin": head.origin})
        open_note(claim.note, keys)
    except NoteUnsound as unsound:
        return Problem(claim.where, f"checkpoint-{unsound.problem}", None)
    if claim.kept_as not in (None, claim.size):
        return Problem(claim.where, "checkpoint-misfiled", claim.size, {"size": claim.size})
    return None


def _tree(claim: ClaimedCheckpoint, roots: Mapping[int, bytes], events: int, sound: int) -> Problem | None:
    size = claim.size or 0
    values = {"size": size, "events": events, "first": sound + 1}
    root = roots.get(size)
    kind = "checkpoint" if claim.line is None else "line"
    if root is None:
        return Problem(claim.where, f"{kind}-ahead", events, values)
    kept = claim.line is None and head_of(claim.note).root == root
    if kept or (claim.line is not None and agrees(claim.line, size, root)):
        return None
    return Problem(claim.where, f"{kind}-disagrees", sound + 1, values)
