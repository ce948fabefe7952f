"""Times as people type them: a day of the notice's kind, or a moment; local unless it says."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.errors import UsageError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORTEST = timedelta(microseconds=1)


class UntilUnreadable(UsageError):
    """Neither a day nor a moment: values are text."""

    code = "error.until-unreadable"


def read_since(words: str, zone: ZoneInfo) -> datetime:
    """The first moment of a day (``2024-07-10``), or the moment, in UTC. Raises UntilUnreadable."""
    try:
        return _place(datetime.fromisoformat(words), zone)
    except (ValueError, OverflowError):
        raise UntilUnreadable(text=words) from None


def read_until(words: str, zone: ZoneInfo) -> datetime:
    """The first moment that is too late: the midnight after a day (``2024-07-10``), or the moment, in UTC.

    Raises UntilUnreadable.
    """
    if not _DAY.fullmatch(words):
        return read_since(words, zone)
    try:
        return _place(datetime.combine(date.fromisoformat(words) + timedelta(days=1), time.min), zone)
    except (ValueError, OverflowError):
        raise UntilUnreadable(text=words) from None


def read_end(words: str, zone: ZoneInfo) -> datetime:
    """The last moment of a day (``2024-07-10``), or the moment, in UTC. Raises UntilUnreadable."""
    moment = read_until(words, zone)
    return moment - _SHORTEST if _DAY.fullmatch(words) else moment


def _place(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
