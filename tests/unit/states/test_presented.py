"""A survey, online or on site, whatever it found."""

import pytest

from states.facts import Survey
from tests.builders.facts import decide, ready


@pytest.mark.parametrize("survey", [Survey(1, "online", verified=True), Survey(2, "onsite", verified=False)])
def test_a_recorded_survey_is_enough(survey: Survey) -> None:
    verdict = decide(ready("presented", "survey", survey=survey), "survey")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("surveyed", "surveyed", ())


def test_no_survey_is_none() -> None:
    verdict = decide(ready("presented", "survey", survey=None), "survey")
    assert not verdict.allowed
    assert [(reason.code, reason.clause) for reason in verdict.reasons] == [("survey-missing", "四 第二阶段")]
