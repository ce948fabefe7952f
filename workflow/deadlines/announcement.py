"""An announcement: a letter to every unit with the dates ahead and how its cases stand."""

from collections import defaultdict

from notifications.dates import Date
from notifications.letters import CaseLine
from states.course import COURSE
from workflow.deadlines.occasion import Occasion
from workflow.deadlines.pending import NOTHING_TO_SAY
from workflow.edition.calendar import RECEIVED
from workflow.engine.correspondence import Remarks, recipient_of
from workflow.engine.dates import date_of_close, date_of_phase
from workflow.wording import say, say_state, show_day, show_deadline

KIND = "announce"


def announce(occasion: Occasion) -> str | None:
    """Write to every unit for which what is announced may still come; ``nothing-to-say`` where it is over for all."""
    edition = occasion.edition
    ahead, over = _ahead_and_over(occasion)
    if over and not ahead:
        return NOTHING_TO_SAY
    lines: defaultdict[str, list[CaseLine]] = defaultdict(list)
    for row in occasion.read(*COURSE.line):
        language = occasion.batch.letters.language_of(row.unit)
        lines[row.unit].append(CaseLine(edition.case_number(row.id), row.name, "", say_state(row.state, language)))
    for unit in occasion.units:
        recipient = recipient_of(edition, unit.name)
        if recipient is not None and (unit.name in ahead or unit.name not in over):
            language = recipient.language
            points, dates = list_dates(occasion, unit.name, language)
            remarks = Remarks(occasion.sentence(language), points, dates)
            occasion.batch.letters.write(recipient, KIND, remarks, lines[unit.name])
    return None


def _ahead_and_over(occasion: Occasion) -> tuple[set[str], set[str]]:
    """The units with cases that may yet take the step announced, and those with cases that have taken it."""
    course, about = occasion.edition.course, occasion.deadline.about
    before = next((state for state, way in course.way_ahead.items() if way.trigger == about), None)
    if before is None:
        return set(), set()
    taken = course.line.index(before) + 1
    ahead = {row.unit for row in occasion.read(*course.line[:taken])}
    return ahead, {row.unit for row in occasion.read(*course.line[taken:])}


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
