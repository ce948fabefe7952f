"""The fifty: verified, high enough, and a place still free."""

from datetime import UTC
from typing import Any

import pytest

from tests.builders.facts import SURVEY, decide, ready, under
from workflow.wording import say_reason


def codes(**changes: Any) -> list[str]:
    return [reason.code for reason in decide(ready("surveyed", "select", **changes), "select").reasons]


def test_a_verified_case_among_the_fifty_is_selected() -> None:
    verdict = decide(ready("surveyed", "select"), "select")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("selected", "selected", ())


@pytest.mark.parametrize("survey", [None, SURVEY._replace(verified=False)])
def test_the_survey_must_have_verified_it(survey: Any) -> None:
    assert codes(survey=survey) == ["survey-not-verified"]


@pytest.mark.parametrize(
    ("place", "tied", "taken", "selected"),
    [
        (1, False, 0, True),
        (50, False, 49, True),
        (50, True, 48, True),
        (51, False, 49, False),
        (51, True, 49, False),
        (50, False, 50, False),
        (1, False, 50, False),
        (1, False, 51, False),
        (None, False, 0, False),
    ],
)
def test_the_fiftieth_is_in_and_a_tie_across_it_is_not(
    place: int | None, tied: bool, taken: int, selected: bool
) -> None:
    expected = [] if selected else ["not-in-the-fifty"]
    assert codes(place=place, tied=tied, places_taken=taken) == expected


def test_the_reason_says_how_it_stands() -> None:
    (reason,) = decide(ready("surveyed", "select", place=51, tied=True, places_taken=49), "select").reasons
    assert reason.clause == "四 第二阶段"
    assert reason.values == {"place": 51, "capacity": 50, "tied": True, "taken": 49}


def test_a_case_that_is_not_ranked_is_told_so() -> None:
    (reason,) = decide(ready("surveyed", "select", place=None), "select").reasons
    assert (reason.values["place"], reason.values["cause"]) == (None, "unplaced")
    assert "没有有效评分" in say_reason(reason.code, reason.values, "zh", UTC)


def test_the_capacity_is_the_rule_books() -> None:
    assert codes(rules=under(capacity=12)) == []
    assert codes(rules=under(capacity=11)) == ["not-in-the-fifty"]


def test_both_faults_are_told() -> None:
    assert codes(survey=None, place=None) == ["survey-not-verified", "not-in-the-fifty"]
