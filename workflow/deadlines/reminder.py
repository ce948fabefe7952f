"""A reminder: to each unit with unused quota or open drafts, every draft named with what stands in its way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from notifications.dates import Date
from notifications.letters import CaseLine
from states.machine import law_of
from workflow.deadlines.occasion import Occasion
from workflow.deadlines.pending import NOTHING_TO_SAY, closing_of
from workflow.edition import Unit
from workflow.edition.calendar import RECEIVED
from workflow.engine.correspondence import Remarks, recipient_of
from workflow.engine.dates import date_of_close
from workflow.engine.facts import gather_facts
from workflow.engine.occupancy import Occupancy, read_occupancy
from workflow.wording import say, say_reason, say_state, show_deadline

KIND = "remind"


def remind(occasion: Occasion) -> str | None:
    """Write to the units that have something left to do; ``nothing-to-say`` where none has."""
    occupancy = read_occupancy(occasion.reader)
    drafts = _list_drafts(occasion, occupancy)
    reminded = 0
    for unit in occasion.units:
        recipient = recipient_of(occasion.edition, unit.name)
        if recipient is None or (occupancy.used[unit.name] >= unit.quota and not drafts.get(unit.name)):
            continue
        points, dates = _list_points(occasion, unit, occupancy.used[unit.name], len(drafts.get(unit.name, ())))
        remarks = Remarks(occasion.sentence(unit.language), points, dates)
        occasion.batch.letters.write(recipient, KIND, remarks, drafts.get(unit.name, ()))
        reminded += 1
    return None if reminded else NOTHING_TO_SAY


def _list_drafts(occasion: Occasion, occupancy: Occupancy) -> Mapping[str, Sequence[CaseLine]]:
    edition = occasion.edition
    law, course = law_of(edition.course), edition.course
    drafts: defaultdict[str, list[CaseLine]] = defaultdict(list)
    for row in occasion.read(course.start):
        language = occasion.batch.letters.language_of(row.unit)
        facts = gather_facts(row, occupancy, edition, occasion.campaign.now, None)
        verdict = law.decide(facts, course.first_step.trigger)
        notes = [
            say_reason(reason.code, reason.values, language, edition.zone)
            for reason in verdict.reasons
            if reason.blocking
        ]
        if verdict.allowed:
            notes = [say("remind.ready", language)]
        drafts[row.unit].append(
            CaseLine(edition.case_number(row.id), row.name, "", say_state(row.state, language), notes)
        )
    return drafts


def _list_points(occasion: Occasion, unit: Unit, used: int, drafts: int) -> tuple[list[str], list[Date]]:
    edition, language = occasion.edition, unit.language
    left = max(unit.quota - used, 0)
    points = [say("remind.quota", language, quota=unit.quota, used=used, left=left)]
    if drafts:
        points.append(say("remind.drafts", language, count=drafts))
    span = occasion.deadline.span
    if span is None or (span != RECEIVED and span not in edition.windows):
        return points, []
    closes = closing_of(edition, span, unit.name)
    until = show_deadline(closes, edition.zone, language)
    points.append(say("remind.until", language, until=until, address=edition.mail.reply_to))
    return points, [date_of_close(occasion.campaign, span, closes, language)]
