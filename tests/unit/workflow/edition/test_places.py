"""Every key is found on its line, whatever TOML allows around it."""

import tomllib
from typing import Any

from workflow.edition.places import Path, line_within, locate

TEXT = '''\
# a comment = 1
top = "a # b = [c]"  # [not.a.table]
"quoted.\\u006bey" = \'it\'
long = """
[fake]
x = 1 \\""" still
"""""
raw = \'\'\'
[[fake]]
\'\'\'
list = [
  1, # one ]
  "two ]",
  [3, 4],
]
inline = { a = 1, b = { "c" = [ { d = 2024-05-28 09:00:00 } ] } }

[ table . "sub.table" ]
dotted.key . more = 1.5

[[ entries ]]
name = "first"

[entries.detail]
x = 1

[[entries]]
name = "second"
[[entries.parts]]
[[entries.parts]]
y = 2
[late]
'''


def test_lines() -> None:
    found = locate(TEXT)
    assert found[("top",)] == 2
    assert found[("quoted.key",)] == 3
    assert found[("long",)] == 4
    assert found[("raw",)] == 8
    assert found[("list", 0)] == 12
    assert found[("list", 2)] == 14
    assert found[("list", 2, 1)] == 14
    assert found[("inline", "b", "c", 0, "d")] == 16
    assert found[("table",)] == found[("table", "sub.table")] == 18
    assert found[("table", "sub.table", "dotted", "key", "more")] == 19
    assert found[("entries",)] == found[("entries", 0)] == 21
    assert found[("entries", 0, "name")] == 22
    assert found[("entries", 0, "detail", "x")] == 25
    assert found[("entries", 1)] == 27
    assert found[("entries", 1, "parts", 0)] == 29
    assert found[("entries", 1, "parts", 1, "y")] == 31
    assert found[("late",)] == 32


def test_finds_what_tomllib_finds_and_nothing_else() -> None:
    assert set(locate(TEXT)) == set(_paths(tomllib.loads(TEXT)))


def test_carriage_returns() -> None:
    assert locate(TEXT.replace("\n", "\r\n")) == locate(TEXT)


def test_depth_costs_nothing() -> None:
    assert locate(".".join("a" * 20_000) + " = 1") == {("a",) * depth: 1 for depth in range(1, 9)}
    assert locate("a = " + "[" * 400 + "]" * 400)[("a",)] == 1


def _paths(value: Any, path: Path = ()) -> list[Path]:
    found: list[Path] = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += _paths(item, (*path, key))
    return found


def test_a_line_within_a_keys_text_is_found() -> None:
    text = 'a = """\n1\n2"""\nb = \'\'\'1\n2\n3\'\'\'\n[t]\nc = "1\\n2"\nd = """1"""\n'
    assert [line_within(text, ("a",), line) for line in (1, 2)] == [2, 3]
    assert [line_within(text, ("b",), line) for line in (1, 2, 3)] == [4, 5, 6]
    assert line_within(text, ("t", "c"), 2) == 8
    assert line_within(text, ("t", "d"), 1) == 9
