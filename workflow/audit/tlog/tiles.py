"""The tree as it is kept: every 256th node, written with the leaves that complete it; the others are worked out."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from sqlalchemy import Connection, text

from workflow.audit.tlog.fault import HistoryDamaged

HEIGHT = 8
"""Levels of the tree from one kept node to the next."""
WIDTH = 1 << HEIGHT

_LEAVES = text("SELECT leaf_hash FROM events WHERE seq > :first AND seq <= :last ORDER BY seq")
_NODES = text("SELECT hash FROM nodes WHERE level = :level AND place >= :first AND place < :last ORDER BY place")
_SIZE = text("SELECT max(seq) FROM events")
_WRITE = "INSERT INTO nodes (level, place, hash) VALUES "


def size_of(connection: Connection) -> int:
    """How many leaves the tree has."""
    return connection.execute(_SIZE).scalar() or 0


class TileWriter:
    """Writes the nodes that new leaves complete, in the transaction that writes the leaves."""

    def __init__(self, connection: Connection, size: int) -> None:
        self._connection = connection
        self._size = size
        self._open: list[bytes] | None = None
        marks = "?, ?, ?" if connection.dialect.paramstyle == "qmark" else "%s, %s, %s"
        self._write = f"{_WRITE}({marks})"

    def add(self, leaf_hashes: Sequence[bytes]) -> None:
        """Tell of leaves just written. As long as they complete nothing this asks the database nothing."""
        before, self._size = self._size, self._size + len(leaf_hashes)
        if before // WIDTH == self._size // WIDTH:
            if self._open is not None:
                self._open.extend(leaf_hashes)
            return
        if self._open is None:
            self._open = _read_level(self._connection, 0, before - before % WIDTH, before)
        waiting = [*self._open, *leaf_hashes]
        whole = len(waiting) - len(waiting) % WIDTH
        self._open = waiting[whole:]
        self._complete(1, before // WIDTH, [waiting[start : start + WIDTH] for start in range(0, whole, WIDTH)])

    def _complete(self, level: int, first: int, groups: Iterable[Sequence[bytes]]) -> None:
        rows = [(level, first + place, climb(group)[-1][0]) for place, group in enumerate(groups)]
        self._connection.exec_driver_sql(self._write, rows)
        end = first + len(rows)
        for place in range(first // WIDTH, end // WIDTH):
            below = _read_level(self._connection, level, place * WIDTH, (place + 1) * WIDTH)
            self._complete(level + 1, place, [below])


class StoredTree:
    """The nodes of the tree that the database holds, each tile of 256 read at most once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(self, level: int, place: int) -> bytes:
        """The hash of a complete subtree of 2^level leaves. Raises HistoryDamaged where what it rests on is gone."""
        kept, above = divmod(level, HEIGHT)
        tile = self._tile(kept, place >> (HEIGHT - above))
        within = place & ((WIDTH >> above) - 1)
        if above >= len(tile) or within >= len(tile[above]):
            raise HistoryDamaged(level=level, place=place)
        return tile[above][within]

    def _tile(self, level: int, number: int) -> list[list[bytes]]:
        key = (level, number)
        if key not in self._tiles:
            self._tiles[key] = climb(_read_level(self._connection, level, number * WIDTH, (number + 1) * WIDTH))
        return self._tiles[key]


def climb(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """The hashes, and above them every complete node that they make, level by level."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        below = iter(levels[-1])
        levels.append([sha256(b"\x01" + left + right).digest() for left, right in zip(below, below, strict=False)])
    return levels


def _read_level(connection: Connection, level: int, first: int, last: int) -> list[bytes]:
    """The kept hashes from ``first`` to before ``last``, as far as there are any."""
    span = {"first": first, "last": last}
    found = connection.execute(_NODES, {"level": level, **span}) if level else connection.execute(_LEAVES, span)
    return [bytes(each) for each in found.scalars()]
