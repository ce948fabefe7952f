"""What a stranger wrote cannot pass for the program's own words."""

import unicodedata
from datetime import UTC
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.errors import AnliError
from workflow.screens.screen import write
from workflow.visible import reveal, reveal_document, reveal_signs
from workflow.wording import LANGUAGES, say, say_error, say_reason


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("武汉市　江岸区 №1", "武汉市　江岸区 №1"),
        ("属实\n   12  2024-07-01 09:00  organiser", "属实⏎   12  2024-07-01 09:00  organiser"),
        ("一\r\n二\r三\u2028四\u2029五\x0b六\x85七", "一⏎二⏎三⏎四⏎五⏎六⏎七"),
        ("推荐\u202efdp.exe", "推荐⟨U+202E⟩fdp.exe"),
        ("推\u200b荐\ufeff", "推⟨U+200B⟩荐⟨U+FEFF⟩"),
        ("\U000e0041\u3164\u2800", "⟨U+E0041⟩⟨U+3164⟩⟨U+2800⟩"),
        ("\x1b[2K\x07", "⟨U+001B⟩[2K⟨U+0007⟩"),
    ],
)
def test_breaks_and_hidden_signs_are_shown(written: str, shown: str) -> None:
    assert reveal(written) == shown


@given(st.text())
def test_what_is_shown_is_one_line_and_hides_nothing(text: str) -> None:
    shown = reveal(text)
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(sign) for sign in shown.replace("\t", "")} & {"Cc", "Cf", "Zl", "Zp"}
    assert reveal(shown) == shown


def test_lines_stay_where_only_signs_are_revealed() -> None:
    assert reveal_signs("一\n\t二\u202e") == "一\n\t二⟨U+202E⟩"


def test_every_text_of_a_document_is_shown_but_those_of_many_lines() -> None:
    document = {"name": "一\n二", "cases": [{"file": "a\u202eb"}], "count": 3, "body": "一\n二", "pair": ("x\r", None)}
    shown = {"name": "一⏎二", "cases": [{"file": "a⟨U+202E⟩b"}], "count": 3, "body": "一\n二", "pair": ("x⏎", None)}
    assert reveal_document(document) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_of_a_sentence_breaks_its_line(language: str) -> None:
    said = [
        say("happened.why", language, why="属实\n✓ 12"),
        say_reason("category-many", {"categories": ["一\n二"]}, language, UTC),
        say_error(AnliError(kind="x\ny", said="\u202ez"), language),
    ]
    assert [len(sentence.splitlines()) for sentence in said] == [1, 1, 1]
    assert "⏎" in said[0]
    assert "⟨U+202E⟩" in said[2]


def test_nothing_is_hidden_on_a_screen_and_colours_stay() -> None:
    screen = StringIO()
    write("\x1b[31m✗\x1b[0m 推荐\u202e\n", screen)
    assert screen.getvalue() == "\x1b[31m✗\x1b[0m 推荐⟨U+202E⟩\n"
