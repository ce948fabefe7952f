"""An announcement: a letter to every unit with the dates ahead and how its cases stand."""

from collections import defaultdict

from notifications.dates import Date
from notifications.letters import CaseLine
from states.course import COURSE
from workflow.deadlines.occasion import Occasion
from workflow.edition.calendar import RECEIVED
from workflow.engine.correspondence import Remarks, recipient_of
from workflow.engine.dates import date_of_close, date_of_phase
from workflow.wording import say, say_state, show_day, show_deadline

KIND = "announce"


def announce(occasion: Occasion) -> str | None:
    """Write to every unit."""
    edition = occasion.edition
    lines: defaultdict[str, list[CaseLine]] = defaultdict(list)
    for row in occasion.read(*COURSE.line):
        language = occasion.batch.letters.language_of(row.unit)
        lines[row.unit].append(CaseLine(edition.case_number(row.id), row.name, "", say_state(row.state, language)))
    for unit in occasion.units:
        recipient = recipient_of(edition, unit.name)
        if recipient is not None:
            language = recipient.language
            points, dates = list_dates(occasion, unit.name, language)
            remarks = Remarks(occasion.sentence(language), points, dates)
            occasion.batch.letters.write(recipient, KIND, remarks, lines[unit.name])
    return None


def list_dates(occasion: Occasion, unit: str, language: str) -> tuple[list[str], list[Date]]:
    """The dates ahead, in words and for calendars: the end of receiving (六.5), every phase that has not ended (四)."""
    edition, now = occasion.edition, occasion.campaign.now
    points, dates = [], []
    received_until = edition.rules_of(unit).received_until
    if received_until > now:
        points.append(say("announce.received", language, until=show_deadline(received_until, edition.zone, language)))
        dates.append(date_of_close(occasion.campaign, RECEIVED, received_until, language))
    for phase in edition.phases.values():
        if phase.closes > now:
            label = (phase.label_en if language == "en" else None) or phase.label
            opens = show_day(phase.opens, edition.zone, language)
            closes = show_deadline(phase.closes, edition.zone, language)
            points.append(say("announce.phase", language, phase=label, opens=opens, closes=closes))
            dates.append(date_of_phase(occasion.campaign, phase, language))
    return points, dates
