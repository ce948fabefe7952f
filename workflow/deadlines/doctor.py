"""Whether the clock is alive: when it last looked, what comes next, what should have fired and has not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from workflow.deadlines.heartbeat import Pulse, heartbeats
from workflow.deadlines.pending import due_by, next_after, unfired
from workflow.edition import Deadline
from workflow.engine.campaign import Campaign, current
from workflow.engine.jump import Jump
from workflow.post.bounces import Unreachable, unreachable
from workflow.post.mail_pause import MailPause, read_pause

GRACE = timedelta(minutes=5)
"""How long after its moment a deadline may still be waiting for the clock to come by."""

SILENCE = timedelta(hours=1)
"""How long no clock may have looked while something is still ahead."""


class Health(NamedTuple):
    """silent: something is ahead, and no clock has looked for an hour. overdue: what should have fired. mail_paused:
    no letter is sent, on somebody's word. bounced: whom letters do not reach; the clock does well all the same.
    jump: the leap of the clock for which everything waits.
    """

    now: datetime
    pulses: list[Pulse]
    following: Deadline | None
    overdue: list[Deadline]
    silent: bool
    mail_paused: MailPause | None
    bounced: Sequence[Unreachable] = ()
    jump: Jump | None = None

    @property
    def ok(self) -> bool:
        return not self.overdue and not self.silent and self.jump is None


def examine(campaign: Campaign) -> Health:
    """How the clock does at the campaign's moment."""
    with campaign.reading() as connection:
        campaign = current(campaign, connection)
        waiting = unfired(connection, campaign.edition)
        mail_paused = read_pause(connection)
        bounced = unreachable(connection, campaign.edition)
    pulses = heartbeats(campaign)
    latest = max((pulse.at for pulse in pulses), default=None)
    overdue = due_by(waiting, campaign.now - GRACE)
    silent = bool(waiting) and (latest is None or campaign.now - latest > SILENCE)
    following, jump = next_after(waiting, campaign.now), campaign.find_jump()
    return Health(campaign.now, pulses, following, overdue, silent, mail_paused, bounced, jump)
