"""The fast encoder against the reference one: byte-equal wherever leaves live, and closed to everything else."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workflow.audit.tlog.canonical import LARGEST_INTEGER, decode, encode

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "jcs"
KEYS = st.text(st.characters(max_codepoint=127), max_size=12)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    st.text(st.characters(exclude_categories=["Cs"])),
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=30
)
LEAVES = st.dictionaries(KEYS, VALUES, max_size=8)


class Shade(StrEnum):
    RED = "red"


class Size(IntEnum):
    LARGE = 3


class Sort(Enum):
    ONE = 1


class Pair(NamedTuple):
    left: int
    right: int


class Word(str):
    __slots__ = ()


FOREIGN: list[Any] = [
    *(0.0, 1.5, -0.0, 1e21, 1e-7, float("nan"), float("inf")),
    *(LARGEST_INTEGER + 1, -LARGEST_INTEGER - 1, 2**64, -(2**70)),
    *(b"bytes", {1}, frozenset({1}), Decimal(1), Shade.RED, Size.LARGE, Sort.ONE, Pair(1, 2), Word("x"), object()),
    *(datetime(2024, 6, 30, tzinfo=UTC), date(2024, 6, 30), UUID(int=1)),
    *("\ud800", "a\udfffb", {"键": 1}, {"é": 1}, {1: "number"}, {None: 1}, {"\ud800": 1}),
]
"""What a leaf cannot hold."""


def wrap(value: Any, path: list[str]) -> Any:
    for step in path:
        value = [0, value, "x"] if step == "list" else (value,) if step == "tuple" else {"a": None, "key": value}
    return value


@given(LEAVES)
def test_byte_equal_with_the_reference(leaf: dict[str, Any]) -> None:
    encoded = encode(leaf)
    assert encoded == rfc8785.dumps(leaf)
    assert decode(encoded) == leaf
    assert encode(decode(encoded)) == encoded


@given(KEYS, st.sampled_from(FOREIGN), st.lists(st.sampled_from(["list", "tuple", "dict"]), max_size=4))
def test_what_has_no_canonical_form_is_refused_however_deep(key: str, foreign: Any, path: list[str]) -> None:
    with pytest.raises(TypeError):
        encode({"before": 1, key: wrap(foreign, path)})


@pytest.mark.parametrize("key", ["键", "\ue000", "\U0001f600", "é", 1, None])
def test_keys_are_ascii(key: Any) -> None:
    with pytest.raises(TypeError):
        encode({key: 1})


@given(st.floats())
def test_no_float_is_ever_written(number: float) -> None:
    with pytest.raises(TypeError):
        encode({"values": [{"number": number}]})


@given(st.lists(PLAIN, max_size=4))
def test_a_tuple_is_written_as_a_list(values: list[Any]) -> None:
    assert encode({"values": tuple(values)}) == encode({"values": values})


@pytest.mark.parametrize("number", [LARGEST_INTEGER, -LARGEST_INTEGER, 0, -1])
def test_the_largest_integers(number: int) -> None:
    assert encode({"n": number}) == rfc8785.dumps({"n": number}) == f'{{"n":{number}}}'.encode()


def read_vector(name: str) -> tuple[dict[str, Any], bytes]:
    """A vector as one value of a leaf; whole numbers written as floats are read as the integers they are."""
    written = (VECTORS / "input" / f"{name}.json").read_text(encoding="utf-8")
    value = json.loads(
        written, parse_float=lambda digits: int(float(digits)) if digits.endswith(".0") else float(digits)
    )
    return {"value": value}, b'{"value":' + (VECTORS / "output" / f"{name}.json").read_bytes().strip() + b"}"


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors made elsewhere are not here")
@pytest.mark.parametrize("name", ["arrays", "structures", "unicode"])
def test_vectors_made_elsewhere(name: str) -> None:
    leaf, wanted = read_vector(name)
    assert encode(leaf) == wanted


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors made elsewhere are not here")
@pytest.mark.parametrize("name", ["french", "values", "weird"])
def test_vectors_beyond_what_a_leaf_may_hold_are_refused(name: str) -> None:
    leaf, wanted = read_vector(name)
    assert rfc8785.dumps(leaf) == wanted
    with pytest.raises(TypeError):
        encode(leaf)
