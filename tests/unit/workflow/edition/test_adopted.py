"""A rule book that a campaign has adopted parses under a program that knows other triggers than its windows."""

import pytest

from states.course import COURSE
from tests.unit.workflow.edition.reader import BUILT_IN, edited, refusal
from workflow.edition import Edition, parse

SURVEY = '[windows.survey]\nphase = "two"\nclause = "四 第二阶段"\n'


def adopted(source: str) -> Edition:
    return parse(source.encode(), "rules.toml", adopted=True)


def test_a_trigger_without_a_window_is_no_part_of_the_course() -> None:
    source = edited(SURVEY, "")
    edition = adopted(source)
    assert "survey" not in edition.windows
    assert edition.course == COURSE.within(edition.windows)
    assert edition.course.way_ahead["presented"].trigger == "select"
    assert refusal(source).values["problem_code"] == "edition.window-missing"


def test_a_window_that_no_trigger_has_any_more_is_kept_and_opens_nothing() -> None:
    source = edited(SURVEY, SURVEY + SURVEY.replace("survey", "praise"))
    edition = adopted(source)
    assert list(edition.windows) == [*COURSE.windows, "praise"]
    assert edition.course == COURSE
    assert refusal(source).values["problem_code"] == "edition.trigger-unknown"


def test_a_phase_may_have_the_name_of_a_later_trigger() -> None:
    source = edited(SURVEY, "").replace("[phases.three]", "[phases.survey]").replace('"three"', '"survey"')
    assert "survey" in adopted(source).phases
    assert refusal(source).values["problem_code"] == "edition.phase-name-taken"


@pytest.mark.parametrize("adoption", [False, True])
def test_the_whole_course_is_the_same_either_way(adoption: bool) -> None:
    edition = parse(BUILT_IN.encode(), "rules.toml", adopted=adoption)
    assert edition.course == COURSE
    assert tuple(edition.windows) == COURSE.windows
