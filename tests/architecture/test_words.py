"""Every sentence the source asks for is in both catalogues, with the same gaps to fill, and compiled."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from states import ROOMS
from states.course import COURSE
from workflow.wording import DOMAIN, FOLDER, LANGUAGES

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
NOT_WORDS = re.compile(r".*\.(toml|py|docx|txt|eml|csv|xlsx|json|ics|com)")
MADE_OF_TWO = ("help", "problem")
"""Families whose keys join two words of the source: a group and its command, a check and what it found."""


def folder(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES"


@cache
def sentences(language: str) -> dict[str, str]:
    with (folder(language) / f"{DOMAIN}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@cache
def families() -> frozenset[str]:
    """What keys begin with, up to their first dot."""
    return frozenset(key.partition(".")[0] for key in sentences(LANGUAGES[0]) if "." in key)


def is_key(text: str) -> bool:
    family, dot, rest = text.partition(".")
    written = WORD.fullmatch(text) is not None and rest[:1].isalpha() and NOT_WORDS.fullmatch(text) is None
    return bool(dot) and family in families() and written


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def trees() -> Iterator[tuple[Path, ast.AST]]:
    files = [path for wing in ("states", "workflow", "notifications") for path in sorted((ROOT / wing).rglob("*.py"))]
    for path in [*files, ROOT / "cli.py"]:
        yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def reason_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
            yield node


def codes(node: ast.expr) -> Iterator[str]:
    """The codes that an expression can be: a literal, or either side of a choice between two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from codes(node.body)
        yield from codes(node.orelse)


@cache
def asked() -> dict[str, list[str]]:
    """Keys that the source spells out, each with the places that do."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_key(node.value):
                found[node.value].append(f"{path}:{node.lineno}")
        for call in reason_calls(tree):
            for code in codes(call.args[0]) if call.args else ():
                found[f"reason.{code}"].append(f"{path}:{call.lineno}")
    for room in ROOMS:
        found[f"state.{room.name}"].append("states")
    for trigger in COURSE.triggers:
        found[f"trigger.{trigger}"].append("states")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_in_the_source_has_its_sentence(language: str) -> None:
    missing = {key: places for key, places in asked().items() if not sentences(language).get(key)}
    assert missing == {}


@cache
def words() -> frozenset[str]:
    """Every word in a string of the source, and in the files that it reads: rule books, templates, scripts."""
    found: set[str] = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(WORD.findall(node.value.casefold()))
    for path in (ROOT / "workflow").rglob("*"):
        if path.suffix in {".toml", ".html", ".j2", ".txt", ".js"}:
            found.update(WORD.findall(path.read_text("utf-8")))
    return frozenset(found)


def is_used(key: str) -> bool:
    """Whether the source spells the key out, or has every word after its family from which it can be put together."""
    family, *parts = key.split(".")
    return key in words() or (bool(parts) and all(is_said(part, family in MADE_OF_TWO) for part in parts))


def is_said(part: str, of_two: bool) -> bool:
    seams = [place for place, letter in enumerate(part) if letter == "-"] if of_two else []
    return bool({part, part.replace("-", "_")} & words()) or any(
        {part[:seam], part[seam + 1 :]} <= words() for seam in seams
    )


def test_every_sentence_of_the_catalogue_is_used() -> None:
    assert [key for key in sentences(LANGUAGES[0]) if not is_used(key)] == []


def test_both_catalogues_hold_the_same_keys() -> None:
    chinese, english = (sentences(language) for language in LANGUAGES)
    assert chinese.keys() == english.keys()


def test_both_languages_have_the_same_gaps() -> None:
    chinese, english = (sentences(language) for language in LANGUAGES)
    unlike = {
        key: (gaps(chinese[key]), gaps(english[key]))
        for key in chinese.keys() & english.keys()
        if gaps(chinese[key]) != gaps(english[key])
    }
    assert unlike == {}


def test_gaps_are_plain_names() -> None:
    for language in LANGUAGES:
        for key, sentence in sentences(language).items():
            assert all(name.isidentifier() for name in gaps(sentence)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_fills_the_gaps_of_its_sentence(language: str) -> None:
    unfilled = []
    for path, tree in trees():
        for call in reason_calls(tree):
            values = call.args[2] if len(call.args) > 2 else ast.Dict([], [])
            if not isinstance(values, ast.Dict) or None in values.keys:
                continue
            given = {key.value for key in values.keys if isinstance(key, ast.Constant)}
            for code in codes(call.args[0]) if call.args else ():
                wanted = gaps(sentences(language).get(f"reason.{code}", ""))
                if not wanted <= given:
                    unfilled.append(f"{path}:{call.lineno} {code} lacks {sorted(wanted - given)}")
    assert unfilled == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_state_names_of_the_law_are_said(language: str) -> None:
    for room in ROOMS:
        if language == "zh":
            assert sentences(language)[f"state.{room.name}"] == room.label.zh
        else:
            assert sentences(language)[f"state.{room.name}"].casefold() == room.label.en.casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_fresh(language: str) -> None:
    fresh = BytesIO()
    with (folder(language) / f"{DOMAIN}.po").open("rb") as file:
        write_mo(fresh, read_po(file))
    fresh.seek(0)
    with (folder(language) / f"{DOMAIN}.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    rebuilt = GNUTranslations(fresh)
    for key in sentences(language):
        assert compiled.gettext(key) == rebuilt.gettext(key), key
    assert read_keys(compiled) == read_keys(rebuilt)


def read_keys(catalogue: GNUTranslations) -> set[str]:
    return set(vars(catalogue)["_catalog"]) - {""}
