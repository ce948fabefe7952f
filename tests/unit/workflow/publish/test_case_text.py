"""The content of a case is divided by its headings, and not a sign of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.intake.template import HEADINGS
from workflow.intake.text import clean_text
from workflow.publish.case_text import Section, divide

PIECES = st.sampled_from([*HEADINGS, "一、", "（二）", "3.", "：", "\n", "重大", "文字", " ", "背景 意义", "\t"])


def test_each_heading_opens_a_section() -> None:
    content = "一、背景意义\n甲\n乙\n二、创新做法：丙\n实施 成效\n四、经验启示\n丁"
    assert divide(content, HEADINGS) == (
        Section("一、背景意义", ("甲", "乙")),
        Section("二、创新做法", ("丙",)),
        Section("实施 成效", ()),
        Section("四、经验启示", ("丁",)),
    )


def test_what_stands_before_the_first_heading_stays_there() -> None:
    assert divide("前言\n背景意义\n甲", HEADINGS) == (Section("", ("前言",)), Section("背景意义", ("甲",)))


@pytest.mark.parametrize("line", ["背景意义重大，影响深远", "我们总结了经验启示", "见创新做法：甲"])
def test_a_sentence_that_names_a_heading_is_no_heading(line: str) -> None:
    assert divide(line, HEADINGS) == (Section("", (line,)),)


@given(st.lists(PIECES | st.text(max_size=5)).map("".join))
def test_no_sign_is_lost_but_the_colon_behind_a_heading(content: str) -> None:
    shown = "".join(f"{section.heading}{''.join(section.paragraphs)}" for section in divide(content, HEADINGS))

    def bare(text: str) -> str:
        return "".join(sign for sign in text if not sign.isspace() and sign not in ":：")

    assert bare(shown) == bare(clean_text(content))
