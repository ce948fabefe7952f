"""After the selection: the archive, or the loss of it."""

import pytest

from tests.builders.facts import INSTANT, RULES, decide, ready


def test_a_selected_case_is_archived_in_phase_three() -> None:
    verdict = decide(ready("selected", "archive"), "archive")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("archived", "archived", ())


def test_not_before() -> None:
    early = ready("selected", "archive", now=RULES.windows["archive"].opens - INSTANT)
    assert [reason.code for reason in decide(early, "archive").reasons] == ["outside-window"]


@pytest.mark.parametrize("state", ["selected", "archived"])
@pytest.mark.parametrize("trigger", ["withdraw", "decline", "return", "lapse", "select"])
def test_what_was_selected_is_not_taken_back_in_other_ways(state: str, trigger: str) -> None:
    assert [reason.code for reason in decide(ready(state, trigger), trigger).reasons] == ["wrong-state"]


@pytest.mark.parametrize("state", ["selected", "archived"])
def test_it_can_still_be_disqualified(state: str) -> None:
    assert decide(ready(state, "disqualify"), "disqualify").target == "disqualified"
