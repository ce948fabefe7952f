"""Long rows of things, a batch at a time, so that memory stays flat."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of ``size``, the last one shorter; none where there are no things."""
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch
