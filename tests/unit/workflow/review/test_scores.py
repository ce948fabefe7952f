"""Scores from sheets: exact, one a judge, refused row by row."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from workflow.review import import_scores

HEADING = "case,judge,score,note"


def codes(report: Any) -> list[tuple[int, list[str]]]:
    return [(row, [reason.code for reason in reasons]) for row, reasons in report.refused]


def test_adds_up_what_judges_gave(season: Any) -> None:
    case, other = season.add("shortlisted", "presented")
    rows = (f"{case},评委甲,95.35,好", f"{case},评委乙,0.1,", f"{case},评委丙,100,", f"{other},评委甲,0,")
    path = season.sheet(HEADING, *rows)
    report = import_scores(season.campaign, path)
    assert (report.rows, report.accepted, report.refused) == (4, 4, [])
    assert season.read("SELECT scores, score_total, version FROM cases ORDER BY id") == [(3, 19545, 4), (2, 8000, 2)]
    assert season.read("SELECT asked, moved, refused, trigger FROM batches") == [(4, 4, 0, "import-scores")]


def test_replaces_a_judges_score_and_says_both(season: Any) -> None:
    (case,) = season.add("shortlisted")
    import_scores(season.campaign, season.sheet(HEADING, f"{case},评委甲,90,"))
    path = season.sheet(HEADING, f"{case},评委甲,80.5,复评")
    import_scores(season.campaign, path)
    assert season.read("SELECT judge, hundredths, note FROM scores") == [("评委甲", 8050, "复评")]
    assert season.read("SELECT scores, score_total, version FROM cases") == [(1, 8050, 3)]
    event = season.events("score")[-1]
    assert (event["was"], event["hundredths"], event["row"], event["case"]) == (9000, 8050, 2, case)
    assert event["sheet"] == sha256(path.read_bytes()).hexdigest()
    assert season.campaign.originals.read(event["sheet"]) == path.read_bytes()
    assert event["version"] == 3


def test_knows_a_judge_however_the_name_is_spaced(season: Any) -> None:
    (case,) = season.add("shortlisted")
    report = import_scores(season.campaign, season.sheet(HEADING, f"{case},评委 A,90,", f"{case}, 评委　Ａ\u200b ,91,"))
    assert codes(report) == [(3, ["row-duplicate"])]
    assert season.read("SELECT judge FROM scores") == [("评委 A",)]


@pytest.mark.parametrize(
    ("score", "taken"),
    [("100", 10000), ("100.00", 10000), ("99.9", 9990), ("９５．５", 9550), ("95分", 9500), ("0.07", 7), ("007", 700)]
    + [(bad, None) for bad in ("100.01", "-1", "95.555", "9e1", "1_0", "nan", "95,5", "九十", "101", "1" * 300, "٩٥")],
)
def test_reads_scores_exactly(season: Any, score: str, taken: int | None) -> None:
    (case,) = season.add("shortlisted")
    report = import_scores(season.campaign, season.sheet(HEADING, f'{case},甲,"{score}",'))
    assert season.read("SELECT hundredths FROM scores") == ([] if taken is None else [(taken,)])
    assert codes(report) == ([(2, ["value-invalid"])] if taken is None else [])


def test_takes_no_row_that_nobody_sees_and_no_score_that_is_shown_otherwise(season: Any, tmp_path: Path) -> None:
    case, other, third, fourth = season.add("shortlisted", "shortlisted", "shortlisted", "shortlisted")
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (
        ("评分表",),
        HEADING.split(","),
        (case, "甲", 0.9),
        (other, "甲", 88),
        (third, "甲", 92.5),
        (fourth, "甲", 7),
    ):
        sheet.append(row)
    sheet["C3"].number_format, sheet["C5"].number_format = "0%", "0"
    sheet.row_dimensions[4].hidden = True
    workbook.save(tmp_path / "scores.xlsx")
    report = import_scores(season.campaign, tmp_path / "scores.xlsx")
    assert codes(report) == [(3, ["value-invalid"]), (4, ["row-hidden"]), (5, ["value-shown-otherwise"])]
    shown = [reason.values.get("read") for row in report.refused for reason in row.reasons]
    assert shown == ["90%", None, "93"]
    assert season.read("SELECT hundredths FROM scores") == [(700,)]


def test_refuses_row_by_row(season: Any) -> None:
    good, drafted, done = season.add("shortlisted", "drafted", "selected")
    path = season.sheet(
        HEADING,
        f"{drafted},甲,90,",
        f"{good},甲,90,",
        "2024-9999,甲,90,",
        "2023-0001,甲,90,",
        f"{done},甲,90,",
        f"{good},,,只有备注",
        f"{good},,,",
        "",
        ",,,",
        ",甲,90,",
        f"{good},{'长' * 101},90,",
        f"{good},甲,80,",
        f"{good},乙,80,多,一,列",
    )
    report = import_scores(season.campaign, path)
    assert codes(report) == [
        (2, ["wrong-state"]),
        (4, ["case-unknown"]),
        (5, ["case-unknown"]),
        (6, ["wrong-state"]),
        (7, ["value-missing", "value-missing"]),
        (8, ["row-unfilled"]),
        (11, ["value-missing"]),
        (12, ["value-too-long"]),
        (13, ["row-duplicate"]),
        (14, ["row-overflow"]),
    ]
    assert (report.rows, report.accepted) == (11, 1)
    assert season.read("SELECT asked, moved, refused FROM batches") == [(11, 1, 10)]
    assert [event["row"] for event in season.events("refusal")] == [row for row, _ in report.refused]
    wrong = report.refused[0].reasons[0]
    assert wrong.values == {
        "state": "drafted",
        "trigger": "import-scores",
        "states": ["shortlisted", "presented", "surveyed"],
    }
    assert season.read("SELECT version FROM cases ORDER BY id") == [(2,), (1,), (1,)]


def test_asks_as_many_questions_for_500_rows_as_for_5(season: Any) -> None:
    numbers = season.add(*["shortlisted"] * 250)
    counts = []
    for size in (5, 500):
        rows = [f"{number},评委{judge},9{judge}.5," for number in numbers for judge in (1, 2)][:size]
        path = season.sheet(HEADING, *rows[:-1], "2024-0999,甲,1,", rows[-1])
        with season.counting() as count:
            report = import_scores(season.campaign, path)
            counts.append(count())
        assert report.accepted == size
    completing_a_node = 2
    assert counts[0] <= counts[1] <= counts[0] + completing_a_node
    assert counts[0] < 25
