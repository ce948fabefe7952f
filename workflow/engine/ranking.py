"""The order of the cases that were heard, by the mean of their judges' scores."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import NamedTuple

from workflow.edition import Edition


class Candidate(NamedTuple):
    """A case that was heard. score_total: the sum of its scores in hundredths. categories: numbers joined by commas."""

    case_id: int
    scores: int
    score_total: int
    unit: str
    state: str
    name: str
    applicant: str
    categories: str


class Ranked(NamedTuple):
    """rank, place: as a Standing's. score: the mean in points, see show_score. within: place is among capacity.

    category: its number; None where the form does not name exactly one.
    """

    rank: int
    case: str
    name: str
    unit: str
    applicant: str
    category: int | None
    score: str
    scores: int
    tied: bool
    place: int
    state: str
    within: bool


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


def list_ranked(edition: Edition, candidates: Iterable[Candidate]) -> list[Ranked]:
    """Every candidate that was scored, best first, ties by case."""
    known = {candidate.case_id: candidate for candidate in candidates}
    return [
        Ranked(
            standing.rank,
            edition.case_number(standing.case_id),
            (candidate := known[standing.case_id]).name,
            candidate.unit,
            candidate.applicant,
            int(candidate.categories) if candidate.categories.isdecimal() else None,
            show_score(standing.score),
            candidate.scores,
            standing.tied,
            standing.place,
            candidate.state,
            standing.place <= edition.capacity,
        )
        for standing in rank(
            (candidate.case_id, candidate.scores, candidate.score_total) for candidate in known.values()
        )
    ]


def show_score(score: Fraction) -> str:
    """Two to four decimals; more are rounded to four, half to even."""
    whole, decimals = divmod(round(score * 10_000), 10_000)
    written = f"{decimals:04d}"
    return f"{whole}.{written[:2]}{written[2:].rstrip('0')}"
