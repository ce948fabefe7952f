"""What screens call a thing, and what commands call it."""

import pytest

from notifications.letter import STATES
from states.machine import ROOM_OF, TRIGGERS
from workflow.wording import LANGUAGES, code_of, say


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("family", "codes"), [("trigger", TRIGGERS), ("state", ROOM_OF), ("letter", STATES)])
def test_every_name_leads_to_its_code(family: str, codes: tuple[str, ...], language: str) -> None:
    assert [code_of(family, say(f"{family}.{code}", language)) for code in codes] == list(codes)
    assert [code_of(family, code) for code in codes] == list(codes)


def test_another_word_stays_as_it_is() -> None:
    assert code_of("trigger", "推荐") == "推荐"
