"""Surveys from sheets."""

from random import Random
from typing import Any

from workflow.demo.sheets import write_surveys
from workflow.review import import_surveys

HEADING = "case,mode,verified,surveyor,note"


def test_records_a_survey(season: Any) -> None:
    case, other = season.add("presented", "surveyed")
    path = season.sheet(HEADING, f"{case},线下,属实,调研一组,", f"{other},online,不属实,调研二组,数据不实")
    report = import_surveys(season.campaign, path)
    assert (report.accepted, report.refused) == (2, [])
    joined = "SELECT s.mode, s.verified, s.surveyor FROM cases c JOIN surveys s ON s.id = c.survey_id ORDER BY c.id"
    assert season.read(joined) == [("onsite", True, "调研一组"), ("online", False, "调研二组")]
    assert season.read("SELECT count(*) FROM surveys") == [(3,)]
    assert [event["verified"] for event in season.events("survey")] == [True, False]


def test_refuses_row_by_row(season: Any) -> None:
    case, early = season.add("presented", "shortlisted")
    path = season.sheet(HEADING, f"{early},线下,是,一组,", f"{case},电话,是,一组,", f"{case},线下,是,一组,")
    report = import_surveys(season.campaign, path)
    assert [(row, reasons[0].code) for row, reasons in report.refused] == [
        (2, "wrong-state"),
        (3, "value-invalid"),
        (4, "row-duplicate"),
    ]
    assert report.refused[1].reasons[0].values["expected"] == ["线上", "线下"]
    assert season.read("SELECT survey_id, version FROM cases ORDER BY id") == [(None, 1), (None, 1)]


def test_takes_what_the_demo_writes(season: Any) -> None:
    numbers = season.add(*["presented"] * 20)
    report = import_surveys(season.campaign, season.sheet(data=write_surveys(numbers, Random(1)).encode()))
    assert (report.accepted, report.refused) == (20, [])
