"""The Merkle tree over the leaves (RFC 9162, 2.1)."""

from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), 32 bytes (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees that the leaves so far make up, largest first: all that a growing tree needs.

    There is one subtree for each bit set in ``size``, so that memory grows with its logarithm.
    """

    def __init__(self, size: int = 0, subtrees: tuple[bytes, ...] = ()) -> None:
        """Raises ValueError where ``subtrees`` cannot be those of ``size`` leaves."""
        if size < 0 or size.bit_count() != len(subtrees):
            raise ValueError(f"{len(subtrees)} subtrees are not those of {size} leaves")
        self.size = size
        self._subtrees = list(subtrees)

    @property
    def subtrees(self) -> tuple[bytes, ...]:
        return tuple(self._subtrees)

    def append(self, leaf_hash: bytes) -> None:
        """Add the next leaf by its hash (32 bytes)."""
        subtrees, size, merged = self._subtrees, self.size, leaf_hash
        while size & 1:
            merged = sha256(b"\x01" + subtrees.pop() + merged).digest()
            size >>= 1
        subtrees.append(merged)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far; of none, SHA-256 of nothing (RFC 9162, 2.1.1)."""
        if not self._subtrees:
            return EMPTY_ROOT
        *larger, root = self._subtrees
        for subtree in reversed(larger):
            root = node_hash(subtree, root)
        return root
