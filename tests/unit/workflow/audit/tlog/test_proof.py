"""Inclusion and consistency: proofs made by definition are believed, anything else is not."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workflow.audit.tlog.test_tree import LEAVES, ROOTS, root_by_definition
from workflow.audit.tlog.canonical import leaf_hash
from workflow.audit.tlog.proof import Node, includes, is_consistent, prove_consistency, prove_inclusion, root_of
from workflow.audit.tlog.tiles import climb

VECTORS = Path(__file__).parents[6] / "shared" / "vectors" / "merkle" / "proofs.json"
TWELVE_BYTES = "additional/sizes-are-equal-one-and-proof-is-empty.json"


def tree_of(leaves: tuple[bytes, ...]) -> Node:
    levels = climb([leaf_hash(leaf) for leaf in leaves])
    return lambda level, place: levels[level][place]


def leaves(count: int) -> tuple[bytes, ...]:
    return tuple(str(number).encode() for number in range(count))


def path_by_definition(index: int, data: tuple[bytes, ...]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, word for word."""
    if len(data) == 1:
        return []
    split = 1 << (len(data) - 1).bit_length() - 1
    if index < split:
        return [*path_by_definition(index, data[:split]), root_by_definition(data[split:])]
    return [*path_by_definition(index - split, data[split:]), root_by_definition(data[:split])]


def proof_by_definition(old: int, data: tuple[bytes, ...], known: bool = True) -> list[bytes]:
    """RFC 9162, 2.1.4.1, word for word."""
    if old == len(data):
        return [] if known else [root_by_definition(data)]
    split = 1 << (len(data) - 1).bit_length() - 1
    if old <= split:
        return [*proof_by_definition(old, data[:split], known), root_by_definition(data[split:])]
    return [*proof_by_definition(old - split, data[split:], False), root_by_definition(data[:split])]


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert root_of(tree_of(LEAVES), size).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_leaf_is_proved_by_definition_and_believed(size: int) -> None:
    data, node = leaves(size), tree_of(leaves(100))
    root = root_by_definition(data)
    for index in range(size):
        path = prove_inclusion(node, index, size)
        assert path == path_by_definition(index, data)
        assert includes(leaf_hash(data[index]), index, size, path, root)


@pytest.mark.parametrize("new", [*range(1, 34), 63, 64, 65])
def test_every_growth_is_proved_by_definition_and_believed(new: int) -> None:
    data, node = leaves(new), tree_of(leaves(70))
    for old in range(1, new + 1):
        path = prove_consistency(node, old, new)
        assert path == proof_by_definition(old, data)
        assert is_consistent(old, new, root_by_definition(data[:old]), root_by_definition(data), path)


def test_nothing_else_is_believed() -> None:
    size, index = 23, 13
    node, root = tree_of(leaves(size)), root_by_definition(leaves(size))
    leaf, path = leaf_hash(b"13"), prove_inclusion(tree_of(leaves(size)), index, size)
    assert includes(leaf, index, size, path, root)
    wrong = bytes(32)
    assert not includes(wrong, index, size, path, root)
    assert not includes(leaf, index, size, path, wrong)
    for other in (index - 1, index + 1, -1, size):
        assert not includes(leaf, other, size, path, root)
    for at in range(len(path)):
        assert not includes(leaf, index, size, [*path[:at], wrong, *path[at + 1 :]], root)
        assert not includes(leaf, index, size, path[:at] + path[at + 1 :], root)
        assert not is_consistent(index, size, root_of(node, index), root, path[:at])
    assert not includes(leaf, index, size, [*path, wrong], root)
    assert not includes(leaf, index, size, [path[0][:31], *path[1:]], root)


def test_a_rewritten_beginning_is_not_believed() -> None:
    honest, forged = leaves(21), (*leaves(3), b"forged", *leaves(21)[4:])
    old_root = root_by_definition(honest[:9])
    node, root = tree_of(forged), root_by_definition(forged)
    path = prove_consistency(node, 9, 21)
    assert is_consistent(9, 21, root_by_definition(forged[:9]), root, path)
    assert not is_consistent(9, 21, old_root, root, path)
    assert not is_consistent(9, 21, old_root, root, prove_consistency(tree_of(honest), 9, 21))
    assert not is_consistent(9, 8, old_root, root, [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        prove_inclusion(tree_of(LEAVES), index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 2)])
def test_no_proof_of_what_did_not_grow(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not grow"):
        prove_consistency(tree_of(LEAVES), old, new)


def vectors(kind: str) -> list[Any]:
    if not VECTORS.exists():
        return [pytest.param(None, marks=pytest.mark.skip("the vectors of transparency-dev/merkle are not here"))]
    return [pytest.param(case, id=case["name"]) for case in json.loads(VECTORS.read_text("utf-8"))[kind]]


def decoded(texts: list[str] | None) -> list[bytes]:
    return [b64decode(text or "") for text in texts or []]


@pytest.mark.parametrize("case", vectors("inclusion"))
def test_inclusion_vectors(case: dict[str, Any]) -> None:
    leaf, root = decoded([case["leafHash"], case["root"]])
    believed = includes(leaf, case["leafIdx"], case["treeSize"], decoded(case["proof"]), root)
    assert believed != case["wantErr"]


@pytest.mark.parametrize("case", vectors("consistency"))
def test_consistency_vectors(case: dict[str, Any]) -> None:
    old_root, new_root = decoded([case["root1"], case["root2"]])
    believed = is_consistent(case["size1"], case["size2"], old_root, new_root, decoded(case["proof"]))
    assert believed != (case["wantErr"] or case["name"].endswith(TWELVE_BYTES))
