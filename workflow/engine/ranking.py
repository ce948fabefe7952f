"""The order of the cases that were heard, by the mean of their judges' scores."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import NamedTuple

CANDIDATES = ("presented", "surveyed", "selected", "archived")
"""States whose cases stand in the ranking; who was declined, withdrawn or disqualified stands in nobody's way."""


class Standing(NamedTuple):
    """rank: 1 + how many score higher. place: how many score as high or higher; equal to rank unless tied."""

    case_id: int
    score: Fraction
    rank: int
    place: int

    @property
    def tied(self) -> bool:
        return self.place > self.rank


def rank(scored: Iterable[tuple[int, int, int]]) -> list[Standing]:
    """Standings of (case, number of scores, their sum in hundredths), best first, ties by case.

    ``score`` is the exact mean in points. Cases without scores are left out.
    """
    rows = [row for row in scored if row[1]]
    common = lcm(*{count for _, count, _ in rows}) if rows else 1
    rows.sort(key=lambda row: (-row[2] * (common // row[1]), row[0]))
    standings: list[Standing] = []
    for _, tied in groupby(rows, key=lambda row: row[2] * (common // row[1])):
        group = list(tied)
        place, above = len(standings) + len(group), len(standings)
        score = Fraction(group[0][2], group[0][1] * 100)
        standings.extend(Standing(case_id, score, above + 1, place) for case_id, _, _ in group)
    return standings
