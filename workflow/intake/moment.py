"""When a mail came: the time in a header field (RFC 5322 3.3), in whatever zone it names."""

import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_COMMENT = re.compile(r"\([^()]*\)")
_TIME_OF_DAY = re.compile(
    r"(?<!\d)(?P<hours>\d{1,2})\s?:\s?(?P<minutes>\d{2})(?:\s?:\s?(?P<seconds>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?P<half>\s?[AaPp]\.?[Mm]\.?(?![A-Za-z]))?"
)
_AFTERNOON = re.compile("下午|傍晚|晚上")
_OFFSET = re.compile(
    r"(?:GMT|UTC|UT|Z)?\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)", re.IGNORECASE
)
_ISO_DAY = re.compile(r"\s*(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})")
_YEAR = re.compile(r"(?<![+\-:\d])(?:19|20)\d{2}(?![\d:])")
_NAMED = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0,
    "EST": -5, "EDT": -4, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""What RFC 5322 4.3 gives, in hours, except CST and CDT: China's and Cuba's as well as America's."""
_PLACE = re.compile(r"[A-Z][A-Za-z_]{1,30}/[A-Z][A-Za-z_/+-]{1,40}")
_FURTHEST = timedelta(hours=15)
_LONGEST_ZONE = 40


class Moment(NamedTuple):
    """A moment, aware UTC. assumed: what stood for the zone, where the campaign's was taken for it, else None."""

    at: datetime
    assumed: str | None = None


def read_moment(text: str, assumed: tzinfo) -> Moment | None:
    """Read a time; None where there is none. A zone that is missing, unknown or means several is ``assumed``."""
    plain = _COMMENT.sub(" ", text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    clock = _TIME_OF_DAY.search(plain)
    if clock is None:
        return None
    day, rest = plain[: clock.start()], plain[clock.end() :]
    if not re.search(r"\d{4}", day) and (year := _YEAR.search(rest)):
        day, rest = f"{day.strip()} {year[0]}", rest[: year.start()] + rest[year.end() :]
    try:
        naive = _read_naive(day, clock)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    written, zone = rest.strip()[:_LONGEST_ZONE], _read_zone(rest.strip())
    at = within_reach(naive.replace(tzinfo=zone if zone is not None else assumed)) if naive is not None else None
    return Moment(at, written if zone is None else None) if at is not None else None


def within_reach(moment: datetime) -> datetime | None:
    """The moment in UTC, None where no campaign can be meant."""
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def _read_naive(day: str, clock: re.Match[str]) -> datetime | None:
    hours, minutes, second = int(clock["hours"]), int(clock["minutes"]), int(clock["seconds"] or 0)
    half = (clock["half"] or "").strip().lower()
    if half:
        hours = hours % 12
    if (half.startswith("p") or _AFTERNOON.search(day)) and hours < 12:
        hours += 12
    if found := _ISO_DAY.match(day):
        return datetime(int(found[1]), int(found[2]), int(found[3]), hours, minutes, min(second, 59))  # noqa: DTZ001
    parsed = email.utils.parsedate(f"{day.replace('-', ' ').strip()} 00:00:00")
    return datetime(parsed[0], parsed[1], parsed[2], hours, minutes, min(second, 59)) if parsed else None  # noqa: DTZ001


def _read_zone(written: str) -> tzinfo | None:
    offset = _OFFSET.match(written)
    if offset:
        span = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(span if offset["sign"] == "+" else -span) if span <= _FURTHEST else None
    if place := _PLACE.match(written):
        try:
            return ZoneInfo(place[0])
        except (KeyError, ValueError, OSError):
            return None
    name = re.match(r"[A-Za-z]+", written)
    hours = _NAMED.get(name[0].upper()) if name and not written[name.end() :].strip() else None
    return timezone(timedelta(hours=hours)) if hours is not None else None
