"""Marks piled on one letter cost no more than other signs, and what people write stays as it is."""

import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.intake.text import clean_text, compact
from workflow.normal_form import MOST_MARKS, is_mark, to_nfc, to_nfkc

ROOT = Path(__file__).parents[3]
SIGNS = [sign for sign in map(chr, (*range(0x20000), *range(0xE0000, 0xE1000))) if unicodedata.category(sign) != "Cs"]
PILES = ("\u0301\u0323", "\u0f73", "\u0308\u0345\u0321", "\uff9e\u0323")
WRITTEN = ("a\u0301 云上读书会", "ガ\uff8a\uff9e", "Việt Nam a\u0302\u0323" * 50, "한국어" * 100, "हिन्दी में लेख" * 20)


@pytest.mark.parametrize("pile", PILES)
@pytest.mark.parametrize("read", [to_nfkc, clean_text, compact])
def test_a_megabyte_of_marks_costs_seconds_at_most(pile: str, read: Callable[[str], str]) -> None:
    text = "a" + pile * (525_000 // len(pile))
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_normalised_as_ever(text: str) -> None:
    assert to_nfc(text) == unicodedata.normalize("NFC", text)
    assert to_nfkc(text) == unicodedata.normalize("NFKC", text)


def test_thirty_marks_on_a_letter_are_kept_and_no_more() -> None:
    marks = [sign for sign in SIGNS if is_mark(sign)]
    for mark in marks:
        kept = unicodedata.normalize("NFC", "q" + mark * MOST_MARKS + "q")
        assert to_nfc("q" + mark * MOST_MARKS + "q") == kept
        assert to_nfc("q" + mark * (MOST_MARKS + 9) + "q") == kept


def test_every_sign_that_becomes_a_mark_is_one() -> None:
    became = {sign for sign in SIGNS if unicodedata.combining(unicodedata.normalize("NFKD", sign)[0])}
    assert {sign for sign in became if not is_mark(sign)} == set()


def test_nothing_else_normalises() -> None:
    sources = [
        *ROOT.glob("cli.py"),
        *(file for wing in ("states", "notifications", "workflow") for file in (ROOT / wing).rglob("*.py")),
    ]
    callers = [file.name for file in sources if "unicodedata.normalize" in file.read_text()]
    assert callers == ["normal_form.py"]
