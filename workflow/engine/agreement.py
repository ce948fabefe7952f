"""A batch that a person asks for: shown first, agreed to, and held to what was shown."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from workflow.engine.apply import advance, preview
from workflow.engine.batch import BatchReport
from workflow.engine.campaign import Campaign
from workflow.engine.saved_plan import load, save
from workflow.engine.selection import Selection, select

Agrees = Callable[[BatchReport], bool]
"""Shows what a batch would do, and says whether it is to be done."""


class Wish(NamedTuple):
    """What a person asks for, in their own words: the cases by number, or those that the other words describe.

    hold: the letters are to be kept back.
    """

    trigger: str
    numbers: Sequence[str]
    everything: bool = False
    unit: str | None = None
    category: int | None = None
    why: str | None = None
    hold: bool = False

    def select(self, campaign: Campaign) -> Selection:
        """Raises what ``select`` raises for a word."""
        return select(campaign.edition, self.trigger, list(self.numbers), self.everything, self.unit, self.category)


def propose(campaign: Campaign, wish: Wish, plan: Path | None = None) -> BatchReport:
    """What would be done, kept in a file where one is named. Raises what ``select``, ``preview`` and ``save`` raise."""
    selection = wish.select(campaign)
    proposed, fingerprints = preview(campaign, wish.trigger, selection, wish.why, wish.hold)
    if plan is not None:
        save(plan, campaign, selection, wish.why, proposed, fingerprints, wish.hold)
    return proposed


def carry_out(campaign: Campaign, wish: Wish, agrees: Agrees | None) -> BatchReport | None:
    """Do what is asked for, or, where ``agrees`` is asked first, exactly what it was shown; None where it says no.

    Nobody is asked where nothing would move. Raises what ``select`` and ``advance`` raise, PlanStale where a verdict
    has changed since it was shown.
    """
    selection, fingerprints = wish.select(campaign), None
    if agrees is not None:
        proposed, fingerprints = preview(campaign, wish.trigger, selection, wish.why, wish.hold)
        if proposed.moved and not agrees(proposed):
            return None
    return advance(campaign, wish.trigger, selection, wish.why, fingerprints, wish.hold)


def carry_out_plan(campaign: Campaign, plan: Path, hold: bool = False) -> BatchReport:
    """Do what the plan in a file says. Raises what ``load`` and ``advance`` raise."""
    saved = load(plan, campaign)
    return advance(campaign, saved.trigger, saved.selection, saved.why, saved.fingerprints, hold or saved.hold)
