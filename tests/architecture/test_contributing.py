"""CONTRIBUTING's lists for whoever adds something are true to the tree, and no longer than they may be."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
AT_MOST = {
    "A state and its trigger": 6,
    "A column of the form": 6,
    "A kind of sheet": 6,
    "A letter": 5,
    "A command": 4,
    "An event": 4,
}
LIST = re.compile(r"^### (?P<what>[^:\n]+): (?P<count>\d+) files\n(?P<text>.*?)(?=^##)", re.MULTILINE | re.DOTALL)
LISTS = {found["what"]: found for found in LIST.finditer(PAGE)}
PATH = re.compile(r"`((?:states|notifications|workflow|tests|docs)/[^`\s]+)`|\]\(([^)#]+)\)")


def places(text: str) -> list[str]:
    return re.findall(r"^\d+\. `([^`]+)`", text, re.MULTILINE)


def test_there_is_a_list_for_each_change() -> None:
    assert LISTS.keys() == AT_MOST.keys()


@pytest.mark.parametrize("what", AT_MOST)
def test_no_change_touches_more_than_it_may(what: str) -> None:
    named = places(LISTS[what]["text"])
    assert len(set(named)) == int(LISTS[what]["count"]) <= AT_MOST[what]


@pytest.mark.parametrize("path", sorted({one or other for one, other in PATH.findall(PAGE)}))
def test_every_path_leads_somewhere(path: str) -> None:
    """Words in capitals, and an ellipsis, stand for a name that whoever adds something chooses."""
    chosen = re.sub(r"[A-Z]{4,}(?:_[A-Z]{4,})*|…", "*", path) if not path.endswith(".md") else path
    assert list(ROOT.glob(chosen)), path
