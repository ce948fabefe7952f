"""Errors stand beside what raises them, and whoever blames the command's words is a UsageError."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_imports import ROOT, sources
from workflow.errors import AnliError, UsageError

THE_BASES = ROOT / "workflow" / "errors.py"
THE_DOOR = ROOT / "cli.py"
THE_DOORS_OWN = ROOT / "workflow" / "screens" / "complaint.py"
"""What is wrong with the words of a command: found by the door, said by the screens."""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in [*sources("workflow"), THE_DOOR]:
        yield path, ast.parse(path.read_text("utf-8"))


def errors_of(tree: ast.Module) -> Iterator[ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & {"AnliError", "UsageError"}:
            yield node


def spoken_of(tree: ast.Module) -> set[str]:
    """Names that the code uses, but for those it only catches: a table of what may be raised counts too."""
    caught = {
        id(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type
        for name in ast.walk(node.type)
    }
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in caught
    }


def test_errors_py_keeps_the_two_bases() -> None:
    tree = ast.parse(THE_BASES.read_text("utf-8"))
    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["AnliError", "UsageError"]


def test_every_error_stands_in_the_room_that_raises_it() -> None:
    made: dict[Path, set[str]] = {}
    for path, tree in trees():
        made.setdefault(path.parent, set()).update(spoken_of(tree))
    made[THE_DOORS_OWN.parent] |= spoken_of(ast.parse(THE_DOOR.read_text("utf-8")))
    elsewhere = {
        f"{path.relative_to(ROOT)}: {error.name}"
        for path, tree in trees()
        if path != THE_BASES
        for error in errors_of(tree)
        if error.name not in made[path.parent]
    }
    assert elsewhere == set()


def test_the_exit_status_of_a_usage_error_is_written_once() -> None:
    """Two is said by being a UsageError, never by a figure."""
    figures = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and "exit_status" in ast.unparse(node).partition("=")[0]
        and isinstance(node.value, ast.Constant)
        and node.value.value == UsageError.exit_status
    }
    assert figures == {"workflow/errors.py"}
    assert AnliError.exit_status != UsageError.exit_status
