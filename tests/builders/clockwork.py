"""Moments of the season, and the clock let run until one of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from tests.builders.campaigns import at
from workflow.deadlines.tick import Fired, tick
from workflow.edition import Edition, find, parse
from workflow.engine.campaign import Campaign

SHANGHAI = ZoneInfo("Asia/Shanghai")
INSTANT = timedelta(microseconds=1)


def local(month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment of 2024 as a clock on the wall shows it."""
    return datetime(2024, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


OPENING = local(5, 28)
SUBMISSIONS_CLOSED = local(7, 1)
RECOMMENDATIONS_CLOSED = local(7, 16)
PHASE_TWO_CLOSED = local(10, 1)


def run(campaign: Campaign, moment: datetime) -> dict[str, Fired]:
    """What a tick at the moment deals with, by deadline."""
    return {fired.deadline: fired for fired in tick(at(campaign, moment))}


def amended(*changes: tuple[str, str]) -> Edition:
    """The rule book of 2024 with some of its words replaced."""
    source = find("hubei-2024").source.decode()
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return parse(source.encode(), "amended.toml")


def count_rows(campaign: Campaign, table: str) -> int:
    with campaign.reading() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def letters(campaign: Campaign) -> list[Any]:
    """Every letter as the outbox keeps it, oldest first."""
    with campaign.reading() as connection:
        return list(connection.execute(text("SELECT * FROM letters ORDER BY id")).mappings())
