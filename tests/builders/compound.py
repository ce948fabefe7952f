"""Files in Microsoft's compound format (MS-CFB), such as Outlook's .msg, small and just enough."""

import struct
from collections.abc import Mapping

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096
"""Bytes from which a stream has sectors of its own; shorter ones are padded to it here."""


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A file with these streams, their storages written before a ``/``."""
    tree: dict[str, list[str]] = {"": []}
    for path in streams:
        parts = path.split("/")
        for depth in range(len(parts)):
            above, here = "/".join(parts[:depth]), "/".join(parts[: depth + 1])
            tree.setdefault(above, [])
            if here not in tree[above]:
                tree[above].append(here)
    order = ["", *(path for children in tree.values() for path in children)]
    number = {path: place for place, path in enumerate(order)}
    entries = -(-len(order) // 4)
    table: list[int] = []
    data = b""
    starts: dict[str, int] = {}
    for path, content in streams.items():
        padded = content.ljust(_SMALLEST, b"\0")
        sectors = -(-len(padded) // _SECTOR)
        starts[path] = entries + len(table)
        table += [entries + len(table) + step + 1 for step in range(sectors - 1)] + [_END]
        data += padded.ljust(sectors * _SECTOR, b"\0")
    table = [*range(1, entries), _END, *table]
    tables = 1
    while len(table) + tables > tables * 128:
        tables += 1
    first = len(table)
    table += [_TABLE] * tables
    table += [_FREE] * (tables * 128 - len(table))
    directory = b"".join(_entry(path, tree, number, streams, starts) for path in order)
    directory = directory.ljust(entries * _SECTOR, b"\0")
    return _head(first, tables) + directory + data + struct.pack(f"<{len(table)}I", *table)


def _head(first: int, tables: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", tables, 0, 0, _SMALLEST, _END, 0, _END, 0)
    places = [first + place for place in range(tables)] + [_FREE] * (109 - tables)
    return head + struct.pack("<109I", *places)


def _entry(
    path: str,
    tree: Mapping[str, list[str]],
    number: Mapping[str, int],
    streams: Mapping[str, bytes],
    starts: Mapping[str, int],
) -> bytes:
    """A directory entry; the children of a storage hang from one another, each to the right of the one before."""
    name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le")
    kind = 5 if not path else 2 if path in streams else 1
    siblings = next((children for children in tree.values() if path in children), [])
    place = siblings.index(path) if path else 0
    right = number[siblings[place + 1]] if path and place + 1 < len(siblings) else _FREE
    child = number[tree[path][0]] if tree.get(path) else _FREE
    start, size = (
        (starts[path], max(len(streams[path]), _SMALLEST)) if path in streams else (_END if not path else 0, 0)
    )
    fields = struct.pack("<HBBIII", len(name) + 2, kind, 1, _FREE, right, child)
    return name.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<IQ", start, size)
