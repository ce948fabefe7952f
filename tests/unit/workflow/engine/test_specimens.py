"""Specimens: of every kind, in every shape that a batch can give it, and each can be written."""

import pytest

from notifications.template import kinds
from tests.unit.workflow.edition.reader import BUILT_IN
from workflow.edition import Edition, find, parse
from workflow.engine.correspondence import sender_of, write
from workflow.engine.specimens import SHAPES, all_kinds, write_specimens
from workflow.wording import LANGUAGES


@pytest.fixture(scope="module")
def edition() -> Edition:
    return find("hubei-2024")


def test_every_kind_has_its_shape() -> None:
    assert sorted(SHAPES) == list(kinds("zh"))
    assert list(all_kinds()) == [(language, kind) for language in LANGUAGES for kind in kinds(language)]


@pytest.mark.parametrize(("language", "kind"), list(all_kinds()))
def test_every_specimen_can_be_written(edition: Edition, language: str, kind: str) -> None:
    sender = sender_of(edition, language)
    written = [write(letter, edition, edition.received_until) for letter in write_specimens(edition, language, kind)]
    assert len(written) >= 3
    assert all(sender.subject_prefix in each.subject for each in written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_specimens_differ_in_all_that_templates_can_ask_for(edition: Edition, language: str) -> None:
    letters = list(write_specimens(edition, language, "receipt"))
    assert {len(letter.cases) for letter in letters} == {0, 1, 3}
    assert {bool(letter.why) for letter in letters} == {True, False}
    assert {tuple(map(bool, letter.moments.values())) for letter in letters} == {
        (True, True), (False, True), (False, False),
    }  # fmt: skip
    assert all(letter.cases or letter.points for letter in letters)
    assert {bool(letter.note) for letter in write_specimens(edition, language, "checkpoint")} == {True, False}
    assert {bool(letter.dates) for letter in write_specimens(edition, language, "announce")} == {True, False}


def test_specimens_are_written_by_the_rule_books_own_template() -> None:
    own = '[mail.templates.en]\nremind = "{% block next %}Own words.{% endblock %}"\n\n[[staff]]'
    edition = parse(BUILT_IN.replace("[[staff]]", own, 1).encode(), "own.toml")
    assert {letter.template for letter in write_specimens(edition, "en", "remind")} == {
        "{% block next %}Own words.{% endblock %}"
    }
    assert {letter.template for letter in write_specimens(edition, "zh", "remind")} == {""}
