"""docs/reference/cli.md is what the program says of itself, and the program says something of every word."""

import ast
import re
from functools import cache

import cli
from tests.architecture.command_reference import PRINTS, ROOT, Described, describe, write_page

PAGE = ROOT / "docs" / "reference" / "cli.md"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"(?:\b[a-z]{2,} ){2,}[a-z]{2,}\b")
FIGURES = re.compile(r"：[a-z -]+(?:，以及 [a-z -]+)?")
"""A list of the program's own words after a colon."""


@cache
def commands() -> tuple[Described, ...]:
    return tuple(describe())


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == write_page(), "run: make docs"


def test_every_command_says_what_it_prints_and_nothing_else_is_listed() -> None:
    assert {command.path for command in commands() if not command.is_group} == set(PRINTS)


def test_every_word_is_explained_in_both_languages() -> None:
    for command in commands():
        for page in (command.en, command.zh):
            texts = [page.about, *(meaning for section in page.sections for _, meaning in section.rows)]
            assert all(text and "help." not in text and "usage." not in text for text in texts), command.path


def test_chinese_help_is_chinese_and_english_help_is_english() -> None:
    for command in commands():
        for section in command.zh.sections:
            for word, meaning in section.rows:
                assert CHINESE.search(meaning), f"{command.path} {word}"
                assert not ENGLISH_SENTENCE.search(FIGURES.sub("", meaning)), f"{command.path} {word}: {meaning}"
        assert CHINESE.search(command.zh.about)
        english = [command.en.about, command.en.usage]
        english += [text for section in command.en.sections for row in section.rows for text in row]
        assert not any(CHINESE.search(text) for text in english), command.path


def test_the_page_names_every_command() -> None:
    page = PAGE.read_text("utf-8")
    for command in commands():
        assert f"\n## `anli {command.path}".rstrip() in page


def test_every_word_that_is_declared_belongs_to_a_command() -> None:
    tree = ast.parse((ROOT / "cli.py").read_text("utf-8"))
    commands = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.decorator_list]
    taken = {argument.arg for command in commands for argument in command.args.args}
    assert set(cli.WORDS) - taken == {"as_json"}
