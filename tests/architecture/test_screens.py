"""What people and programs see is typed, and seeing changes nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_imports import ROOT, sources

OTHERS_TYPES = {
    "cases.py": "what a driver gives for a column of JSON",
    "complaint.py": "what typer complains of, and a command's words",
    "help_page.py": "typer's options",
    "screen.py": "encodes any document; renders any page",
    "submissions.py": "what a driver gives for a column of JSON",
}
"""Modules whose functions take Any, and what it stands for there."""

WRITES_WHAT_IS_READ = "command_context.py"
"""Entering a command puts on record who was turned away, and who reads a case's history."""


def takes_anything(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if any(argument.annotation and ast.unparse(argument.annotation) == "Any" for argument in arguments):
                yield node.name


def writers() -> set[str]:
    """Modules below the screens that open a transaction to write."""
    found = set()
    for path in sources("workflow"):
        if "screens" not in path.parts and ".writing(" in path.read_text("utf-8"):
            found.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


def test_no_screen_takes_just_anything() -> None:
    taking = {path.name for path in sources("workflow/screens") if list(takes_anything(ast.parse(path.read_text())))}
    assert taking == set(OTHERS_TYPES)


def test_screens_take_from_what_writes_only_its_types_and_what_it_reads() -> None:
    def lent(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in writing:
                yield from (alias.name for alias in node.names)

    writing = writers()
    assert {"workflow.engine.redaction", "workflow.post.handling", "workflow.intake.take"} <= writing
    for path in sources("workflow/screens"):
        if path.name != WRITES_WHAT_IS_READ:
            acts = {name for name in lent(path) if name[0].islower() and not name.startswith(("read_", "list_"))}
            assert not acts, path
        assert ".writing(" not in path.read_text("utf-8"), path
    assert [path for path in sources("workflow/publish") if ".writing(" in path.read_text("utf-8")] == []
