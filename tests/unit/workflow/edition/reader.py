"""Damages the built-in rule book, one place at a time, and looks at how it is refused."""

from typing import NamedTuple

import pytest

from workflow.edition import find, parse
from workflow.edition.load import EditionInvalid

BUILT_IN = find("hubei-2024").source.decode()


class Fault(NamedTuple):
    """What stands in the file, what is put there; then the line, the key, the problem, and some of its values."""

    old: str
    new: str
    at: str
    key: str
    code: str
    values: dict[str, object]


def edited(old: str, new: str, source: str = BUILT_IN) -> str:
    assert old in source
    return source.replace(old, new, 1)


def line_of(text: str, source: str) -> int:
    return source[: source.index(text)].count("\n") + 1


def refusal(source: str | bytes) -> EditionInvalid:
    with pytest.raises(EditionInvalid) as caught:
        parse(source.encode() if isinstance(source, str) else source, "rules.toml")
    values = caught.value.values
    assert set(values) == {"file", "line", "key", "problem_code", "problem_values"}
    assert values["file"] == "rules.toml"
    sentences = {
        (True, True): "error.edition-invalid",
        (True, False): "error.edition-invalid-line",
        (False, False): "error.edition-invalid-file",
    }
    assert caught.value.code == sentences[bool(values["line"]), bool(values["key"])]
    return caught.value


def check(fault: Fault) -> None:
    source = edited(fault.old, fault.new)
    values = refusal(source).values
    assert values["problem_code"] == f"edition.{fault.code}"
    assert values["key"] == fault.key
    assert values["line"] == line_of(fault.at, source)
    given = values["problem_values"]
    assert isinstance(given, dict)
    assert {name: given[name] for name in fault.values} == fault.values
