"""Rows against what was told of them."""

from typing import NamedTuple

import pytest

from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import compare_rows


class Entry(NamedTuple):
    colour: str
    size: int
    since: int


TOLD = {1: Entry("red", 3, 11), 2: Entry("blue", 5, 12)}


def compare(*rows: tuple[object, ...]) -> list[Problem]:
    return list(compare_rows("things", rows, TOLD, ("colour", "size"), lambda told: told[:-1]))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([(1, "red", 3), (2, "blue", 5)], []),
        ([(1, "red", 3)], [Problem("things/2", "event-without-row", 12)]),
        (
            [(1, "red", 3), (2, "blue", 5), (3, "red", 1)],
            [Problem("things/3", "row-without-event", None)],
        ),
        (
            [(1, "green", 4), (2, "blue", 5)],
            [
                Problem("things/1", "row-differs", 11, {"column": "colour", "found": "green", "expected": "red"}),
                Problem("things/1", "row-differs", 11, {"column": "size", "found": 4, "expected": 3}),
            ],
        ),
    ],
)
def test_every_difference_is_named(rows: list[tuple[object, ...]], found: list[Problem]) -> None:
    assert compare(*rows) == found


def test_a_key_of_several_columns_is_written_as_asked() -> None:
    told = {("a", 1): Entry("red", 3, 11)}
    rows = [("a", 2, "red", 3)]
    found = compare_rows(
        "things", rows, told, ("colour", "size"), lambda told: told[:-1], lambda key: f"{key[0]}{key[1]}"
    )
    assert [problem.where for problem in found] == ["things/a2", "things/a1"]
