"""Moves of one batch are alike but for a few fields: as each must read is known, so that none need be decoded."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from workflow.audit.events import Move
from workflow.audit.state import CaseState, State
from workflow.audit.tlog.canonical import encode_checked

Row = tuple[int, bytes, bytes, str, int | None, int | None]
"""An event and what stands beside it: seq, leaf, leaf_hash, kind, batch_id, case_id."""

Page = Sequence[tuple[Any, ...]]
"""Some events by columns, each as long as the others, in the order of ``Row``."""


class Shape:
    """The bytes between the varying fields of a batch's moves, and what such a move does to a case."""

    def __init__(self, event: Move, batch: int, pieces: tuple[bytes, ...], state: State) -> None:
        first, second, third, fourth, fifth, last = pieces
        self._pieces = (
            *(first + b'"', b'"' + second + b"[", b"]" + third),
            *(fourth + b'"', b'"' + fifth, last),
        )
        self._batch, self._edition = batch, event.edition
        self._was, self._becomes = event.before, event.after
        self._state = state

    def follow_all(self, page: Page) -> bool:
        """As ``follow``, of a whole page at once: all of it, or, where anything is unlike the rest, nothing."""
        seqs, leaves, _, kinds, batches, ids = page
        count, was = len(seqs), self._was
        if kinds != ("move",) * count or batches != (self._batch,) * count or len(set(ids)) < count:
            return False
        try:
            cases: list[CaseState] = [self._state.cases[case_id] for case_id in ids]
            version = cases[0].version
            if [(case.standing, case.version) for case in cases] != [(was, version)] * count:
                return False
            spelt = [case.spelt or _spell(case) for case in cases]
            next_version = version + 1
            of_version = orjson.dumps(next_version)
        except (KeyError, TypeError, AttributeError):
            return False
        first, second, third, fourth, fifth, last = self._pieces
        join, last = b"".join, of_version + last
        leaves_expected = [
            join((first, number, second, documents, third, b"%d" % seq, fourth, unit, fifth, last))
            for seq, (number, documents, unit) in zip(seqs, spelt, strict=True)
        ]
        if list(leaves) != leaves_expected:
            return False
        becomes = self._becomes
        for case, seq in zip(cases, seqs, strict=True):
            case.standing, case.version, case.since = becomes, next_version, seq
        self._count(count)
        return True

    def follow(self, rows: Iterable[Row]) -> int:
        """Let the state live through the moves of this shape that ``rows`` begin with, as ``replay.fold`` would; how
        many these are.

        It ends before a leaf that is not, byte by byte, the canonical form of the move that would come next for its
        case, or not what the columns beside it say: that one is to be looked at closely.
        """
        first, second, third, fourth, fifth, last = self._pieces
        batch, was, becomes = self._batch, self._was, self._becomes
        case_of, join = self._state.cases.get, b"".join
        followed, next_version, version = 0, None, b""
        for seq, leaf, _, kind, of_batch, case_id in rows:
            case = case_of(case_id)  # type: ignore[arg-type]
            if case is None or kind != "move" or of_batch != batch or case.standing != was:
                break
            try:
                if case.version + 1 != next_version:
                    next_version = case.version + 1
                    version = orjson.dumps(next_version)
                number, documents, unit = case.spelt or _spell(case)
            except (TypeError, AttributeError):
                break
            expected = (first, number, second, documents, third, b"%d" % seq, fourth, unit, fifth, version, last)
            if leaf != join(expected):
                break
            case.standing, case.version, case.since = becomes, next_version, seq
            followed += 1
        if followed:
            self._count(followed)
        return followed

    def _count(self, moves: int) -> None:
        self._state.events += moves
        self._state.edition = self._edition
        self._state.counts.setdefault(self._batch, [0, 0])[0] += moves


def _spell(case: CaseState) -> tuple[bytes, bytes, bytes]:
    """Raises TypeError or AttributeError for what is no text."""
    number, *documents, unit = case.number, *case.documents.split(), case.unit
    case.spelt = spelt = (orjson.dumps(number)[1:-1], orjson.dumps(documents)[1:-1], orjson.dumps(unit)[1:-1])
    return spelt


def shape_of(event: Move, state: State) -> Shape | None:
    """The shape of a move that was found canonical and that follows; None for a move unlike any other."""
    if event.batch is None:
        return None
    rest = encode_checked({**event.fields(), **{name: f"\x00{name}" for name in Move.VARYING}})
    pieces = []
    for name in Move.VARYING:
        piece, mark, rest = rest.partition(f'"\\u0000{name}"'.encode())
        if not mark:
            return None
        pieces.append(piece)
    if b"\\u0000" in b"".join([*pieces, rest]):
        return None
    return Shape(event, event.batch, (*pieces, rest), state)
