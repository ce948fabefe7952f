"""The ranking as the organisers read it."""

from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import text

from workflow.engine.ranking import show_score
from workflow.review import import_scores, read_ranking


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (Fraction(100), "100.00"),
        (Fraction(0), "0.00"),
        (Fraction(191, 2), "95.50"),
        (Fraction(7628, 80), "95.35"),
        (Fraction(277, 3), "92.3333"),
        (Fraction(185, 2) / 1000, "0.0925"),
        (Fraction(900005, 10000) + Fraction(5, 100_000), "90.0006"),
        (Fraction(900004, 10000) + Fraction(5, 100_000), "90.0004"),
        (Fraction(90125, 1000), "90.125"),
        (100 - Fraction(1, 10**9), "100.00"),
    ],
)
def test_shows_scores_to_four_decimals(score: Fraction, shown: str) -> None:
    assert show_score(score) == shown


def test_ranks_those_who_were_heard(season: Any) -> None:
    season.add("presented", "surveyed", "shortlisted", "selected", "presented")
    sheet = season.sheet(
        "case,judge,score",
        "2024-0001,甲,95",
        "2024-0001,乙,90",
        "2024-0002,甲,80",
        "2024-0003,甲,99",
        "2024-0005,甲,79.99",
    )
    import_scores(season.campaign, sheet)
    with season.counting() as count:
        ranking = read_ranking(season.campaign)
        asked = count()
    assert asked == 1
    assert [(entry.rank, entry.case, entry.score, entry.scores, entry.tied, entry.place) for entry in ranking] == [
        (1, "2024-0001", "88.3333", 3, False, 1),
        (2, "2024-0002", "80.00", 2, True, 3),
        (2, "2024-0004", "80.00", 1, True, 3),
        (4, "2024-0005", "79.995", 2, False, 4),
    ]
    first = ranking[0]
    assert (first.name, first.unit, first.applicant, first.category, first.state, first.within) == (
        "云上读书会",
        "孝感市",
        "示例县图书馆",
        2,
        "presented",
        True,
    )


def test_a_tie_across_the_fiftieth_place_is_within_for_nobody(season: Any) -> None:
    season.add(*["presented"] * 52)
    with season.campaign.writing() as (_, connection):
        connection.execute(text("UPDATE cases SET score_total = 9000 WHERE id <= 49"))
        connection.execute(text("UPDATE cases SET score_total = 100 WHERE id = 52"))
    ranking = read_ranking(season.campaign)
    assert [entry.within for entry in ranking] == [True] * 49 + [False] * 3
    assert {entry.place for entry in ranking[49:51]} == {51}


def test_is_empty_before_anybody_was_heard(season: Any) -> None:
    season.add("shortlisted")
    assert read_ranking(season.campaign) == []
