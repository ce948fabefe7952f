"""Nobody but the law says the name of a state or a trigger: what is true of one is declared where it is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from states.course import COURSE

ROOT = Path(__file__).parents[2]
WORDS = frozenset({*COURSE.states, *COURSE.triggers})
KEY = re.compile(r"(?:state|trigger|window)\.([a-z]+)")
QUOTED = re.compile(r"'([a-z]+)'")
SPEAK_OF_THE_LAW = {
    "workflow/demo": "plays one season by the words its people would type",
    "workflow/store/migrations": "holds the text of each CHECK as it was when the migration was written",
}
MEAN_SOMETHING_ELSE = {
    ("survey", "workflow/audit/events"): "a kind of event",
    ("archive", "workflow/engine/redaction.py"): "the role of a packed file",
    ("archive", "workflow/intake/sorting.py"): "the role of a packed file",
    ("recommended", "workflow/intake/register.py"): "whether a case holds a place",
}


def words_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every state or trigger that a text in the source is, names as a key of the catalogue, or quotes in SQL."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            key = KEY.fullmatch(node.value)
            said = {node.value, *QUOTED.findall(node.value), *((key[1],) if key else ())}
            yield from ((node.lineno, word) for word in sorted(said & WORDS))


def sources() -> Iterator[Path]:
    for wing in ("workflow", "notifications"):
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / wing).rglob("*.py")))
    yield Path("cli.py")


def lies_in(path: Path, place: str) -> bool:
    return path.is_relative_to(place)


def test_no_state_or_trigger_is_named_outside_the_law() -> None:
    named = [
        f"{path}:{line}: {word}"
        for path in sources()
        if not any(lies_in(path, place) for place in SPEAK_OF_THE_LAW)
        for line, word in words_in(ast.parse((ROOT / path).read_text("utf-8")))
        if not any(word == other and lies_in(path, place) for other, place in MEAN_SOMETHING_ELSE)
    ]
    assert named == []


@pytest.mark.parametrize(
    "source",
    [
        'if case.state == "drafted": pass',
        'if "drafted" != state: pass',
        'HELD = {"drafted": 1}',
        'HELD = ("other", "drafted")',
        'HELD = frozenset({"drafted"})',
        'match state:\n    case "drafted" | "other": pass',
        "text(\"SELECT id FROM cases WHERE state = 'drafted'\")",
        "text(f\"UPDATE {table} SET state = 'drafted'\")",
        'say("state.drafted", language)',
        'show(state="drafted")',
    ],
)
def test_however_it_is_named(source: str) -> None:
    assert [word for _, word in words_in(ast.parse(source))] == ["drafted"]


@pytest.mark.parametrize("source", ['"""A draft is drafted."""', "drafted = True", 'say("letter.drafted", language)'])
def test_what_is_no_name_of_a_state(source: str) -> None:
    assert list(words_in(ast.parse(source))) == []
