"""A rule book that cannot be used is refused with its file, line, key and problem."""

from pathlib import Path

import pytest

from tests.unit.workflow.edition.reader import BUILT_IN, edited, line_of, refusal
from workflow.edition import built_in, find, parse
from workflow.edition.load import EditionInvalid, EditionUnknown

NEXT_YEAR = Path(__file__).with_name("example-2025.toml").read_text(encoding="utf-8")


def test_the_first_of_several_faults_is_named() -> None:
    source = edited("capacity = 50", "capacity = 0", edited("year = 2024", "year = 1"))
    assert refusal(source).values["key"] == "year"


def test_a_fault_in_an_inline_table() -> None:
    source = edited("archive = { opens = 2025-07-01, last", "archive = { opns = 2025-07-01, last", NEXT_YEAR)
    error = refusal(source)
    assert (error.values["line"], error.values["key"]) == (line_of("archive =", source), "windows.archive.opns")


def test_not_utf_8() -> None:
    source = BUILT_IN.encode("gb18030")
    error = refusal(source)
    assert error.values["problem_code"] == "edition.not-utf-8"
    assert error.values["line"] == 1
    assert refusal(b"a = 1\nb = '\xb0\xa1'\n").values["line"] == 2
    assert refusal(BUILT_IN.encode("utf-16")).values["problem_code"] == "edition.not-utf-8"


def test_a_byte_order_mark_and_carriage_returns_are_read_and_hashed_as_they_are() -> None:
    marked = b"\xef\xbb\xbf" + BUILT_IN.replace("\n", "\r\n").encode()
    edition = parse(marked, "rules.toml")
    assert edition.source == marked
    assert edition.sha256 != find("hubei-2024").sha256
    assert edition.units == find("hubei-2024").units
    source = edited("capacity = 50", "capacity = 0").replace("\n", "\r\n")
    assert refusal(source).values["line"] == line_of("capacity", source)


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ("", 1, "key-missing"),
        ("a = [", 1, "not-toml"),
        ("x = 1\n\na = '''\n\n", 3, "not-toml"),
        ("a = " + "[" * 100_000, 0, "not-toml"),
        ("a = " + "9" * 5000, 0, "not-toml"),
        (".".join("a" * 5000) + " = 1", 1, "key-unknown"),
        ("#" * 4_000_001, 0, "too-large"),
        ("a = 1\x00", 1, "not-toml"),
    ],
)
def test_what_is_no_rule_book_at_all(source: str, line: int, code: str) -> None:
    error = refusal(source)
    assert (error.values["line"], error.values["problem_code"]) == (line, f"edition.{code}")


def test_built_in() -> None:
    assert built_in() == ["hubei-2024"]


@pytest.mark.parametrize("name", ["hubei-2023", "", "no/such/file.toml", "../edition/hubei-2024.tml", "a\x00b"])
def test_unknown(name: str) -> None:
    with pytest.raises(EditionUnknown) as caught:
        find(name)
    assert caught.value.values == {"name": name, "known": "hubei-2024"}


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(BUILT_IN, encoding="utf-8")
    assert find(str(file)).sha256 == find("hubei-2024").sha256
    file.write_text(edited("capacity = 50", "capacity = 0"), encoding="utf-8")
    with pytest.raises(EditionInvalid) as caught:
        find(str(file))
    assert caught.value.values["file"] == str(file)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EditionInvalid) as caught:
        find(str(tmp_path))
    assert caught.value.values["problem_code"] == "edition.unreadable"
