"""The calendar of the year: phases, windows, deadlines, what fired, and what was amended."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from workflow.edition import Deadline, Edition
from workflow.engine.campaign import Campaign, current
from workflow.store import Firing


class Appointment(NamedTuple):
    """A deadline, and what became of it; outcome is None where it has not fallen due, or nobody has looked since."""

    deadline: Deadline
    outcome: str | None
    why: str | None
    at: datetime | None
    batch: int | None


class Agenda(NamedTuple):
    edition: Edition
    now: datetime
    appointments: list[Appointment]


def read_agenda(campaign: Campaign) -> Agenda:
    """Everything on the calendar in the order of its moments, with what fired at a moment that was amended later."""
    columns = (Firing.deadline, Firing.due, Firing.outcome, Firing.why, Firing.at, Firing.batch_id)
    with campaign.reading() as connection:
        edition = current(campaign, connection).edition
        query = select(*map(col, columns)).where(col(Firing.edition) == edition.name).order_by(col(Firing.batch_id))
        dealt_with = list(connection.execute(query))
    named = {deadline.name: deadline for deadline in edition.deadlines}
    ahead = {(deadline.name, deadline.due): deadline for deadline in edition.deadlines}
    appointments = []
    for row in dealt_with:
        deadline = ahead.pop((row.deadline, row.due), None)
        if deadline is None and row.deadline in named:
            deadline = named[row.deadline]._replace(due=row.due, among=(), without=())
        if deadline is not None:
            appointments.append(Appointment(deadline, row.outcome, row.why or None, row.at, row.batch_id))
    appointments += [Appointment(deadline, None, None, None, None) for deadline in ahead.values()]
    appointments.sort(key=lambda appointment: appointment.deadline.due)
    return Agenda(edition, campaign.now, appointments)
