"""How live rows differ from what the events imply."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from workflow.audit.check.problem import Problem


def differ(
    where: str, since: int, columns: Sequence[str], found: Sequence[Any], expected: Sequence[Any]
) -> Iterator[Problem]:
    """A problem for every column that is not as told."""
    for column, one, other in zip(columns, found, expected, strict=True):
        if one != other:
            yield Problem(where, "row-differs", since, {"column": column, "found": one, "expected": other})


class Told(Protocol):
    """What events tell of a row. since: the last one that did."""

    @property
    def since(self) -> int: ...


T = TypeVar("T", bound=Told)


def compare_rows(
    table: str,
    rows: Iterable[Sequence[Any]],
    told: Mapping[Any, T],
    columns: Sequence[str],
    expected: Callable[[T], Sequence[Any]],
    name: Callable[[Any], str] = str,
) -> Iterator[Problem]:
    """Every row that no event tells of, every column that is not as told, everything told whose row is gone.

    rows: first the key's column, or columns where the keys of ``told`` are tuples, then ``columns``. expected: what an
    entry makes of these. name: the key as problems write it.
    """
    width, seen = -len(columns), set()
    for row in rows:
        key = row[0] if len(row) - len(columns) == 1 else tuple(row[:width])
        entry = told.get(key)
        if entry is None:
            yield Problem(f"{table}/{name(key)}", "row-without-event", None)
            continue
        seen.add(key)
        yield from differ(f"{table}/{name(key)}", entry.since, columns, row[width:], expected(entry))
    for key, entry in told.items():
        if key not in seen:
            yield Problem(f"{table}/{name(key)}", "event-without-row", entry.since)


def missing(table: str, told: Mapping[Any, int], seen: set[Any]) -> Iterator[Problem]:
    """A problem for every key that events (``told``: the last one about it) imply and no row has."""
    for key, since in told.items():
        if key not in seen:
            yield Problem(f"{table}/{key}", "event-without-row", since)
