"""XLSX sheets: what Excel keeps becomes what an official typed; what would hurt is refused."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from workflow.edition import find
from workflow.review import limits
from workflow.review.fault import (
    ColumnHidden,
    SheetDamaged,
    SheetHidden,
    SheetSeveral,
    SheetTooLarge,
    SheetUnreadable,
)
from workflow.review.scores import score_columns
from workflow.review.sheet import read_sheet
from workflow.review.workbook import Altered, Unreadable

COLUMNS = score_columns(find("hubei-2024"))
HEADING = ["案例编号", "评委", "分数", "备注"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(tmp_path: Path, data: bytes) -> Any:
    path = tmp_path / "scores.xlsx"
    path.write_bytes(data)
    return read_sheet(path, COLUMNS, "zh").rows


def saved(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def book(*rows: list[Any], number_format: str | None = None) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (HEADING, *rows):
        sheet.append(row)
    if number_format:
        sheet["C2"].number_format = number_format
    return saved(workbook)


def rewritten(data: bytes, member: str, change: Any) -> bytes:
    """The container with one member changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == member else content)
    return written.getvalue()


def with_sheet(rows: bytes) -> bytes:
    """A workbook whose sheet holds exactly these rows below the heading."""
    return rewritten(
        book(), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")
    )


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (95.0, None, "95"),
        (95, None, "95"),
        (95.35, None, "95.35"),
        (0.1 + 0.2, None, "0.3"),
        ("  95 ", None, "  95 "),
        (True, None, "TRUE"),
        (date(2024, 5, 1), "yyyy-mm", "2024-05"),
        (date(2024, 5, 1), "mmm-yy", "2024-05"),
        (date(2024, 5, 1), 'yyyy"年"m"月"', "2024-05"),
        (date(2024, 5, 1), '[$-804]yyyy"年"m"月"d"日"', "2024-05-01"),
        (datetime(2024, 5, 31), "yyyy-mm-dd", "2024-05-31"),  # noqa: DTZ001
        (datetime(2024, 5, 31, 9, 30), "yyyy-mm-dd", "2024-05-31 09:30:00"),  # noqa: DTZ001
        (None, None, ""),
    ],
)
def test_reads_what_was_typed(tmp_path: Path, value: Any, number_format: str | None, text: str) -> None:
    (row,) = read(tmp_path, book(["2024-0001", "甲", value], number_format=number_format))
    assert (row.number, row.cells["case"], row.cells["score"]) == (2, "2024-0001", text)


@pytest.mark.parametrize(("built_in", "text"), [(57, "2024-05"), (31, "2024-05-01"), (14, "2024-05-01")])
def test_knows_the_date_formats_of_chinese_excel(tmp_path: Path, built_in: int, text: str) -> None:
    data = book(["2024-0001", "甲", 45413], number_format="0.000")
    data = rewritten(
        data, "xl/styles.xml", lambda xml: xml.replace(b'numFmtId="164" fontId', b'numFmtId="%d" fontId' % built_in)
    )
    (row,) = read(tmp_path, data)
    assert row.cells["score"] == text


def test_tells_formulas_that_were_never_calculated_and_errors(tmp_path: Path) -> None:
    rows = (
        b'<row r="2"><c r="A2" t="str"><f>"2024-"&amp;"0001"</f><v>2024-0001</v></c>'
        b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2"><f>90+5.5</f><v>95.5</v></c>'
        b'<c r="D2"><f>A1</f></c></row>'
    )
    (row,) = read(tmp_path, with_sheet(rows))
    assert row.cells == {"case": "2024-0001", "judge": "#DIV/0!", "score": "95.5", "note": "=A1"}
    assert [key for key, cell in row.cells.items() if isinstance(cell, Unreadable)] == ["judge", "note"]
    (row,) = read(tmp_path, book(["2024-0001", "甲", "=90+5"]))
    assert isinstance(row.cells["score"], Unreadable)


def test_reads_the_first_visible_sheet_whatever_its_size_is_said_to_be(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.worksheets[0].sheet_state = "hidden"
    sheet = workbook.create_sheet("评分")
    sheet.append(HEADING)
    sheet["A5"], sheet["B5"], sheet["C5"] = "2024-0001", "甲", 90
    data = rewritten(
        saved(workbook), "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'ref="A1:D5"', b'ref="A1:XFD1048576"')
    )
    (row,) = read(tmp_path, data)
    assert (row.number, row.cells["score"]) == (5, "90")


def bomb(name: str, size: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as container, container.open(name, "w") as member:
        for _ in range(size // 2**20):
            member.write(bytes(2**20))
    return written.getvalue()


def many_members() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as container:
        for number in range(8000):
            container.writestr(f"xl/worksheets/{number}.xml", b"")
    return written.getvalue()


ROW = b'<row r="2"><c r="A2" t="inlineStr"><is><t>2024-0001</t></is></c>'


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (bomb("xl/worksheets/sheet1.xml", 200 * 2**20), SheetTooLarge),
        (many_members(), SheetTooLarge),
        (with_sheet(b"<row>" + b"<c/>" * 1_000_000 + b"</row>"), SheetTooLarge),
        (with_sheet(b'<row r="2">' + b"<c/>" * 300 + b"<c><v>1</v></c></row>"), SheetTooLarge),
        (with_sheet(ROW + b'<c r="XFD2"><v>1</v></c></row>'), SheetTooLarge),
        (with_sheet(ROW + b'</row><row r="99999999999"><c><v>1</v></c></row>'), SheetTooLarge),
        (with_sheet(b"<row><c><v>1</v></c></row>" * 1_001), SheetTooLarge),
        (rewritten(book(), "xl/styles.xml", lambda xml: xml.replace(b"<cellXfs", b"<xf/>" * 99_999)), SheetTooLarge),
        (book(["2024-0001", "甲", 1])[:3000], SheetDamaged),
        (book(["2024-0001", "甲", 1])[:-30], SheetDamaged),
        (b"PK\x03\x04" + bytes(100), SheetDamaged),
        (with_sheet(b"<row><c>"), SheetUnreadable),
        (with_sheet(b'<row><c r="!"><v>1</v></c></row>'), SheetUnreadable),
        (with_sheet(b'<row><c t="s"><v>99</v></c></row>'), SheetUnreadable),
        (with_sheet(b"<row><c><v>" + b"9" * 5000 + b"</v></c></row>"), SheetUnreadable),
        (
            rewritten(
                book(["x"]),
                "xl/worksheets/sheet1.xml",
                lambda xml: b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">]>' + xml,
            ),
            SheetUnreadable,
        ),
        (bomb("word/document.xml", 2**20), SheetUnreadable),
    ],
    ids=range(17),
)
def test_refuses_what_would_hurt(
    tmp_path: Path, data: bytes, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROWS", 1_000)
    monkeypatch.setattr(limits, "SHEET_ROWS", 2_000)
    tracemalloc.start()
    try:
        with pytest.raises(fault) as raised:
            read(tmp_path, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(raised.value) is fault
    assert peak < 64 * 2**20


def test_reads_shared_strings(tmp_path: Path) -> None:
    rows = b'<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2"><v>9.5E1</v></c></row>'
    strings = f'<sst xmlns="{MAIN}"><si><t>2024-0001</t></si><si><r><t>评委</t></r><r><t>甲</t></r></si></sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    typed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    data = rewritten(with_sheet(rows), "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", typed))
    more = io.BytesIO(data)
    with zipfile.ZipFile(more, "a") as container:
        container.writestr("xl/sharedStrings.xml", strings)
    (row,) = read(tmp_path, more.getvalue())
    assert (row.cells["case"], row.cells["judge"], row.cells["score"]) == ("2024-0001", "评委甲", "95")


def test_survives_any_half_of_a_workbook(tmp_path: Path) -> None:
    data = book(["2024-0001", "甲", 90])
    for cut in range(4, len(data), 97):
        with pytest.raises((SheetDamaged, SheetUnreadable)):
            read(tmp_path, data[:cut])


def test_passes_over_control_characters_to_the_row(tmp_path: Path) -> None:
    (row,) = read(tmp_path, with_sheet(ROW + b'<c r="B2" t="inlineStr"><is><t>_x0000_</t></is></c></row>'))
    assert row.cells["case"] == "2024-0001"


def number(tmp_path: Path, value: Any, number_format: str) -> Any:
    (row,) = read(tmp_path, book(["2024-0001", "甲", value], number_format=number_format))
    return row.cells["score"]


def test_a_number_shown_as_another_is_not_taken_for_either(tmp_path: Path) -> None:
    assert number(tmp_path, 0.9, "0%") == "90%"
    assert number(tmp_path, 92.5, '0.0"分"') == "92.5分"
    shown = number(tmp_path, 92.5, "0")
    assert isinstance(shown, Altered)
    assert (shown, shown.kept) == ("93", "92.5")
    assert isinstance(number(tmp_path, 92.5, ";;;"), Altered)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("甲_x000D_", "甲\r"),
        ("甲_x000d__x000A_乙", "甲\r\n乙"),
        ("甲_x005F_x000D_", "甲_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_", "\ufffd"),
        ("a_x12_b", "a_x12_b"),
    ],
)
def test_escaped_signs_are_the_signs(tmp_path: Path, written: str, text: str) -> None:
    (row,) = read(tmp_path, book(["2024-0001", written, 1]))
    assert row.cells["judge"] == text


def test_rows_out_of_sight_are_told(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(HEADING)
    for score in range(1, 6):
        sheet.append(["2024-0001", "甲", score])
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[5].height = 7
    flat = rewritten(saved(workbook), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ht="7"', b'ht="0"'))
    bare = rewritten(flat, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b' r="3"', b"").replace(b' r="5"', b""))
    for data in (flat, bare):
        assert [row.hidden for row in read(tmp_path, data)] == [False, True, False, True, False]


def test_columns_out_of_sight_are_told_where_they_are_asked_for(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["其他", *HEADING])
    sheet.append(["x", "2024-0001", "甲", 90])
    sheet.column_dimensions["A"].hidden = True
    assert len(read(tmp_path, saved(workbook))) == 1
    sheet.column_dimensions["D"].hidden = True
    with pytest.raises(ColumnHidden) as hidden:
        read(tmp_path, saved(workbook))
    assert hidden.value.values["columns"] == ["分数"]


def cover(*titles: str) -> Workbook:
    workbook = Workbook()
    workbook.worksheets[0].append(["2024年评分汇总"])
    for title in titles:
        workbook.create_sheet(title)
    return workbook


def test_the_heading_is_found_below_titles_and_behind_a_cover(tmp_path: Path) -> None:
    workbook = cover("评分")
    sheet = workbook["评分"]
    rows: list[list[Any]] = [["2024年网络文明案例评分表"], ["评委"], [], HEADING, ["2024-0001", "甲", 90]]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    (found,) = read(tmp_path, saved(workbook))
    assert (found.number, found.cells["score"]) == (5, "90")


def test_one_sheet_is_read_and_none_is_passed_over_in_silence(tmp_path: Path) -> None:
    workbook = cover("甲", "乙", "空")
    for title in ("甲", "乙", "空"):
        workbook[title].append(HEADING)
    workbook["甲"].append(["2024-0001", "甲", 90])
    assert len(read(tmp_path, saved(workbook))) == 1
    workbook["甲"].sheet_state = "hidden"
    with pytest.raises(SheetHidden) as hidden:
        read(tmp_path, saved(workbook))
    assert hidden.value.values["sheets"] == ["甲"]
    workbook["甲"].sheet_state = "visible"
    workbook["乙"].append(["2024-0001", "乙", 80])
    with pytest.raises(SheetSeveral) as several:
        read(tmp_path, saved(workbook))
    assert several.value.values["sheets"] == ["甲", "乙"]
