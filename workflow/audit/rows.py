"""Reading live rows a few at a time."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, CursorResult, text

AT_ONCE = 1_000


def read_rows(connection: Connection, query: str, at_once: int = AT_ONCE) -> Iterator[Sequence[Any]]:
    return rows_of(connection.execute(text(query), execution_options={"yield_per": at_once}), at_once)


def rows_of(result: CursorResult[Any], at_once: int) -> Iterator[Sequence[Any]]:
    """Faster than to iterate over it: that asks the driver row by row where a query is text."""
    return chain.from_iterable(result.partitions(at_once))


def stream_rows(connection: Connection, query: str) -> Iterator[Sequence[Any]]:
    """Rows as the driver itself gives them, a few at a time, in the connection's own transaction."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        return _stream_from_server(driver, query)
    rows: Iterator[Sequence[Any]] = driver.execute(query)
    return rows


def _stream_from_server(driver: Any, query: str) -> Iterator[Sequence[Any]]:
    with driver.cursor("stream") as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(query, binary=True)
