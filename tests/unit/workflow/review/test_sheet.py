"""Sheets as people save them, and as nobody should."""

import codecs
import os
from pathlib import Path
from typing import Any

import pytest

from workflow.edition import find
from workflow.review import limits
from workflow.review.columns import recognise
from workflow.review.fault import (
    ColumnDuplicate,
    ColumnMissing,
    SheetDamaged,
    SheetEmpty,
    SheetLocked,
    SheetMissing,
    SheetTooLarge,
    SheetUnreadable,
)
from workflow.review.reviews import review_columns
from workflow.review.scores import score_columns
from workflow.review.sheet import read_sheet
from workflow.review.surveys import survey_columns

EDITION = find("hubei-2024")
COLUMNS = score_columns(EDITION)
TEXT = "案例编号,评委,分数,备注\r\n2024-0001,评委甲,95.5,思路清晰，有新意\r\n"


def read(tmp_path: Path, data: bytes, name: str = "scores.csv") -> Any:
    path = tmp_path / name
    path.write_bytes(data)
    return read_sheet(path, COLUMNS, "zh")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_reads_every_way_of_saving(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    sheet = read(tmp_path, TEXT.replace(",", delimiter).replace("\r\n", end).encode(encoding))
    assert sheet.headings == {"case": "案例编号", "judge": "评委", "score": "分数", "note": "备注"}
    cells = {"case": "2024-0001", "judge": "评委甲", "score": "95.5", "note": "思路清晰，有新意"}
    assert [row.cells for row in sheet.rows] == [cells]
    assert sheet.rows[0].number == 2


@pytest.mark.parametrize("line", ["sep=,", "SEP=;", '"sep=\t"', "sep=|", "sep=;;;"])
def test_a_line_that_names_the_delimiter_is_none_of_the_rows(tmp_path: Path, line: str) -> None:
    delimiter = line.strip('"')[4]
    sheet = read(tmp_path, f"{line}\r\n{TEXT.replace(',', delimiter)}".encode("utf-8-sig"))
    assert [(row.number, row.cells["score"]) for row in sheet.rows] == [(2, "95.5")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_heading_below_titles_is_found(tmp_path: Path, delimiter: str) -> None:
    title = f"评分表（一，二；三）\r\n\r\n评委{delimiter}甲\r\n"
    sheet = read(tmp_path, (title + TEXT.replace(",", delimiter)).encode())
    assert [(row.number, row.cells["judge"]) for row in sheet.rows] == [(5, "评委甲")]


def test_counts_rows_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = '\n"case","judge","score","note","other"\n\n2024-0001,甲,1,"two\nlines, ""quoted""",x\n,,,,\n2024-0002,乙\n'
    sheet = read(tmp_path, text.encode())
    assert [(row.number, row.cells["case"]) for row in sheet.rows] == [(4, "2024-0001"), (6, "2024-0002")]
    assert sheet.rows[0].cells["note"] == 'two\nlines, "quoted"'
    assert sheet.rows[1].cells == {"case": "2024-0002", "judge": "乙", "score": "", "note": ""}


def test_notes_cells_beyond_the_last_heading(tmp_path: Path) -> None:
    sheet = read(tmp_path, b"case,judge,score\n2024-0001,a,1,,\n2024-0002,a,1,spilled, over\n")
    assert [row.overflow for row in sheet.rows] == [0, 2]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", SheetEmpty),
        (b"\r\n , ,\r\n", SheetEmpty),
        (b"case,judge,score\r\n\r\n,,\r\n", SheetEmpty),
        (TEXT.encode()[:-4] + b"\0\r\n", SheetUnreadable),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), SheetUnreadable),
        (bytes(range(256)) * 40, SheetUnreadable),
        (TEXT.encode().rpartition("意".encode())[0] + "意".encode()[:2], SheetDamaged),
        (TEXT.encode("utf-8-sig").rpartition("意".encode())[0] + "意".encode()[:2], SheetDamaged),
        (TEXT.encode("utf-16")[:-1], SheetDamaged),
        (b'case,judge,score\r\n2024-0001,a,1\r\n2024-0002,"a,1\r\n', SheetDamaged),
        (b'case,judge,score\r\n2024-0001,"a"b,1\r\n', SheetDamaged),
        (b"case,judge,score" + b"," * 1_000_000 + b"\r\n", SheetTooLarge),
        (b"case,judge,score" + b"," * 300 + b"\r\n1\r\n", SheetTooLarge),
        (b"case,judge,score\r\n" + b"x" * limits.FILE_BYTES, SheetTooLarge),
        (b"case,judge,score\r\n" + b"x\r\n" * (limits.ROWS + 1), SheetTooLarge),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), SheetLocked),
        (b"%PDF-1.4\n1 0 obj\n", ColumnMissing),
        (b"case,judge\r\n2024-0001,a\r\n", ColumnMissing),
        ("case,judge,score,得分\r\n2024-0001,a,1,2\r\n".encode(), ColumnDuplicate),
    ],
)
def test_refuses_what_is_no_sheet(tmp_path: Path, data: bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault) as raised:
        read(tmp_path, data)
    assert type(raised.value) is fault


def test_says_what_is_missing_or_double_and_where(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing) as missing:
        read(tmp_path, b"\r\ncase,note\r\nx,y\r\n")
    assert missing.value.values == {"file": str(tmp_path / "scores.csv"), "row": 2, "columns": ["评委", "分数"]}
    with pytest.raises(ColumnDuplicate) as double:
        read(tmp_path, " Case ,judge,score,案例编号\r\nx\r\n".encode())
    assert double.value.values["columns"] == ["Case", "案例编号"]
    with pytest.raises(SheetDamaged) as damaged:
        read(tmp_path, b'case,judge,score\r\n1,a,1\r\n2,"a')
    assert damaged.value.values["row"] == 3


def test_needs_a_file(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path, Path(os.devnull), tmp_path / "nul\0.csv"):
        with pytest.raises(SheetMissing):
            read_sheet(path, COLUMNS, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_recognises_the_headings_it_writes(language: str) -> None:
    for columns in (review_columns(EDITION), COLUMNS, survey_columns(EDITION)):
        for column in columns:
            assert recognise(column.heading(language), columns) == column.key
            assert recognise(column.key, columns) == column.key


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("标准1", "standard_1"),
        ("标准 １：导向正确（是/否）", "standard_1"),
        ("导向正确", "standard_1"),
        ("STANDARD_5", "standard_5"),
        ("Standard 5: sound", "standard_5"),
        ("standard_6", None),
        ("standard_55", None),
        ("标准", None),
        ("\ufeff 案例编号* ", "case"),
        ("Case No.", "case"),
        ("案例名称", None),
        ("", None),
        ("()", None),
        ("标准" + "9" * 5000, None),
    ],
)
def test_recognises_headings_as_people_write_them(heading: str, key: str | None) -> None:
    assert recognise(heading, review_columns(EDITION)) == key
