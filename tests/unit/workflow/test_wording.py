"""What screens call a thing, and what commands call it."""

import re
from collections.abc import Iterable

import pytest

from notifications.letter import STATES
from states.course import COURSE
from workflow.audit.events import KINDS
from workflow.edition.calendar import SPANS
from workflow.engine.staff import ROLES
from workflow.store.submission import STATUSES
from workflow.wording import LANGUAGES, code_of, say

FAMILIES: dict[str, Iterable[str]] = {
    "trigger": COURSE.triggers,
    "state": COURSE.room_of,
    "letter": STATES,
    "window": SPANS,
    "status": STATUSES,
    "event": KINDS,
    "staff": ROLES,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("family", "codes"), FAMILIES.items())
def test_every_name_leads_to_its_code(family: str, codes: Iterable[str], language: str) -> None:
    assert [code_of([family], say(f"{family}.{code}", language), codes) for code in codes] == list(codes)
    assert [code_of([family], code, codes) for code in codes] == list(codes)


@pytest.mark.parametrize(("family", "word"), [("trigger", "推荐"), ("trigger", "撤销"), ("letter", "暂缓")])
def test_another_word_stays_as_it_is(family: str, word: str) -> None:
    assert code_of([family], word, FAMILIES[family]) == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_is_known_by_its_name_and_by_its_triggers(language: str) -> None:
    for code in COURSE.triggers:
        for family in ("window", "trigger"):
            name = say(f"{family}.{code}", language)
            assert code_of(["trigger", "window"], name, COURSE.triggers) == code
            assert code_of(["window", "trigger"], name, SPANS) == (code if code in SPANS else name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "codes"), [("trigger", COURSE.triggers), ("letter-state", STATES), ("kind", KINDS)])
def test_help_lists_every_word(page: str, codes: Iterable[str], language: str) -> None:
    assert set(codes) <= set(re.findall(r"[a-z-]+", say(f"help.{page}", language)))
