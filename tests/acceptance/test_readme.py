"""What the pages show is what the program prints: every command they show is run."""

import re
from pathlib import Path

import pytest

from tests.acceptance.paper import ROOT, agrees, pages, read_page, rewrite, run

PAGES = pages()
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_page_shows_what_the_program_prints(page: Path, tmp_path: Path) -> None:
    shown = read_page(page.read_text("utf-8"))
    folder = tmp_path / "season"
    folder.mkdir()
    outputs = run([command.typed for command in shown], folder)
    for command, found in zip(shown, outputs, strict=True):
        assert agrees(command.printed, found), "\n".join(
            [f"{named(page)}: python -m tests.acceptance.paper {named(page)}", f"$ {command.typed}", *found]
        )


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
