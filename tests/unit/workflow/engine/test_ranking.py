"""The ranking: exact means, and ties that are counted from their unlucky end."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.engine.ranking import rank

SCORED = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 12), st.integers(0, 120_000)),
    max_size=40,
    unique_by=lambda row: row[0],
)


def test_nobody_without_scores_is_ranked() -> None:
    assert rank([]) == []
    assert rank([(1, 0, 0)]) == []


def test_a_score_of_nought_is_a_score() -> None:
    (standing,) = rank([(1, 2, 0)])
    assert standing == (1, Fraction(0), 1, 1)


def test_means_are_compared_exactly() -> None:
    third = (1, 3, 10_000)
    a_little_more = (2, 3_000, 10_000_001)
    assert [standing.case_id for standing in rank([third, a_little_more])] == [2, 1]
    assert rank([third])[0].score == Fraction(100, 3)


def test_equal_means_of_different_numbers_of_judges_tie() -> None:
    standings = rank([(7, 3, 27_000), (3, 1, 9_000), (5, 1, 9_500), (9, 2, 17_000)])
    assert [(s.case_id, s.rank, s.place, s.tied) for s in standings] == [
        (5, 1, 1, False),
        (3, 2, 3, True),
        (7, 2, 3, True),
        (9, 4, 4, False),
    ]


@given(SCORED)
def test_agrees_with_counting(rows: list[tuple[int, int, int]]) -> None:
    means = {case: Fraction(total, count * 100) for case, count, total in rows if count}
    standings = rank(rows)
    assert {s.case_id: s.score for s in standings} == means
    for s in standings:
        assert s.rank == 1 + sum(other > s.score for other in means.values())
        assert s.place == sum(other >= s.score for other in means.values())
    assert [s.case_id for s in standings] == sorted(means, key=lambda case: (-means[case], case))


@given(SCORED, st.integers())
def test_the_order_of_the_rows_does_not_matter(rows: list[tuple[int, int, int]], seed: int) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    assert rank(shuffled) == rank(rows)


@pytest.mark.parametrize("judges", [97, 997])
def test_many_different_numbers_of_judges_are_no_trouble(judges: int) -> None:
    rows = [(case, case, 9_000 * case) for case in range(1, judges)]
    assert {standing.place for standing in rank(rows)} == {judges - 1}
