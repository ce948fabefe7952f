"""Nothing of the machine it was made on, nothing left for later, nobody's real address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("states", "workflow", "notifications", "tests", "docs")
TOP = ("cli.py", "pyproject.toml", "Makefile", "README.md", "README.zh.md", "CHANGELOG.md", ".ci/run")
LOCKS = ("requirements.lock", "requirements-dev.lock")
NEVER = {
    "a path of the machine": re.compile(r"(?<![\w.])/(?:work|root)" + r"/"),
    "work left for later": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    "the host of a package index": re.compile(r"\bpy(?!thon\.)\w+\.org\b|://[^\s/]+/(?:simple|packages)/"),
}


def text_files() -> Iterator[tuple[Path, str]]:
    paths = [path for part in PARTS for path in sorted((ROOT / part).rglob("*")) if path.is_file()]
    for path in [*paths, *(ROOT / name for name in (*TOP, *LOCKS))]:
        if path.is_file() and "__pycache__" not in path.parts:
            try:
                yield path.relative_to(ROOT), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


@pytest.mark.parametrize("what", NEVER)
def test_no_file_holds(what: str) -> None:
    found = {
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in text_files()
        for match in NEVER[what].finditer(text)
    }
    assert found == set()


def test_the_scan_sees_the_project() -> None:
    seen = {str(path) for path, _ in text_files()}
    assert {"states/machine.py", "cli.py", "workflow/edition/hubei-2024.toml", "requirements.lock"} <= seen
