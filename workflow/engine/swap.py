"""A unit exchanges one recommended case for another: its place is freed and taken in one batch, or nothing happens."""

from collections.abc import Iterator

from sqlalchemy import Connection

from states.course import COURSE
from states.side_ways import WITHDRAW
from workflow.engine.batch import BatchReport, OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.facts import CaseRow, read_cases
from workflow.engine.occupancy import Occupancy, read_occupancy
from workflow.engine.plan import Decision, Move, plan
from workflow.engine.reason import require_reason
from workflow.engine.selection import CaseUnknown, Selection, ordinal
from workflow.errors import AnliError

TRIGGER = "swap"


class SwapUnfit(AnliError):
    """The one holds no place, or they are not two cases of one unit: values are old, new."""

    code = "error.swap-unfit"


def swap(campaign: Campaign, old: str, new: str, why: str | None) -> BatchReport:
    """Withdraw case ``old`` and recommend case ``new`` in its place; where the law forbids either, both stay.

    Raises ReasonNeeded, CaseUnknown or SwapUnfit.
    """
    why = require_reason(why, TRIGGER)
    with campaign.writing() as (campaign, connection), campaign.reading() as reader:
        leaves, comes = (_read(campaign, reader, number) for number in (old, new))
        if leaves.id == comes.id or leaves.unit != comes.unit or leaves.recommended_at is None:
            raise SwapUnfit(old=old, new=new)
        batch, occupancy = OpenBatch(campaign, connection, TRIGGER, why), read_occupancy(reader)
        steps = (WITHDRAW.trigger, COURSE.first_step.trigger)
        decided = [
            (trigger, decision)
            for trigger, row in zip(steps, (leaves, comes), strict=True)
            for decision in _decide(campaign, occupancy, row, trigger, why)
        ]
        both = all(isinstance(decision, Move) for _, decision in decided)
        for trigger, decision in decided:
            if both or not isinstance(decision, Move):
                batch.write([decision], trigger=trigger)
        return batch.close()


def _decide(campaign: Campaign, occupancy: Occupancy, row: CaseRow, trigger: str, why: str) -> Iterator[Decision]:
    return plan([row], occupancy, campaign.edition, trigger, campaign.now, why)


def _read(campaign: Campaign, connection: Connection, number: str) -> CaseRow:
    rows = list(read_cases(connection, Selection((ordinal(campaign.edition, number),), ())))
    if not rows:
        raise CaseUnknown(case=number)
    return rows[0]
