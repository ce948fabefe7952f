"""Proofs that a leaf is in a tree, and that a tree has only grown (RFC 9162, 2.1.3 and 2.1.4)."""

from collections.abc import Callable, Sequence

from workflow.audit.tlog.tree import EMPTY_ROOT, node_hash

Node = Callable[[int, int], bytes]
"""Gives the hash (32 bytes) of the complete subtree at a level and place: the leaves from place · 2^level on."""

HASH_BYTES = 32


def root_of(node: Node, size: int) -> bytes:
    """The Merkle tree hash of the first ``size`` leaves (2.1.1)."""
    return _hash_between(node, 0, size) if size else EMPTY_ROOT


def prove_inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of 2.1.3.1, from the leaf's sibling up. Raises ValueError outside 0 <= index < size."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_hash_between(node, middle, high))
            high = middle
        else:
            path.append(_hash_between(node, low, middle))
            low = middle
    return path[::-1]


def prove_consistency(node: Node, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]) of 2.1.4.1; none where the trees are one. Raises ValueError outside 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} leaves does not grow into one of {new}")
    path: list[bytes] = []
    low, high = 0, new
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_hash_between(node, middle, high))
            high = middle
        else:
            path.append(_hash_between(node, low, middle))
            low = middle
    if low:
        path.append(_hash_between(node, low, high))
    return path[::-1]


def includes(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether ``path`` shows that the leaf stands at ``index`` of the tree of ``size`` leaves (2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf_hash, root, *path):
        return False
    place, last, found = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` shows that the tree of ``old`` leaves is the beginning of the tree of ``new`` (2.1.4.2).

    Nothing is the beginning of everything, and every tree of itself; neither needs a path.
    """
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *path):
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    return _roots_agree(old, new, old_root, new_root, steps)


def _roots_agree(old: int, new: int, old_root: bytes, new_root: bytes, steps: Sequence[bytes]) -> bool:
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    earlier = later = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            earlier, later = node_hash(step, earlier), node_hash(step, later)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            later = node_hash(later, step)
        place, last = place >> 1, last >> 1
    return last == 0 and earlier == old_root and later == new_root


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _split(size: int) -> int:
    """The largest power of two below ``size``, at least 2."""
    return 1 << (size - 1).bit_length() - 1


def _hash_between(node: Node, low: int, high: int) -> bytes:
    """The hash of the leaves from ``low`` to before ``high``, where ``low`` is one of the tree's own splits."""
    size = high - low
    if not size & (size - 1):
        level = size.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(size)
    return node_hash(_hash_between(node, low, middle), _hash_between(node, middle, high))
