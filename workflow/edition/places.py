"""Where each key of a TOML text stands, so that a fault in a rule book can name its line."""

import re
import tomllib
from contextlib import suppress

Path = tuple[str | int, ...]

_DEEPEST = 8
"""No key of a rule book lies deeper; a hostile file's may, and costs nothing."""

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


def locate(text: str) -> dict[Path, int]:
    """Give the line (from 1) of every table header, key and list item.

    Text must be TOML that tomllib accepts. An entry of an array of tables is ("units", 0), its key
    ("units", 0, "name"); a table that only its children name stands where the first of them stands.
    """
    scanner = _Scanner(text)
    with suppress(RecursionError):
        scanner.scan()
    return scanner.lines


def line_within(text: str, path: Path, line: int) -> int:
    """Give the line of the file on which the ``line``-th line (from 1) of a key's own text stands.

    The key's line, where its text is written on one.
    """
    first = locate(text).get(path, 1)
    source = text.split("\n")[first - 1].rstrip()
    for quotes in ('"""', "'''"):
        _, found, after = source.partition(quotes)
        if found and quotes not in after:
            return first + line - (1 if after else 0)
    return first


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def scan(self) -> None:
        table: Path = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            line = self.line()
            if self.follows("[["):
                keys = self.key()
                array = (*self.resolve(keys[:-1]), keys[-1])
                self.mark(array, self.lines.get(array, line))
                self.arrays[array] = self.arrays.get(array, -1) + 1
                table = (*array, self.arrays[array])
                self.mark(table, line)
                self.follows("]]")
            elif self.follows("["):
                table = self.resolve(self.key())
                self.mark(table, line)
                self.follows("]")
            else:
                self.pair(table)
            self.skip(_BLANK)

    def pair(self, table: Path) -> None:
        line = self.line()
        path = (*table, *self.key())
        self.mark(path, line)
        self.follows("=")
        self.skip(_SPACE)
        self.value(path)

    def value(self, path: Path) -> None:
        if self.follows("["):
            self.items(path)
        elif self.follows("{"):
            self.skip(_BLANK)
            while not self.follows("}"):
                self.pair(path)
                self.skip(_BLANK)
                self.follows(",")
                self.skip(_BLANK)
        elif self.string() is None:
            self.skip(_SCALAR)

    def items(self, path: Path) -> None:
        index = 0
        self.skip(_BLANK)
        while not self.follows("]"):
            self.mark((*path, index), self.line())
            self.value((*path, index))
            index += 1
            self.skip(_BLANK)
            self.follows(",")
            self.skip(_BLANK)

    def key(self) -> list[str]:
        """Read a dotted key, with the space around it."""
        keys = []
        while True:
            self.skip(_SPACE)
            quoted = self.string()
            keys.append(self.skip(_BARE_KEY) if quoted is None else tomllib.loads(f"k={quoted}")["k"])
            self.skip(_SPACE)
            if not self.follows("."):
                return keys[:_DEEPEST]

    def string(self) -> str | None:
        for pattern in _STRINGS:
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                return found.group()
        return None

    def resolve(self, keys: list[str]) -> Path:
        """Follow a header into the latest entry of each array of tables it passes."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def mark(self, path: Path, line: int) -> None:
        if len(path) > _DEEPEST:
            return
        for length in range(1, len(path)):
            self.lines.setdefault(path[:length], line)
        self.lines[path] = line

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def follows(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True
