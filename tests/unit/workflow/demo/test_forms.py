from collections.abc import Callable
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from workflow.demo.cases import FORM_STYLES, DemoCase
from workflow.demo.forms import WORD, write_form, write_report

SQUARES = "□☑√■✔"
Invent = Callable[..., DemoCase]


def open_document(packed: bytes) -> etree._Element:
    with ZipFile(BytesIO(packed)) as package:
        assert package.testzip() is None
        return etree.fromstring(package.read("word/document.xml"))


def read_lines(document: etree._Element) -> list[str]:
    return [join_text(line) for line in document.iter(f"{WORD}p")]


def join_text(element: etree._Element) -> str:
    return "".join(leaf.text or "" for leaf in element.iter(f"{WORD}t"))


@pytest.mark.parametrize("style", FORM_STYLES)
def test_form_holds_every_answer(style: str, invent: Invent) -> None:
    case = invent(form_style=style)
    lines = read_lines(open_document(write_form(case)))
    for answer in (case.name, case.contact, case.phone, case.address, case.summary, case.applicant_opinion):
        assert answer in lines
    assert f"申报单位：{case.applicant}" in lines
    for paragraph in case.content.split("\n"):
        assert paragraph in lines
    assert lines.count("2024 年 6 月 18 日") == 2


@pytest.mark.parametrize("style", FORM_STYLES)
@pytest.mark.parametrize("tick", ["☑", "√", "■"])
def test_only_the_category_is_ticked(style: str, tick: str, invent: Invent) -> None:
    case = invent(form_style=style, tick=tick, category=4)
    text = "".join(read_lines(open_document(write_form(case))))
    marks = [text[text.index(f"{number}.") - 1] for number in range(1, 7)]
    assert marks == ["□", "□", "□", tick, "□", "□"]


@pytest.mark.parametrize("style", FORM_STYLES)
def test_missing_opinion_leaves_the_blank_as_it_was(style: str, invent: Invent) -> None:
    case = invent(form_style=style, recommender_opinion="")
    lines = read_lines(open_document(write_form(case)))
    assert lines.count("年  月  日") == 1
    assert not any("推荐。" in line for line in lines)


def test_layouts_differ_in_earnest(invent: Invent) -> None:
    documents = {style: open_document(write_form(invent(form_style=style))) for style in FORM_STYLES}
    assert "联 系 人" in read_lines(documents["spaced"])
    assert documents["merged"].find(f".//{WORD}vMerge") is not None
    assert documents["nested"].find(f".//{WORD}tc//{WORD}tbl") is not None
    label = next(line for line in documents["split"].iter(f"{WORD}p") if join_text(line) == "案例名称")
    assert len(label.findall(f"{WORD}r")) > 1


def test_form_is_written_the_same_twice(invent: Invent) -> None:
    case = invent()
    assert write_form(case) == write_form(case)


def read_rows(document: etree._Element) -> list[list[str]]:
    return [[join_text(cell) for cell in row.findall(f"{WORD}tc")] for row in document.iter(f"{WORD}tr")]


def test_report_lists_cases_under_their_category(invent: Invent) -> None:
    cases = [invent(category=category) for category in (2, 6, 2, 2)]
    document = open_document(write_report("武汉市委网信办", cases, date(2024, 6, 20)))
    rows = read_rows(document)[1:]
    assert len(rows) == 8
    second = [row[1:6] for row in rows[1:4]]
    assert second == [
        [str(number), case.name, case.applicant, case.contact, case.phone]
        for number, case in enumerate([cases[0], *cases[2:]], start=1)
    ]
    assert rows[1][0] == "网络文化创意精品"
    assert rows[2][0] == rows[3][0] == ""
    assert rows[7][2] == cases[1].name
    assert rows[0][2] == ""


def test_report_names_the_office_and_the_day() -> None:
    lines = read_lines(open_document(write_report("武汉市委网信办", [], date(2024, 6, 20))))
    head = next(line for line in lines if line.startswith("推荐单位"))
    assert "武汉市委网信办（盖章）" in head
    assert head.endswith("2024 年 6 月 20 日")


def test_report_joins_the_rows_of_a_category(invent: Invent) -> None:
    document = open_document(
        write_report("武汉市委网信办", [invent(category=1), invent(category=1)], date(2024, 6, 20))
    )
    assert [merge.get(f"{WORD}val") for merge in document.iter(f"{WORD}vMerge")] == ["restart", None]
