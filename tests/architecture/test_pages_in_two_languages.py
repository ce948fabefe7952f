"""Pages in Chinese and in English tell the same: the same commands under as many headings."""

import re
from pathlib import Path

import pytest

from tests.acceptance.paper import ROOT, read_page

FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ ", re.MULTILINE)
LANGUAGE = re.compile(r"\s*(?:export )?ANLI_LANG=\w+")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
CHINESE = sorted([*ROOT.glob("*.zh.md"), *(ROOT / "docs").rglob("*.zh.md")])


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def english_of(page: Path) -> Path:
    return page.with_name(page.name.replace(".zh.md", ".md"))


def typed(text: str) -> list[str]:
    """What a page has its reader type, whatever the language of the answers and of what stands in quotes."""
    return [QUOTED.sub('""', LANGUAGE.sub("", command.typed)) for command in read_page(text)]


def shown(text: str) -> list[tuple[str, str]]:
    """The blocks that hold no output (files, statements, commands of other programs), but for what stands in quotes."""
    return [
        (block["kind"], QUOTED.sub('""', block["body"]))
        for block in FENCE.finditer(text)
        if block["kind"] not in ("console", "mermaid")
    ]


def headings(text: str) -> int:
    return len(HEADING.findall(FENCE.sub("", text)))


@pytest.mark.parametrize("page", CHINESE, ids=named)
def test_both_pages_tell_the_same(page: Path) -> None:
    chinese, english = page.read_text("utf-8"), english_of(page).read_text("utf-8")
    assert typed(chinese) == typed(english)
    assert shown(chinese) == shown(english)
    assert headings(chinese) == headings(english)


@pytest.mark.parametrize("page", CHINESE, ids=named)
def test_each_page_leads_to_the_other(page: Path) -> None:
    assert f"]({english_of(page).name})" in page.read_text("utf-8")
