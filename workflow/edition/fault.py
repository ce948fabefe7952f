"""One fault of a rule book: where it is, and the key of the sentence that says what is wrong."""

import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from workflow.edition.places import Path

UNKNOWN_KEY = "edition.key-unknown"

_SENTENCES = {
    "missing": "edition.key-missing",
    "extra_forbidden": UNKNOWN_KEY,
    "string_type": "edition.not-text",
    "bool_type": "edition.not-true-or-false",
    "int_type": "edition.not-a-number",
    "tuple_type": "edition.not-a-list",
    "dict_type": "edition.not-a-table",
    "model_type": "edition.not-a-table",
    "model_attributes_type": "edition.not-a-table",
    "time_type": "edition.not-a-time",
    "string_pattern_mismatch": "edition.not-a-name",
    "string_too_long": "edition.too-long",
    "too_short": "edition.empty-list",
    "greater_than_equal": "edition.too-small",
    "less_than_equal": "edition.too-great",
    "literal_error": "edition.not-one-of",
}
_VALUES = {
    "string_too_long": ("max_length",),
    "greater_than_equal": ("ge",),
    "less_than_equal": ("le",),
}

_LONGEST = 80


class RuleBookError(Exception):
    """path: the key at fault, from the top of the file; code: its sentence in the catalogue; values fill it.

    at: the line, from 1, of the key's own text; 0 where it is the key that is at fault.
    """

    at = 0

    def __init__(self, path: Path, code: str, **values: object) -> None:
        super().__init__(path, code, values)
        self.path = path
        self.code = code
        self.values: Mapping[str, object] = values

    @classmethod
    def within(cls, path: Path, at: int, code: str, values: Mapping[str, object]) -> "RuleBookError":
        fault = cls(path, code, **values)
        fault.at = at
        return fault


def of_shape(error: ErrorDetails) -> RuleBookError:
    """Translate what pydantic found wrong with the shape of the file."""
    kind, given = error["type"], error.get("ctx", {})
    path = tuple(part for part in error["loc"] if part != "[key]")
    if kind.startswith("edition."):
        return RuleBookError(path, kind, **{name: _shown(value) for name, value in given.items()})
    values: dict[str, object] = {name: given[name] for name in _VALUES.get(kind, ())}
    if kind == "literal_error":
        values["known"] = re.findall(r"'([^']*)'", given["expected"])
    if kind in ("literal_error", "string_pattern_mismatch"):
        values["value"] = _shown(str(error["input"]))
    return RuleBookError(path, _SENTENCES.get(kind, "edition.not-understood"), **values)


def _shown(value: object) -> object:
    """Make a stranger's text fit for a line of a report."""
    if not isinstance(value, str):
        return value
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value[:_LONGEST])
