"""What people write into cells."""

from datetime import date

import pytest

from workflow.edition import find
from workflow.review.answers import is_writable, plain, read_answer, read_case, read_day, read_mode

EDITION = find("hubei-2024")


@pytest.mark.parametrize("text", ["yes", " YES ", "y", "是", "√", "✓", "1", "１", "TRUE", "符合", "属实", "\u200b是"])
def test_reads_yes(text: str) -> None:
    assert read_answer(text) is True


@pytest.mark.parametrize("text", ["no", "N", "否", "×", "✗", "0", "false", "不符合", "不属实"])
def test_reads_no(text: str) -> None:
    assert read_answer(text) is False


@pytest.mark.parametrize("text", ["", "x", "yes?", "是否", "2", "不", "yes no", "基本符合"])
def test_reads_no_answer_into_anything_else(text: str) -> None:
    assert read_answer(text) is None


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("online", "online"),
        ("线上", "online"),
        ("On-Site", "onsite"),
        ("线 下", None),
        ("实地", "onsite"),
        ("电话", None),
    ],
)
def test_reads_ways_to_survey(text: str, mode: str | None) -> None:
    assert read_mode(text) == mode


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-05", date(2024, 5, 1), date(2024, 5, 31)),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023/02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024年5月", date(2024, 5, 1), date(2024, 5, 31)),
        ("２０２４ 年 05 月", date(2024, 5, 1), date(2024, 5, 31)),
        ("2024年5月份", date(2024, 5, 1), date(2024, 5, 31)),
        ("May-24", date(2024, 5, 1), date(2024, 5, 31)),
        ("2024-05-09", date(2024, 5, 9), date(2024, 5, 9)),
        ("2024.5.9", date(2024, 5, 9), date(2024, 5, 9)),
        ("2024/5/9", date(2024, 5, 9), date(2024, 5, 9)),
        ("2024年5月9日", date(2024, 5, 9), date(2024, 5, 9)),
    ],
)
def test_reads_months_and_days(text: str, first: date, last: date) -> None:
    assert read_day(text, end=False) == first
    assert read_day(text, end=True) == last


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024", "2024.1", "2024-13", "2024-00", "2024-02-30", "0000-01", "24-05", "至今", "2024-05-01 09:00"),
        *("2024-05-05-05", "五月", "٢٠٢٤-05", "202405", "45413"),
    ],
)
def test_reads_nothing_into_other_dates(text: str) -> None:
    assert read_day(text, end=True) is None


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [
        ("2024-0042", 42),
        (" ２０２４－００４２\u3000", 42),
        ("2024–0042", 42),
        ("2024-10000", 10000),
        ("2024-42", None),
        ("2024-00042", None),
        ("2023-0042", None),
        ("2024-0000", None),
        ("2024-9999999999", None),
        ("云上读书会", None),
    ],
)
def test_reads_case_numbers(text: str, ordinal: int | None) -> None:
    assert read_case(text, EDITION) == ordinal


def test_makes_text_plain_and_knows_what_cannot_be_kept() -> None:
    assert plain(" 张\u3000\u200b三\n（Ａ） ") == "张 三 (A)"
    assert is_writable("一行\n二行\t\r")
    assert not any(is_writable(sign) for sign in ("\0", "\x1b", "\ud800", "\x7f"))
