"""The calendar as calendars elsewhere read it."""

from notifications.dates import PRODUCT, write_dates
from workflow.deadlines.agenda import Agenda
from workflow.engine.campaign import Campaign
from workflow.engine.dates import date_of, date_of_phase
from workflow.wording import say

PROGRAM = f"PRODID:{PRODUCT}"
"""What tells a calendar of this program's from others."""


def write_icalendar(campaign: Campaign, agenda: Agenda) -> str:
    """The phases as spans and the deadlines as moments (RFC 5545), for mail programs and telephones."""
    edition, language = agenda.edition, campaign.language
    dates = [date_of_phase(campaign, phase, language) for phase in edition.phases.values()]
    for appointment in agenda.appointments:
        deadline = appointment.deadline
        name = f"{deadline.name}-{deadline.due:%Y%m%dT%H%M%SZ}"
        dates.append(date_of(campaign, name, say(deadline.text, language), deadline.clause, deadline.due))
    return write_dates(dates, agenda.now).decode()
