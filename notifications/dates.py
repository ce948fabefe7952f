"""Dates as other calendars read them: an ``.ics`` file (RFC 5545), by itself or with a letter."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

PRODUCT = "-//anli//calendar//ZH"


class Date(NamedTuple):
    """A span or a moment in a calendar. uid: the same for the same date, so that a later file replaces it."""

    uid: str
    summary: str
    description: str
    starts: datetime
    ends: datetime


def write_dates(dates: Iterable[Date], written_at: datetime) -> bytes:
    """A calendar of these dates, in the order given; the same dates make the same bytes."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    for date in dates:
        event = Event()
        event.add("uid", date.uid)
        event.add("dtstamp", written_at.astimezone(UTC))
        event.add("summary", date.summary)
        event.add("description", date.description)
        event.add("dtstart", date.starts.astimezone(UTC))
        event.add("dtend", date.ends.astimezone(UTC))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
