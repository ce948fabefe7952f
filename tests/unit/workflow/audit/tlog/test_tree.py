"""The tree's roots against those that RFC 6962's own test leaves are known to give."""

from hashlib import sha256

import pytest

from workflow.audit.tlog.canonical import leaf_hash
from workflow.audit.tlog.tree import EMPTY_ROOT, Frontier, node_hash

LEAVES = tuple(
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def root_by_definition(leaves: tuple[bytes, ...]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))


def grow(leaves: tuple[bytes, ...]) -> Frontier:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf_hash(leaf))
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert grow(LEAVES[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 1000])
def test_any_size_agrees_with_the_definition(size: int) -> None:
    leaves = tuple(str(number).encode() for number in range(size))
    frontier = grow(leaves)
    assert frontier.size == size
    assert frontier.root() == root_by_definition(leaves)
    assert len(frontier.subtrees) == size.bit_count()


def test_growth_goes_on_from_what_was_kept() -> None:
    early = grow(LEAVES[:5])
    late = Frontier(early.size, early.subtrees)
    for leaf in LEAVES[5:]:
        late.append(leaf_hash(leaf))
    assert late.root().hex() == ROOTS[8]
    assert early.root().hex() == ROOTS[5]


def test_an_empty_tree_hashes_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize(("size", "subtrees"), [(1, 0), (3, 1), (0, 1), (-1, 1)])
def test_subtrees_that_fit_no_such_size_are_refused(size: int, subtrees: int) -> None:
    with pytest.raises(ValueError, match="are not those of"):
        Frontier(size, (EMPTY_ROOT,) * subtrees)
