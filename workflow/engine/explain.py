"""Asking the law about one case, without moving it."""

from states.machine import law_of
from states.verdict import Verdict
from workflow.engine.campaign import Campaign
from workflow.engine.facts import gather_facts, read_cases
from workflow.engine.occupancy import read_occupancy
from workflow.engine.selection import CaseUnknown, Selection, check_trigger, ordinal


def explain(campaign: Campaign, number: str, trigger: str, why: str | None) -> Verdict:
    """The verdict on one case now, with every reason. Raises TriggerUnknown, CaseUnknown."""
    check_trigger(trigger)
    selection = Selection((ordinal(campaign.edition, number),), ())
    with campaign.reading() as connection:
        occupancy = read_occupancy(connection)
        rows = list(read_cases(connection, selection))
        if not rows:
            raise CaseUnknown(case=number)
        facts = gather_facts(rows[0], occupancy, campaign.edition, campaign.now, why)
        return law_of(campaign.edition.course).decide(facts, trigger)
