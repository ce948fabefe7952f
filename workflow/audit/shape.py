"""Moves of one batch are alike but for a few fields: recognised piece by piece, they need not be decoded one by one."""

import re
from collections.abc import Mapping
from typing import Any

from workflow.audit.canonical import encode_checked
from workflow.audit.state import CaseState, State

_VARYING = ("case", "documents", "seq", "unit", "version")
"""What differs from case to case, in the order of the keys."""

_HASHES = re.compile(rb'"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*|')
_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*')


class Shape:
    """The bytes between the varying fields of a batch's moves, and what such a move does to a case."""

    def __init__(self, event: Mapping[str, Any], pieces: list[bytes], state: State) -> None:
        first, second, third, fourth, fifth, self._last = pieces
        self._first, self._second = first + b'"', b'"' + second + b"["
        self._third, self._fourth, self._fifth = b"]" + third, fourth + b'"', b'"' + fifth
        self._batch, self._edition = event["batch"], event["edition"]
        self._was = (event["from"], *event["was"])
        self._becomes = (event["to"], *event["is"])
        self._state = state
        self._count = state.counts.setdefault(self._batch, [0, 0])
        self._cases: dict[bytes, tuple[int, CaseState]] = {
            case.number.encode(): (ordinal, case) for ordinal, case in state.cases.items()
        }
        self._documents: set[bytes] = set()
        self._units: set[bytes] = set()

    def follow(self, leaf: bytes, seq: int, kind: str, batch: int | None, case_id: int | None) -> bool:
        """Let the state live through a move of this shape, as ``replay.fold`` would.

        False, and nothing changed, where the leaf has another shape, does not follow from what came before, or is not
        what the columns beside it say: then it is to be looked at closely.
        """
        at = len(self._first)
        end = leaf.find(b'"', at)
        known = self._cases.get(leaf[at:end])
        at = end + len(self._second)
        if known is None or leaf[end:at] != self._second or not leaf.startswith(self._first):
            return False
        ordinal, case = known
        end = leaf.find(b"]", at)
        documents = leaf[at:end]
        at = end + len(self._third)
        if leaf[end:at] != self._third or not (documents in self._documents or self._are_hashes(documents)):
            return False
        end = leaf.find(b",", at)
        if leaf[at:end] != b"%d" % seq:
            return False
        at = end + len(self._fourth)
        if leaf[end:at] != self._fourth:
            return False
        end = leaf.find(b'"', at)
        unit = leaf[at:end]
        at = end + len(self._fifth)
        if (
            leaf[end:at] != self._fifth
            or leaf[at:] != b"%d%b" % (case.version + 1, self._last)
            or (case.state, case.trail, case.recommended_at, case.selected_place) != self._was
            or kind != "move"
            or batch != self._batch
            or case_id != ordinal
            or not (unit in self._units or self._is_text(unit))
        ):
            return False
        case.state, case.trail, case.recommended_at, case.selected_place = self._becomes
        case.version += 1
        case.since = seq
        self._state.events += 1
        self._state.edition = self._edition
        self._count[0] += 1
        return True

    def _are_hashes(self, documents: bytes) -> bool:
        if _HASHES.fullmatch(documents):
            self._documents.add(documents)
        return documents in self._documents

    def _is_text(self, unit: bytes) -> bool:
        if _PLAIN.fullmatch(unit) and unit.decode("utf-8", "replace").encode() == unit:
            self._units.add(unit)
        return unit in self._units


def shape_of(event: Mapping[str, Any], state: State) -> Shape | None:
    """The shape of a move that was found canonical and complete; None for a move unlike any other."""
    if event["batch"] is None or not event.keys() >= set(_VARYING):
        return None
    rest = encode_checked({**event, **{name: f"\x00{name}" for name in _VARYING}})
    pieces = []
    for name in _VARYING:
        piece, mark, rest = rest.partition(f'"\\u0000{name}"'.encode())
        if not mark:
            return None
        pieces.append(piece)
    if b"\\u0000" in b"".join([*pieces, rest]):
        return None
    return Shape(event, [*pieces, rest], state)
