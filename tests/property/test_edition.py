"""Whatever the file holds, reading it ends in an edition or in a refusal that names a line of it."""

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflow.edition import find, parse
from workflow.edition.load import EditionInvalid
from workflow.edition.places import Path, locate

EDITION = find("hubei-2024")
LINES = EDITION.source.splitlines(keepends=True)

PIECES = st.sampled_from(
    [
        b"",
        b'"',
        b"'''",
        b"[",
        b"[[units]]",
        b"]",
        b"=",
        b"\n",
        b"#",
        b"\x00",
        b"\xff",
        b"2024-13-01",
        b"9999-12-31",
        b"-1",
        b"{}",
    ]
)
KEYS = st.text(st.sampled_from('ab.-é 案"\\#['), min_size=1, max_size=5)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.text(st.sampled_from("a#]},'\"\\\n案="), max_size=6))


def refused(source: bytes) -> EditionInvalid | None:
    """Read a file that must either be an edition, whole, or be refused."""
    try:
        edition = parse(source, "rules.toml")
    except EditionInvalid as refusal:
        return refusal
    assert edition.source == source
    assert sum(unit.quota for unit in edition.units.values() if unit.kind == "prefecture") == 81
    return None


@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 40), st.integers(0, 20), PIECES), max_size=3))
def test_a_damaged_file_is_read_or_refused(cuts: list[tuple[int, int, int, bytes]]) -> None:
    lines = list(LINES)
    for line, start, length, piece in cuts:
        lines[line] = lines[line][:start] + piece + lines[line][start + length :]
    source = b"".join(lines)
    if refusal := refused(source):
        named = refusal.values["line"]
        assert isinstance(named, int)
        assert 0 <= named <= source.count(b"\n") + 1


@given(st.lists(st.integers(0, len(LINES)), min_size=2, max_size=2).map(sorted))
def test_a_file_with_lines_gone_is_read_or_refused(span: list[int]) -> None:
    if refusal := refused(b"".join(LINES[: span[0]] + LINES[span[1] :])):
        assert refusal.values["problem_code"] != "edition.not-understood"


@given(st.integers(1, 999_999_999))
def test_a_number_reads_back(ordinal: int) -> None:
    assert EDITION.case_ordinal(EDITION.case_number(ordinal)) == ordinal


@given(st.text(st.sampled_from("2024-0９ +1\n"), max_size=12))
def test_one_number_a_case(number: str) -> None:
    try:
        ordinal = EDITION.case_ordinal(number)
    except ValueError:
        return
    assert EDITION.case_number(ordinal) == number


@given(
    st.dictionaries(
        KEYS,
        st.recursive(
            SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
        ),
        max_size=5,
    ),
    st.lists(st.dictionaries(KEYS, SCALARS, max_size=3), max_size=3),
)
def test_every_key_is_found_on_its_line(top: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    text = ""
    wanted: dict[Path, int] = {}
    for key, value in top.items():
        wanted[key,] = text.count("\n") + 1
        text += f"{json.dumps(key)} = {_written(value)} # ] }} '\n"
    for index, entry in enumerate(entries):
        wanted["entries", index] = text.count("\n") + 1
        text += "[[ entries ]]\n"
        for key, value in entry.items():
            wanted["entries", index, key] = text.count("\n") + 1
            text += f"  {json.dumps(key)} = {_written(value)}\n\n"
    assert tomllib.loads(text) == top | ({"entries": entries} if entries else {})
    found = locate(text)
    assert {path: found.get(path) for path in wanted} == wanted


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + "".join(f"{_written(item)}, # [\n" for item in value) + "]"
    if isinstance(value, str) and "\\" not in value and '"' not in value:
        return f'"""\n{value}"""'
    return json.dumps(value)
