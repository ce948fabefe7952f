"""Rule books that cost far more than they weigh are refused before they are parsed."""

import time

import pytest

from workflow.edition.load import EditionInvalid, parse

PARTS = ".".join(["a"] * 50_000)


@pytest.mark.parametrize(
    ("source", "problem", "line"),
    [
        (f"a = 1\n{PARTS} = 1\n", "edition.key-unknown", 2),
        (f"[{PARTS}]\n", "edition.key-unknown", 1),
        (f"a = {{{PARTS} = 1}}\n", "edition.key-unknown", 1),
        (PARTS.replace("a", '"a"').replace(".", " . ") + " = 1\n", "edition.key-unknown", 1),
        ("".join(f"a{number} = 1\n" for number in range(30_000)), "edition.too-many-keys", 0),
        ("".join(f"[a{number}]\n" for number in range(30_000)), "edition.too-many-keys", 0),
        ("a" * 1_000_000, "edition.not-toml", 1),
    ],
    ids=["key", "table", "inline", "quoted", "keys", "tables", "a word"],
)
def test_it_costs_nothing(source: str, problem: str, line: int) -> None:
    began = time.process_time()
    with pytest.raises(EditionInvalid) as caught:
        parse(source.encode(), "costly.toml")
    assert time.process_time() - began < 2
    assert (caught.value.values["problem_code"], caught.value.values["line"]) == (problem, line)
