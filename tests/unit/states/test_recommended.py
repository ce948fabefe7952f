"""The precheck of a recommended case against the five standards, and its way back for correction."""

from datetime import date
from typing import Any

import pytest

from states.reasons import Reason
from tests.builders.facts import REVIEW, RULES, decide, ready, under


def prechecks(**review: Any) -> list[Reason]:
    return list(decide(ready("recommended", "precheck", review=REVIEW._replace(**review)), "precheck").reasons)


def test_a_case_that_meets_everything_is_prechecked() -> None:
    verdict = decide(ready("recommended", "precheck"), "precheck")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("prechecked", "prechecked", ())


def test_without_a_review_only_the_review_is_missing() -> None:
    verdict = decide(ready("recommended", "precheck", review=None), "precheck")
    assert not verdict.allowed
    assert [reason.code for reason in verdict.reasons] == ["review-missing"]


@pytest.mark.parametrize("missed", [1, 2, 3, 4, 5])
def test_each_standard_must_be_met(missed: int) -> None:
    met = tuple(number for number in RULES.standards if number != missed)
    (reason,) = prechecks(standards_met=met)
    assert (reason.code, reason.clause, reason.values) == ("standard-not-met", f"五.{missed}", {"standards": [missed]})


def test_all_standards_missed_are_named() -> None:
    (reason,) = prechecks(standards_met=(2, 9))
    assert (reason.clause, reason.values) == ("五.1 五.3 五.4 五.5", {"standards": [1, 3, 4, 5]})


def test_an_edition_with_a_sixth_standard_asks_for_it() -> None:
    case = ready("recommended", "precheck", rules=under(standards=(1, 2, 3, 4, 5, 6)))
    assert [reason.clause for reason in decide(case, "precheck").reasons] == ["五.6"]


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [
        (date(2021, 1, 1), date(2024, 5, 31), True),
        (date(2023, 7, 1), date(2023, 7, 1), True),
        (date(2020, 12, 31), date(2024, 5, 31), False),
        (date(2021, 1, 1), date(2024, 6, 1), False),
        (date(2023, 2, 1), date(2023, 1, 31), False),
        (date(2024, 6, 1), date(2024, 6, 30), False),
    ],
)
def test_implementation_lies_between_january_2021_and_may_2024(since: date, until: date, fits: bool) -> None:
    reasons = prechecks(implemented_from=since, implemented_until=until)
    assert [reason.code for reason in reasons] == ([] if fits else ["implemented-outside-period"])


def test_a_period_is_told_in_months() -> None:
    (reason,) = prechecks(implemented_from=date(2020, 12, 31))
    assert reason.values == {"started": "2020-12", "ended": "2024-04", "earliest": "2021-01", "latest": "2024-05"}


def test_a_case_must_mainly_serve_hubei() -> None:
    (reason,) = prechecks(mainly_hubei=False)
    assert (reason.code, reason.clause) == ("not-mainly-hubei", "五")


def test_every_fault_of_a_review_is_told() -> None:
    reasons = prechecks(standards_met=(), implemented_from=date(2020, 1, 1), mainly_hubei=False)
    assert [reason.code for reason in reasons] == ["standard-not-met", "implemented-outside-period", "not-mainly-hubei"]


def test_a_return_for_correction_goes_to_the_drafts() -> None:
    verdict = decide(ready("recommended", "return"), "return")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("drafted", "returned", ())


def test_a_return_says_what_is_to_be_corrected() -> None:
    verdict = decide(ready("recommended", "return", why=None), "return")
    assert not verdict.allowed
    assert [(reason.code, reason.blocking) for reason in verdict.reasons] == [("reason-missing", True)]


def test_what_was_returned_asks_for_its_place_again() -> None:
    returned = ready("drafted", "recommend", holds_place=False, quota_left=0)
    assert [reason.code for reason in decide(returned, "recommend").reasons] == ["over-quota"]
