"""The calendar played on a copy: what would fire, move, lapse and be mailed, if nobody did anything else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from workflow.deadlines.amendment import UntilPast
from workflow.deadlines.replica import replicate
from workflow.deadlines.tick import Fired, tick
from workflow.edition.moment import read_since
from workflow.engine.campaign import Campaign


def rehearse_as_asked(campaign: Campaign, start: str | None, end: str | None, hours: int) -> list[Fired]:
    """Everything that would fire between two moments. Raises what ``plan_rehearsal`` and ``rehearse`` raise."""
    return list(rehearse(campaign, *plan_rehearsal(campaign, start, end, hours)))


def plan_rehearsal(
    campaign: Campaign, start: str | None, end: str | None, hours: int
) -> tuple[datetime, datetime, timedelta]:
    """Give the first and the last moment and the step: from now until the last deadline, unless said otherwise.

    Raises UntilUnreadable for what is neither a day nor a moment, UntilPast where the end lies before the start.
    """
    zone = campaign.edition.zone
    last = max((deadline.due for deadline in campaign.edition.deadlines), default=campaign.now)
    first = campaign.now if start is None else read_since(start, zone)
    until = max(first, last) if end is None else read_since(end, zone)
    if until < first:
        raise UntilPast(until=until.astimezone(zone), now=first.astimezone(zone))
    return first, until, timedelta(hours=hours)


def rehearse(campaign: Campaign, start: datetime, end: datetime, step: timedelta) -> Iterator[Fired]:
    """Let the clock look every ``step`` from ``start`` until ``end``; the original is only read.

    Raises ValueError for a step that does not go forward, ClockWentBack where ``start`` lies before what is on record.
    """
    if step <= timedelta(0):
        raise ValueError("a step goes forward")
    with replicate(campaign) as copy:
        moment = start
        while True:
            for fired in tick(replace(copy, now=moment)):
                yield fired._replace(report=fired.report._replace(batch=None))
            if moment >= end:
                return
            moment = min(moment + step, end)
