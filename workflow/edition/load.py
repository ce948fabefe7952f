"""Read a rule book: from bytes, from a file, or one that comes with the program."""

import json
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from workflow.edition.assemble import assemble
from workflow.edition.entries import EditionFile
from workflow.edition.fault import UNKNOWN_KEY, RuleBookError, of_shape
from workflow.edition.model import Edition
from workflow.edition.places import Path, line_within, locate
from workflow.errors import AnliError

LARGEST = 4_000_000
"""Bytes of the longest rule book that is read; the notice of 2024 takes thirty thousand."""

MOST_KEYS = 20_000
"""Keys and tables of a rule book; the notice of 2024 takes some hundreds."""
MOST_PARTS = 16
"""Parts of a key (``mail.dkim``): no known one has so many, and reading more costs the square of their number."""

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}){{{MOST_PARTS}}}")
_SUFFIX = ".toml"
_LONGEST_KEY = 64
_BARE = re.compile(rf"[A-Za-z0-9_-]{{1,{_LONGEST_KEY}}}")
_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")


class EditionInvalid(AnliError):
    """A rule book that cannot be used: values are file, line (0: unknown), key ("": unknown), and the problem.

    ``problem_code`` is the catalogue's key of the sentence to be shown as {problem}; ``problem_values`` fill it.
    """

    code = "error.edition-invalid"

    def __init__(
        self, *, file: str, line: int, key: str, problem_code: str, problem_values: Mapping[str, object]
    ) -> None:
        if not key:
            self.code = "error.edition-invalid-line" if line else "error.edition-invalid-file"
        super().__init__(file=file, line=line, key=key, problem_code=problem_code, problem_values=problem_values)


class EditionUnknown(AnliError):
    """No built-in edition of that name and no such file: values are name, known (comma-separated names)."""

    code = "error.edition-unknown"


def parse(source: bytes, filename: str, adopted: bool = False) -> Edition:
    """Read a rule book; one that a campaign has ``adopted`` already may know fewer triggers than this program.

    Raises EditionInvalid, which names file, line, key and problem, for the first fault found.
    """
    if len(source) > LARGEST:
        raise _invalid(filename, 0, "", "edition.too-large", largest=LARGEST)
    text = _decode(source, filename)
    if text.count("=") + text.count("\n[") > MOST_KEYS:
        raise _invalid(filename, 0, "", "edition.too-many-keys", most=MOST_KEYS)
    if long := _LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise _invalid(filename, line, "", UNKNOWN_KEY)
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, detail = _syntax(error, text)
        raise _invalid(filename, line, "", "edition.not-toml", detail=detail) from None
    try:
        return assemble(_shape(tree, text), source, adopted)
    except RuleBookError as fault:
        line = line_within(text, fault.path, fault.at) if fault.at else _line(fault.path, locate(text))
        raise _invalid(filename, line, _key(fault.path), fault.code, **fault.values) from None


def find(name_or_path: str) -> Edition:
    """Read the built-in edition of that name, else the file of that path.

    Raises EditionUnknown when there is neither, EditionInvalid when it cannot be read or used.
    """
    if name_or_path in built_in():
        filename = name_or_path + _SUFFIX
        return parse(files(__package__).joinpath(filename).read_bytes(), filename)
    try:
        if not name_or_path:
            raise FileNotFoundError
        with FilePath(name_or_path).open("rb") as file:
            source = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise EditionUnknown(name=name_or_path, known=", ".join(built_in())) from None
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise _invalid(name_or_path, 0, "", "edition.unreadable", detail=detail) from None
    return parse(source, name_or_path)


def built_in() -> list[str]:
    """Name the editions that come with the program, sorted."""
    names = (entry.name for entry in files(__package__).iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def _decode(source: bytes, filename: str) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise _invalid(filename, line, "", "edition.not-utf-8") from None


def _syntax(error: Exception, text: str) -> tuple[int, str]:
    found = _SYNTAX.fullmatch(str(error))
    if found is None:
        return 0, str(error)
    last = text.rstrip("\n").count("\n") + 1
    return int(found[2] or last), found[1]


def _shape(tree: dict[str, Any], text: str) -> EditionFile:
    try:
        return EditionFile.model_validate(tree)
    except ValidationError as error:
        places = locate(text)
        faults = [of_shape(details) for details in error.errors(include_url=False)]
        # A misspelt key is unknown and leaves the right one missing: its own line is the one to show.
        raise min(faults, key=lambda fault: (fault.code != UNKNOWN_KEY, _line(fault.path, places))) from None


def _line(path: Path, places: dict[Path, int]) -> int:
    """Find the line of a key, or, where it is missing, of the nearest table it should stand in."""
    lines = (places[path[:length]] for length in range(len(path), 0, -1) if path[:length] in places)
    return next(lines, 1)


def _key(path: Path) -> str:
    """Write a path as people do: ``units[0].quota``; a key that is no bare one stays in its quotes."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in path]
    return "".join(parts).removeprefix(".")


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key)[:_LONGEST_KEY]


def _invalid(filename: str, line: int, key: str, code: str, **values: object) -> EditionInvalid:
    return EditionInvalid(file=filename, line=line, key=key, problem_code=code, problem_values=values)
