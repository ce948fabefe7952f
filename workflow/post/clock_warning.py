"""The one kind of letter that goes out while the clock is in doubt: the warning of that."""

from dataclasses import replace

from sqlalchemy import text

from notifications import outbox
from notifications.outbox import Choice
from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.engine.jump import Jump

KIND = "clock-ahead"
_WARNINGS = text("SELECT id FROM letters WHERE kind = :kind AND state = 'queued'")


def stand_still(campaign: Campaign, jump: Jump) -> tuple[Campaign, Choice | None]:
    """The campaign at the last moment on record, and the warnings that may be sent then, if there are any."""
    standing = replace(campaign, now=jump.last, follows_clock=False)
    with standing.reading() as connection:
        waiting = tuple(connection.execute(_WARNINGS, {"kind": KIND}).scalars())
        choice = Choice(waiting)
        ready = bool(waiting) and bool(outbox.due(connection, clock.write(jump.last), choice))
    return standing, choice if ready else None
