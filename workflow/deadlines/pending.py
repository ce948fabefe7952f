"""Which deadlines are due, which come next, and which no longer make sense."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import col

from workflow.edition import Deadline, Edition
from workflow.edition.calendar import RECEIVED
from workflow.store import Campaign, Firing

BEFORE_FOUNDING = "before-founding"
WINDOW_CLOSED = "window-closed"
OVERTAKEN = "overtaken"
NOTHING_TO_SAY = "nothing-to-say"

SPEAKING = frozenset({"announce", "remind", "nudge"})
"""Kinds that only write letters; late, they may have nothing left to say."""

REPEATING = frozenset({"remind", "nudge"})
"""Kinds of deadline of which a later one makes an earlier one superfluous: it says all the earlier would have."""


def unfired(connection: Connection, edition: Edition) -> list[Deadline]:
    """What has neither fired nor been passed over, by due moment, then in the rule book's order."""
    query = select(col(Firing.deadline), col(Firing.due)).where(col(Firing.edition) == edition.name)
    dealt_with = {(row.deadline, row.due) for row in connection.execute(query)}
    return [deadline for deadline in edition.deadlines if (deadline.name, deadline.due) not in dealt_with]


def due_by(deadlines: Sequence[Deadline], now: datetime) -> list[Deadline]:
    """Those whose moment has come: due at ``now`` or before."""
    return [deadline for deadline in deadlines if deadline.due <= now]


def next_after(deadlines: Sequence[Deadline], now: datetime) -> Deadline | None:
    """What falls due next."""
    return next((deadline for deadline in deadlines if deadline.due > now), None)


def founded_at(connection: Connection) -> datetime:
    moment: datetime = connection.execute(select(col(Campaign.created_at))).scalar_one()
    return moment


def objection(
    edition: Edition, deadline: Deadline, later: Sequence[Deadline], now: datetime, founded: datetime
) -> str | None:
    """Why a deadline is passed over: it fell due before there was a campaign, or what it would say is past.

    later: the other deadlines that are due and not dealt with.
    """
    if deadline.due < founded:
        return BEFORE_FOUNDING
    if deadline.kind in SPEAKING and (closes := relevant_until(edition, deadline)) is not None and closes <= now:
        return WINDOW_CLOSED
    if deadline.kind in REPEATING and any(
        other.kind == deadline.kind and other.span == deadline.span and other.due > deadline.due for other in later
    ):
        return OVERTAKEN
    return None


def relevant_until(edition: Edition, deadline: Deadline) -> datetime | None:
    """The close of what a deadline speaks of: of its span, else of the phase in which it falls due."""
    if deadline.span is not None:
        return closing_of(edition, deadline.span, deadline.among[0] if deadline.among else None)
    phases = edition.phases.values()
    return next((phase.closes for phase in phases if phase.opens <= deadline.due < phase.closes), None)


def closing_of(edition: Edition, span: str, unit: str | None = None) -> datetime:
    """The first moment after a phase, a window, or the time for submissions to arrive; as it is for a unit."""
    rules = edition.rules() if unit is None else edition.rules_of(unit)
    if span == RECEIVED:
        return rules.received_until
    return edition.phases[span].closes if span in edition.phases else rules.windows[span].closes
