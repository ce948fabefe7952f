"""The clock set right, on record: by an organiser, with a reason, after a machine showed a wrong time."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from workflow import clock
from workflow.audit.actor import identify
from workflow.audit.events import Clock
from workflow.audit.log import Log
from workflow.audit.order import TOLERANCE, last_moment
from workflow.engine.campaign import FIRST_ROLE, Campaign
from workflow.engine.jump import LONG_SILENCE
from workflow.engine.reason import require_reason
from workflow.engine.staff import RoleNeeded
from workflow.errors import AnliError
from workflow.store import server_clock


class ClockRight(AnliError):
    """The clock and the history agree; there is nothing to set: values are now, last."""

    code = "error.clock-right"


class ClockSet(NamedTuple):
    """was: the moment on record before. now: the right time."""

    was: datetime
    now: datetime


def set_clock(campaign: Campaign, why: str | None, command: str = "audit set-clock") -> ClockSet:
    """Put on record that the time this command finds is right, whatever was written before; ``why`` says how one knows.

    Raises ReasonNeeded, RoleNeeded, and ClockRight where the history is neither ahead of the clock nor far behind it.
    """
    why = require_reason(why, command)
    with replace(campaign, follows_clock=False).writing() as (held, connection):
        now = server_clock.now(connection) if campaign.follows_clock else held.now
        actor = identify(connection)
        if actor.role != FIRST_ROLE:
            raise RoleNeeded(role=FIRST_ROLE, account=actor.account)
        was = last_moment(connection)
        if was is None or was - TOLERANCE <= now <= was + LONG_SILENCE:
            local = held.edition.local
            raise ClockRight(now=local(now), last=local(was or now))
        log = Log(connection, actor, held.edition.sha256, now, None, sets_clock=True)
        log.append([Clock(was=clock.show(was), why=why)])
    return ClockSet(was, now)
