"""A row is read by the names of its columns; by position only where thousands are read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BULK = {
    "workflow/engine/facts.py",
    "workflow/engine/occupancy.py",
    "workflow/engine/ranking.py",
    "workflow/audit/rows.py",
    "workflow/audit/history.py",
    "workflow/audit/log.py",
    "workflow/audit/tlog/tiles.py",
    *(f"workflow/audit/check/{path.name}" for path in (ROOT / "workflow/audit/check").glob("*.py")),
}
"""Where every case or every event passes; each has a test of its own that compares it with what it reads."""


def by_position(tree: ast.AST) -> Iterator[int]:
    """Lines that take a row apart by position: ``row[0]``, ``Kind(*row)``, ``for a, b in connection.execute(…)``."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name("row"), slice=ast.Constant(int())):
                yield node.lineno
            case ast.Call(args=[ast.Starred(ast.Name("row"))]) | ast.Attribute(attr="_make"):
                yield node.lineno
            case ast.For(target=ast.Tuple(), iter=source) | ast.comprehension(target=ast.Tuple(), iter=source) if (
                asks_the_database(source)
            ):
                yield source.lineno
            case ast.Assign(targets=[ast.Tuple()], value=source) if asks_the_database(source):
                yield node.lineno


def asks_the_database(source: ast.AST) -> bool:
    """Whether these are the rows of a query as they come."""
    match source:
        case ast.Call(func=ast.Attribute(attr="execute" | "execute_many")):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr="one" | "first" | "all")):
            return asks_the_database(inner)
        case ast.IfExp(body=inner):
            return asks_the_database(inner)
    return False


def test_no_row_is_read_by_position_outside_the_bulk_path() -> None:
    paths = [path for folder in ("workflow", "notifications") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert {
        f"{name}:{line}"
        for path in paths
        if (name := str(path.relative_to(ROOT))) not in BULK
        for line in by_position(ast.parse(path.read_text("utf-8")))
    } == set()


@pytest.mark.parametrize(
    "line",
    [
        "x = row[0]",
        "Kept(*row)",
        "map(Kept._make, rows)",
        "for a, b in connection.execute(query): pass",
        "{a: b for a, b in connection.execute(query)}",
        "[a for a, *b in connection.execute(query).all()]",
        "a, b = connection.execute(query).one()",
    ],
)
def test_the_scan_sees_each_way_of_reading_by_position(line: str) -> None:
    assert list(by_position(ast.parse(line)))
