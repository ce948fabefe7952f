"""Sheets to fill, and the way back."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from workflow.disk import FolderMissing
from workflow.new_file import FileTaken
from workflow.review import KINDS, import_reviews, import_scores, import_surveys, write_template
from workflow.review.fault import SheetEmpty, SheetFormatUnknown
from workflow.review.template import show_in_cell

FILLED = {
    "review": (
        import_reviews,
        "recommended",
        ["甲", "是", "是", "否", "是", "是", "2022-03", "2024年5月", "是", "备注"],
    ),
    "scores": (import_scores, "shortlisted", ["甲", "95.35", ""]),
    "surveys": (import_surveys, "presented", ["线上", "是", "甲", ""]),
}


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".csv", ".XLSX"])
def test_what_is_filled_in_comes_back(season: Any, kind: str, language: str, suffix: str) -> None:
    importer, state, answers = FILLED[kind]
    first, second, _ = season.add(state, state, "drafted", name="=1+1")
    campaign = replace(season.campaign, language=language)
    path = season.folder / f"{kind}{suffix}"
    assert write_template(campaign, kind, path) == 2
    if suffix == ".csv":
        heading, row, unfilled = rows_of(path)
        rows = [heading, [*row[:4], *answers], unfilled]
        assert row[:4] == [first, "'=1+1", "孝感市", "示例县图书馆"]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        workbook = openpyxl.load_workbook(path)
        sheet = workbook.worksheets[0]
        for place, answer in enumerate(answers, 5):
            sheet.cell(2, place).value = float(answer) if answer == "95.35" else answer
        workbook.save(path)
    report = importer(campaign, path)
    assert (report.rows, report.accepted) == (2, 1)
    ((row_number, (reason,)),) = report.refused
    assert (row_number, reason.code) == (3, "row-unfilled")
    if kind == "scores":
        assert season.read("SELECT case_id, hundredths FROM scores") == [(1, 9535)]
    assert second == "2024-0002"


def test_lists_who_waits(season: Any) -> None:
    first, second = season.add("recommended", "recommended")
    good = "甲,是,是,是,是,是,2022-03,2024-05,是"
    heading = "case,reviewer,standard_1,standard_2,standard_3,standard_4,standard_5,implemented_from"
    import_reviews(season.campaign, season.sheet(f"{heading},implemented_until,mainly_hubei", f"{first},{good}"))
    path = season.folder / "reviews.csv"
    write_template(season.campaign, "review", path)
    assert [row[0] for row in rows_of(path)] == ["案例编号", second]
    assert rows_of(path)[0][1:6] == ["案例名称", "推荐单位", "申报单位", "初审人", "标准1 导向正确"]


def test_helps_those_who_fill_it_in_excel(season: Any) -> None:
    season.add("recommended")
    path = season.folder / "reviews.xlsx"
    write_template(season.campaign, "review", path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    choices = {str(validation.sqref): validation.formula1 for validation in sheet.data_validations.dataValidation}
    assert choices["F2"] == '"是,否"'
    assert sheet["K2"].number_format == "@"
    assert sheet.column_dimensions["B"].width > 20
    assert [cell.value for cell in sheet[1]][-1] == "备注"


def test_an_empty_template_has_its_heading(season: Any) -> None:
    for suffix in (".csv", ".xlsx"):
        path = season.folder / f"scores{suffix}"
        assert write_template(season.campaign, "scores", path) == 0
        with pytest.raises(SheetEmpty):
            import_scores(season.campaign, path)


def test_never_writes_over_a_file(season: Any) -> None:
    path = season.sheet("mine")
    with pytest.raises(FileTaken):
        write_template(season.campaign, "scores", path)
    assert path.read_bytes() == b"mine\r\n"
    with pytest.raises(SheetFormatUnknown):
        write_template(season.campaign, "scores", season.folder / "scores.xls")
    with pytest.raises(FolderMissing):
        write_template(season.campaign, "scores", season.folder / "nowhere" / "scores.csv")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        (" =1", "'=1"),
        ("\x00=1", "'=1"),
        ("＝1", "'＝1"),
        ("云上\n读书会", "云上 读书会"),
        ("", ""),
    ],
)
def test_neutralises_what_a_spreadsheet_would_run(written: str, shown: str) -> None:
    assert show_in_cell(written) == shown
