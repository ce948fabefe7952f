"""The clock that keeps going: it sleeps until something falls due, wherever else others watch the same database."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workflow import clock
from workflow.audit.order import ClockWentBack
from workflow.deadlines.tick import Fired, look_ahead, tick
from workflow.disk import DiskFull
from workflow.engine.campaign import Campaign, current
from workflow.engine.jump import ClockAhead
from workflow.engine.stopping import Pause
from workflow.errors import AnliError
from workflow.store.failures import DatabaseBusy, DatabaseUnreachable, ServerCrowded

LONGEST_SLEEP = 60.0
"""Seconds after which it looks again in any case: for amendments, and for a clock that was set or stood still."""

SHORTEST_SLEEP = 0.01
_log = logging.getLogger(__name__)

PASSING = (DatabaseBusy, DatabaseUnreachable, ServerCrowded, DiskFull, ClockWentBack, ClockAhead)
"""Troubles that may be over the next time it looks."""


def watch(
    campaign: Campaign,
    time: Callable[[], datetime],
    pause: Pause,
    tell: Callable[[Fired], None],
    warn: Callable[[AnliError], None],
) -> None:
    """Deal with what is due, sleep until the next moment, and so on until ``pause`` says to end.

    tell hears of every firing once it is committed, warn of every trouble that may pass.
    """
    seconds = 0.0
    while not pause(seconds):
        seconds = LONGEST_SLEEP
        try:
            campaign = _wake(campaign, time())
            for fired in tick(campaign):
                _log.info("log.deadline-dealt-with", {"deadline": fired.deadline, "letters": len(fired.report.letters)})
                tell(fired)
                if pause(0):
                    return
            seconds = _until_next(campaign, time())
        except PASSING as trouble:
            warn(trouble)


def timepiece(campaign: Campaign, asked: datetime | None) -> Callable[[], datetime]:
    """The campaign's clock; in a rehearsal that was asked to begin at a moment, one that runs on from there."""
    if asked is None:
        return campaign.time
    began = clock.now()
    return lambda: campaign.now + (clock.now() - began)


def _wake(campaign: Campaign, now: datetime) -> Campaign:
    with campaign.reading() as connection:
        return replace(current(campaign, connection), now=now)


def _until_next(campaign: Campaign, now: datetime) -> float:
    following = look_ahead(campaign)
    if following is None:
        _log.info("log.nothing-follows")
        return LONGEST_SLEEP
    left = (following.due - now).total_seconds()
    _log.info("log.deadline-follows", {"deadline": following.name, "minutes": int(max(left, 0) // 60)})
    return min(max(left, SHORTEST_SLEEP), LONGEST_SLEEP)
