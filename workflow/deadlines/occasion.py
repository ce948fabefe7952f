"""A deadline being dealt with: what its duty may read, and the batch it writes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from workflow.edition import Deadline, Edition, Unit
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.facts import CaseRow, read_cases
from workflow.engine.selection import Selection
from workflow.wording import say

LATE = "deadline.late-reminder"


@dataclass(frozen=True)
class Occasion:
    """A deadline being dealt with. reader: a connection in one read transaction, begun once the lock was held."""

    campaign: Campaign
    deadline: Deadline
    batch: OpenBatch
    reader: Connection

    @property
    def edition(self) -> Edition:
        return self.campaign.edition

    @property
    def due(self) -> datetime:
        return self.deadline.due

    @property
    def as_due(self) -> Campaign:
        """The campaign as of the moment the deadline fell due."""
        return replace(self.campaign, now=self.due)

    def select(self, *states: str) -> Selection:
        """All in these states that nobody has touched since the deadline fell due."""
        return Selection(None, states, as_of=self.due, among=self.deadline.among, without=self.deadline.without)

    def read(self, *states: str) -> Iterator[CaseRow]:
        """All in these states as they stand now: a letter that comes late still tells the truth."""
        selection = Selection(None, states, among=self.deadline.among, without=self.deadline.without)
        return read_cases(self.reader, selection)

    @property
    def units(self) -> list[Unit]:
        """The units it concerns, in the rule book's order."""
        return [unit for unit in self.edition.units.values() if self.deadline.concerns(unit.name)]

    def sentence(self, language: str) -> str:
        return sentence_of(self.campaign, self.deadline, language)


def sentence_of(campaign: Campaign, deadline: Deadline, language: str) -> str:
    """What the rule book says when a deadline falls due; a reminder that comes days late counts no days."""
    edition = campaign.edition
    late = edition.local(campaign.now).date() > edition.local(deadline.due).date()
    return say(LATE if late and deadline.kind == "remind" else deadline.text, language)
