"""Who may import whom, and who may ask the time."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WINGS = ("states", "workflow", "notifications")
ASKS_THE_TIME = {"now", "utcnow", "today", "localtime", "gmtime", "time_ns", "formatdate", "ctime"}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide which wing they come from"
            yield node.module or ""


def test_the_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run(
        [program, "--no-cache", "--no-logo", "--config", ROOT / "pyproject.toml"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_law_imports_the_standard_library_and_itself() -> None:
    for path in sources("states"):
        for name in imported(ast.parse(path.read_text("utf-8"))):
            package = name.partition(".")[0]
            assert package in {*sys.stdlib_module_names, "states"} or (path.name, package) == (
                "machine.py",
                "transitions",
            )


def test_the_law_touches_neither_clock_nor_files_nor_network() -> None:
    reach_outside = {"os", "io", "pathlib", "time", "socket", "sqlite3", "subprocess", "random", "urllib", "smtplib"}
    for path in sources("states"):
        packages = {name.partition(".")[0] for name in imported(ast.parse(path.read_text("utf-8")))}
        assert not packages & reach_outside, path


def test_only_the_door_knows_typer_and_nothing_knows_the_door() -> None:
    for path in sources(*WINGS):
        packages = {name.partition(".")[0] for name in imported(ast.parse(path.read_text("utf-8")))}
        assert not packages & {"cli", "typer"}, path


def test_nothing_is_imported_by_a_string() -> None:
    for path in [*sources(*WINGS), ROOT / "cli.py"]:
        tree = ast.parse(path.read_text("utf-8"))
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not called & {"import_module", "importlib.import_module", "__import__"}, path


def times_asked(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = ast.unparse(node.func.value)
            if (node.func.attr in ASKS_THE_TIME and receiver not in {"clock", "server_clock"}) or ast.unparse(
                node.func
            ) == "time.time":
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in {"time", *ASKS_THE_TIME})
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and "CURRENT_TIMESTAMP" in node.value.upper()
        ):
            yield node.lineno


def test_nothing_but_the_clock_asks_what_time_it_is() -> None:
    asked = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in [*sources(*WINGS), ROOT / "cli.py"]
        if path != ROOT / "workflow" / "clock.py"
        for line in times_asked(ast.parse(path.read_text("utf-8")))
    }
    assert asked == set()


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "from time import time",
        "func.now()",
        "x = 'SELECT current_timestamp'",
    ],
)
def test_the_scan_sees_each_way_of_asking(line: str) -> None:
    assert list(times_asked(ast.parse(line))) == [1]


def imported_for_types(tree: ast.AST) -> set[str]:
    """Our own modules that stand under TYPE_CHECKING."""
    hidden = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {name for node in hidden for name in imported(node) if name.partition(".")[0] in WINGS}


def imported_at_work(tree: ast.AST) -> set[str]:
    names: list[str] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        names += imported_at_work(node)
        names += imported(node) if isinstance(node, ast.Import | ast.ImportFrom) else ()
    return set(names)


def test_no_arrow_is_drawn_for_the_types_alone() -> None:
    """What stands under TYPE_CHECKING, to start sooner, the same module also imports when it needs it."""
    for path in sources(*WINGS):
        tree = ast.parse(path.read_text("utf-8"))
        assert imported_for_types(tree) <= imported_at_work(tree), path
