"""The tree recomputed leaf by leaf, beside what the database keeps of it."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.rows import read_rows
from workflow.audit.tlog.tiles import WIDTH, climb
from workflow.audit.tlog.tree import EMPTY_ROOT, Frontier, node_hash

_NODES = "SELECT level, place, hash FROM nodes ORDER BY level, place"


class RecomputedTree:
    """A growing tree that remembers each 256th node, and its roots at the sizes it was asked to."""

    def __init__(self, sizes: Sequence[int] = ()) -> None:
        """sizes: at which the root is wanted, in any order."""
        self._wanted = sorted(set(sizes), reverse=True)
        self.nodes: list[list[bytes]] = []
        self.roots: dict[int, bytes] = {}
        self._whole = Frontier()
        self._open: list[bytes] = []
        self.size = 0
        self._stop = 0
        self._pause()

    def append(self, leaf_hash: bytes) -> None:
        self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add leaves by their hashes (32 bytes each), in their order."""
        taken = 0
        while taken < len(leaf_hashes):
            some = leaf_hashes[taken : taken + self._stop - self.size]
            self._open.extend(some)
            self.size += len(some)
            taken += len(some)
            if self.size == self._stop:
                self._pause()

    def root(self) -> bytes:
        rest = Frontier()
        for leaf_hash in self._open:
            rest.append(leaf_hash)
        *larger, root = (*self._whole.subtrees, *rest.subtrees) or (EMPTY_ROOT,)
        for subtree in reversed(larger):
            root = node_hash(subtree, root)
        return root

    def _pause(self) -> None:
        """At the end of each 256 leaves, and where a root is wanted; until the next such place leaves only pile up."""
        if len(self._open) == WIDTH:
            self._complete(0, climb(self._open)[-1][0])
            self._open = []
        while self._wanted and self._wanted[-1] <= self.size:
            self.roots[self._wanted.pop()] = self.root()
        whole = self.size - self.size % WIDTH + WIDTH
        self._stop = min(whole, self._wanted[-1]) if self._wanted else whole

    def _complete(self, above: int, node: bytes) -> None:
        if above == 0:
            self._whole.append(node)
        if above == len(self.nodes):
            self.nodes.append([])
        level = self.nodes[above]
        level.append(node)
        if len(level) % WIDTH == 0:
            self._complete(above + 1, climb(level[-WIDTH:])[-1][0])


def compare_tiles(connection: Connection, nodes: Sequence[Sequence[bytes]]) -> Iterator[Problem]:
    """Every kept node that is not what the leaves make it, every one that is gone or too many."""
    told: Mapping[tuple[int, int], bytes] = {
        (above + 1, place): node for above, level in enumerate(nodes) for place, node in enumerate(level)
    }
    seen = set()
    for level, place, kept in read_rows(connection, _NODES):
        seen.add((level, place))
        node = told.get((level, place))
        if node is None or kept != node:
            yield _about(level, place, "node-surplus" if node is None else "node-altered")
    yield from (_about(level, place, "node-missing") for level, place in told if (level, place) not in seen)


def _about(level: int, place: int, what: str) -> Problem:
    return Problem(f"nodes/{level}/{place}", what, None, {"first": place * WIDTH**level + 1})
