"""Checking the whole history from its bytes, and the database against it."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from workflow.audit.check.checkpoints import ClaimedCheckpoint, check_checkpoints, read_kept, sizes_of
from workflow.audit.check.compare import compare_tables
from workflow.audit.check.problem import Problem
from workflow.audit.check.recompute import RecomputedTree, compare_tiles
from workflow.audit.check.shape import Page, Row, Shape, shape_of
from workflow.audit.events import Event, EventUnsound, Move, Unknown, ordinal_of, read_as_written
from workflow.audit.replay import fold, pass_over
from workflow.audit.rows import stream_rows
from workflow.audit.state import State
from workflow.audit.tlog.canonical import encode_checked
from workflow.audit.tlog.key import PublicKey
from workflow.audit.tlog.tiles import WIDTH
from workflow.batched import batched
from workflow.store.originals import Originals

_Index = tuple[int, str, int | None, int | None]
"""What stands beside a leaf: seq, kind, batch_id, case_id."""

ALIKE = 8
"""Of so many moves of a batch looked at one by one, the last is made a shape: making one costs as much as some few."""

_EVENTS = "SELECT seq, leaf, leaf_hash, kind, batch_id, case_id FROM events ORDER BY seq"


class Verification(NamedTuple):
    """``root``: of the tree over the leaves as they are, in hex. checkpoints: how many were held against it.

    fields_erased, originals_erased: how many were erased on record, of which no more than that can be said.
    """

    ok: bool
    events: int
    root: str
    problems: list[Problem]
    checkpoints: int = 0
    fields_erased: int = 0
    originals_erased: int = 0


def verify(
    connection: Connection,
    originals: Originals,
    outside: Sequence[ClaimedCheckpoint] = (),
    keys: Sequence[PublicKey] = (),
) -> Verification:
    """Recompute every leaf hash and the tree, replay the events, and hold all that is kept against them: the tree's
    nodes, checkpoints, tables, stored files.

    outside: checkpoints that stood where nobody here could reach them. keys: that sign this campaign's checkpoints, as
    the verifier knows them; without any, those that the history names. The caller's connection stands in one read
    transaction, so that all is seen as of one moment. Events are read a few thousand at a time; what is kept grows
    with the cases, letters and files, not with the events.
    """
    claims = [*read_kept(connection), *outside]
    tree, state = RecomputedTree(sizes_of(claims)), State()
    problems = list(_check_events(connection, tree, state))
    known = keys or state.known_keys()
    problems.extend(check_checkpoints(claims, tree.roots, tree.size, known, state.token))
    problems.extend(compare_tiles(connection, tree.nodes))
    problems.extend(Problem(*contradiction) for contradiction in state.contradictions)
    problems.extend(compare_tables(connection, state))
    problems.extend(check_originals(state, originals))
    return Verification(
        not problems,
        tree.size,
        tree.root().hex(),
        problems,
        len(claims),
        sum(form.person.count(None) for form in state.forms.values()),
        len(state.originals_erased),
    )


def check_originals(state: State, originals: Originals) -> Iterator[Problem]:
    """Every file that an event names is kept, and is what it was; one that was erased is gone."""
    for wanted, seq in sorted(state.originals.items()):
        kept = originals.digest_kept(wanted.hex())
        if (erased := state.originals_erased.get(wanted)) is not None:
            if kept is not None:
                yield Problem(f"originals/{wanted.hex()}", "original-unerased", erased)
        elif kept is None:
            yield Problem(f"originals/{wanted.hex()}", "original-missing", seq)
        elif kept != wanted.hex():
            yield Problem(f"originals/{wanted.hex()}", "original-altered", seq, {"found": kept})


def _check_events(connection: Connection, tree: RecomputedTree, state: State) -> Iterator[Problem]:
    closely, expected = _Closely(state), 1
    rows: Iterator[Any] = stream_rows(connection, _EVENTS)
    for page in batched(rows, WIDTH):
        columns = tuple(zip(*page, strict=True))
        hashes = _hash_soundly(columns, expected)
        if hashes is None:
            for row in page:
                yield from _check_hash(row, expected, tree)
                if type(row[1]) is bytes:
                    yield from closely.look_through([row])
                expected = row[0] + 1
        else:
            tree.extend(hashes)
            if not closely.pass_all(columns):
                yield from closely.look_through(page)
            expected += len(page)


def _hash_soundly(page: Page, expected: int) -> list[bytes] | None:
    """The hash of each leaf, computed; None where any is not as kept, or not in its place."""
    seqs, leaves, kept, *_ = page
    try:
        hashes = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    except TypeError:
        return None
    in_place = seqs == tuple(range(expected, expected + len(seqs)))
    return hashes if in_place and hashes == list(kept) else None


def _check_hash(row: Row, expected: int, tree: RecomputedTree) -> Iterator[Problem]:
    seq, leaf, kept, *_ = row
    if seq != expected:
        yield _about(seq, "events-missing", first=expected, last=seq - 1)
    if type(leaf) is not bytes:
        yield _about(seq, "leaf-unreadable")
        return
    found = sha256(b"\x00" + leaf).digest()
    tree.extend([found])
    if found != kept:
        yield _about(seq, "leaf-altered")


class _Closely:
    """Looks at events one by one, and learns the shape of a batch's moves once there are some."""

    def __init__(self, state: State) -> None:
        self._shape: Shape | None = None
        self._state = state
        self._seen: tuple[int | None, int] = (None, 0)

    def pass_all(self, page: Page) -> bool:
        """Whether all of a page were moves of the shape known, which the state has then lived through."""
        return self._shape is not None and self._shape.follow_all(page)

    def look_through(self, page: Sequence[Row]) -> Iterator[Problem]:
        """Hold every event against the columns beside it, and let the state live through it."""
        place = 0
        while place < len(page):
            if self._shape is not None:
                place += self._shape.follow(page[place:])
            if place < len(page):
                seq, leaf, _, kind, batch, case_id = page[place]
                yield from self._look(leaf, (seq, kind, batch, case_id))
                place += 1

    def _look(self, leaf: bytes, index: _Index) -> Iterator[Problem]:
        seq, contradictions = index[0], len(self._state.contradictions)
        try:
            event = read_as_written(leaf)
            canonical = event.leaf() == leaf
            told = (event.seq, event.kind, event.batch, _case_of(event.number))
        except (EventUnsound, ValueError) as fault:
            yield from self._look_again(leaf, index, getattr(fault, "kind", index[1]))
            return
        if not canonical:
            yield from _explain(leaf, event)
        if told != index:
            yield from _compare_index(seq, told, index)
        fold(self._state, event.lift())
        sound = canonical and told == index and contradictions == len(self._state.contradictions)
        if sound and isinstance(event, Move):
            self._learn(event)

    def _look_again(self, leaf: bytes, index: _Index, kind: str) -> Iterator[Problem]:
        """At what is no event of its kind: it may be none at all."""
        seq = index[0]
        try:
            fields = orjson.loads(leaf)
            canonical = encode_checked(fields) == leaf
            told = (fields["seq"], fields["kind"], fields["batch"], _case_of(fields.get("case")))
        except (ValueError, TypeError, KeyError, AttributeError):
            yield _about(seq, "leaf-unreadable")
            return
        if not canonical:
            yield _about(seq, "leaf-not-canonical")
        if told != index:
            yield from _compare_index(seq, told, index)
        pass_over(self._state, seq, kind)

    def _learn(self, event: Move) -> None:
        batch, count = self._seen
        count = count + 1 if event.batch == batch else 1
        self._seen = (event.batch, count)
        if count % ALIKE == 0:
            self._shape = shape_of(event, self._state)


def _explain(leaf: bytes, event: Event) -> Iterator[Problem]:
    """Why the bytes are not those that the event would be written with: they spell it otherwise, or leave out what the
    log fills in, or a later program wrote them."""
    fields = orjson.loads(leaf)
    if isinstance(event, Unknown):
        yield _about(event.seq, "event-unknown", kind=event.kind, version=event.v)
    elif not fields.keys() >= event.fields().keys():
        yield _about(event.seq, "event-incomplete", kind=event.kind)
    if encode_checked(fields) != leaf:
        yield _about(event.seq, "leaf-not-canonical")


def _case_of(number: str | None) -> int | None:
    return None if number is None else ordinal_of(number)


def _compare_index(seq: int, told: tuple[Any, ...], kept: tuple[Any, ...]) -> Iterator[Problem]:
    for column, one, other in zip(("seq", "kind", "batch_id", "case_id"), kept, told, strict=True):
        if one != other:
            yield _about(seq, "index-differs", column=column, found=one, expected=other)


def _about(seq: int, what: str, **values: object) -> Problem:
    return Problem(f"events/{seq}", what, seq, values)
