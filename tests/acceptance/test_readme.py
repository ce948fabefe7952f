"""What the pages show is what the program prints: every command they show is run."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.acceptance.paper import ROOT, agrees, pages, read_page, rewrite, run
from tests.acceptance.reference_pages import PAGES as GENERATED
from tests.acceptance.reference_pages import REFERENCE
from workflow.audit.events import KINDS

PAGES = pages()
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
TUTORIAL = ROOT / "docs" / "tutorial" / "first-season.md"
FIELD = re.compile(r"(\*?)`([a-z_0-9]+)`\1")
SETTING = re.compile(r"\bANLI_[A-Z_]+\b")
WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_page_shows_what_the_program_prints(page: Path, tmp_path: Path) -> None:
    shown = read_page(page.read_text("utf-8"))
    folder = tmp_path / "season"
    folder.mkdir()
    outputs = run([*(command.typed for command in shown), "anli audit log --json"], folder)
    history = "\n".join(outputs.pop())
    for command, found in zip(shown, outputs, strict=True):
        assert agrees(command.printed, found), "\n".join(
            [f"{named(page)}: python -m tests.acceptance.paper {named(page)}", f"$ {command.typed}", *found]
        )
    if page == TUTORIAL:
        check_fields(orjson.loads(history))


def check_fields(events: Iterable[dict[str, Any]]) -> None:
    """Every field of every event is told on the page of events, and what the page calls certain is there."""
    always, perhaps = read_fields()
    seen = set()
    for event in events:
        kind = event["kind"]
        seen.add(kind)
        certain = always["every"] | always[kind]
        assert event.keys() <= certain | perhaps["every"] | perhaps[kind], kind
        if event.get("status") != "refused":
            assert certain <= event.keys(), kind
    elsewhere = {"amendment", "bounce", "clock", "denial", "key", "pause", "reading", "redaction", "resume", "staff"}
    elsewhere |= {"correction", "reversion", "settlement"}
    assert seen | elsewhere == always.keys() - {"every"} == set(KINDS)


def read_fields() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    always: dict[str, set[str]] = {}
    perhaps: dict[str, set[str]] = {}
    for section in re.split(r"\n#{2,3} (?!Version)", (REFERENCE / "events.md").read_text("utf-8"))[1:]:
        head = section.partition("\n")[0]
        kind = "every" if head.startswith("Every") else head.strip("`")
        cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")][2:]
        fields = [field for cell in cells for field in FIELD.findall(cell)]
        always[kind] = {name for star, name in fields if not star}
        perhaps[kind] = {name for star, name in fields if star}
    return always, perhaps


@pytest.mark.parametrize(("page", "write"), GENERATED.items(), ids=list(GENERATED))
def test_the_reference_is_fresh(page: str, write: Callable[[], str]) -> None:
    assert (REFERENCE / page).read_text("utf-8") == write(), "run: python -m tests.acceptance.reference_pages"


def test_every_setting_is_told() -> None:
    source = [ROOT / "cli.py", *(ROOT / "workflow").rglob("*.py"), *(ROOT / "notifications").rglob("*.py")]
    asked = {name for path in source for name in SETTING.findall(path.read_text("utf-8"))}
    asked |= {f"{name}_FILE" for name in asked if name.endswith(("_PASSWORD", "_DB"))}
    assert set(SETTING.findall((REFERENCE / "settings.md").read_text("utf-8"))) == asked


def test_the_pages_that_a_newcomer_reads_show_commands() -> None:
    tutorial = "docs/tutorial/first-season"
    assert {"README.md", "README.zh.md", f"{tutorial}.md", f"{tutorial}.zh.md"} <= set(map(named, PAGES))


def test_make_demo_is_anli_demo() -> None:
    recipe = re.search(r"^demo:.*\n\t(.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    assert recipe[1] == "$(DEMO_BIN)/anli demo"


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    ("printed", "found", "expected"),
    [
        ([], [], True),
        (["cases: 23"], ["cases: 23"], True),
        (["cases: 23"], ["cases: 24"], False),
        (["cases: 23"], ["cases: 23", "more"], False),
        (["root …"], ["root 5feceb66"], True),
        (["a", "…", "z"], ["a", "b", "c", "z"], True),
        (["a", "…", "z"], ["a", "z"], True),
        (["a", "…", "z"], ["a", "b"], False),
        (["a", "", "z"], ["a", "z"], False),
    ],
)
def test_a_page_agrees_only_with_what_it_says(printed: list[str], found: list[str], expected: bool) -> None:
    assert agrees(tuple(printed), found) is expected


def test_a_page_is_rewritten_where_it_no_longer_holds() -> None:
    page = "One:\n\n```console\n$ first\nold\n…\nlast\n$ second \\\n    on\nkept …\n```\n"
    fresh = rewrite(page, [["new", "between", "end"], ["kept whole"]])
    assert fresh == "One:\n\n```console\n$ first\nnew\n…\nend\n$ second \\\n    on\nkept …\n```\n"
