"""Long rows of things, a portion at a time, so that memory stays flat."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_portions(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of ``size``, the last one shorter; none where there are no things."""
    iterator = iter(things)
    while portion := list(islice(iterator, size)):
        yield portion
