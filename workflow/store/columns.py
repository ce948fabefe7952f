"""Column types that read the same on SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from workflow import clock


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as RFC 3339 text in UTC: sorted as it happened, the same bytes on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else clock.write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else clock.read(value)
