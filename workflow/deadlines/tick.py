"""Fires every deadline that is due, oldest first: each in one transaction with its row, batch and letters."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert

from workflow.audit import events
from workflow.deadlines.advancing import advance
from workflow.deadlines.announcement import announce
from workflow.deadlines.checkpoint import seal
from workflow.deadlines.closing import close
from workflow.deadlines.doubtful_clock import report_jump
from workflow.deadlines.heartbeat import beat
from workflow.deadlines.nudge import nudge
from workflow.deadlines.occasion import Occasion, sentence_of
from workflow.deadlines.pending import due_by, founded_at, next_after, objection, unfired
from workflow.deadlines.reminder import remind
from workflow.deadlines.replica import replicate
from workflow.edition import Deadline
from workflow.engine.batch import BatchReport, OpenBatch
from workflow.engine.campaign import Campaign, current
from workflow.store import Firing
from workflow.wording import LANGUAGES

Duty = Callable[[Occasion], str | None]
"""Does what a deadline asks; the code of why there was nothing to do, if so."""

DUTIES: Mapping[str, Duty] = {
    "announce": announce,
    "remind": remind,
    "close": close,
    "advance": advance,
    "nudge": nudge,
    "checkpoint": seal,
}


class Fired(NamedTuple):
    """A deadline dealt with. outcome: ``fired`` or ``skipped``; why: the code of what made it be passed over."""

    deadline: str
    kind: str
    due: datetime
    outcome: str
    why: str
    report: BatchReport


def tick(campaign: Campaign) -> Iterator[Fired]:
    """Deal with everything due at the campaign's moment, and yield each as soon as it is committed.

    Iterated to its end, it leaves this machine's heartbeat. Where the clock has leapt ahead, and nobody has accepted
    that, it tells the organisers and raises ClockAhead.
    """
    if (jump := campaign.find_jump()) is not None:
        report_jump(campaign, jump)
        raise jump.doubt(campaign.edition)
    while (fired := fire_next(campaign)) is not None:
        yield fired
    following = look_ahead(campaign)
    beat(campaign, following.due if following else None)


class Ticked(NamedTuple):
    """What a tick dealt with, and what falls due next."""

    fired: list[Fired]
    following: Deadline | None

    @property
    def refused(self) -> bool:
        return any(fired.report.refused for fired in self.fired)


def tick_once(campaign: Campaign, dry_run: bool = False) -> Ticked:
    """Deal with everything due at the campaign's moment, or, on a dry run, find out what that would do."""
    return Ticked(preview(campaign) if dry_run else list(tick(campaign)), look_ahead(campaign))


def preview(campaign: Campaign) -> list[Fired]:
    """What ``tick`` would do, letters included, found out on a copy; nothing is written."""
    with replicate(campaign) as copy:
        return [fired._replace(report=fired.report._replace(batch=None)) for fired in tick(copy)]


def look_ahead(campaign: Campaign) -> Deadline | None:
    """What falls due next, by the rule book in force."""
    with campaign.reading() as connection:
        campaign = current(campaign, connection)
        return next_after(unfired(connection, campaign.edition), campaign.now)


def fire_next(campaign: Campaign) -> Fired | None:
    """Deal with the oldest deadline that is due; None where there is none. The lock is taken only where there is."""
    with campaign.reading() as connection:
        campaign = current(campaign, connection)
        if not due_by(unfired(connection, campaign.edition), campaign.now):
            return None
    with campaign.writing() as (campaign, connection), campaign.reading() as reader:
        due = due_by(unfired(reader, campaign.edition), campaign.now)
        return _fire(campaign, connection, reader, due[0], due[1:]) if due else None


def _fire(
    campaign: Campaign, connection: Connection, reader: Connection, deadline: Deadline, later: list[Deadline]
) -> Fired:
    sentences = {language: sentence_of(campaign, deadline, language) for language in LANGUAGES}
    trigger, why = deadline.trigger or deadline.kind, sentences[LANGUAGES[0]]
    batch = OpenBatch(campaign, connection, trigger, why, due=deadline.due)
    batch.letters.say_why(sentences)
    unneeded = objection(campaign.edition, deadline, later, campaign.now, founded_at(reader))
    unneeded = unneeded or DUTIES[deadline.kind](Occasion(campaign, deadline, batch, reader)) or ""
    outcome = "skipped" if unneeded else "fired"
    row = {
        "batch_id": batch.id,
        "edition": campaign.edition.name,
        "deadline": deadline.name,
        "due": deadline.due,
        "at": campaign.now,
        "outcome": outcome,
        "why": unneeded,
    }
    connection.execute(insert(Firing), row)
    firing = events.Firing(
        clause=deadline.clause,
        deadline=deadline.name,
        duty=deadline.kind,
        outcome=outcome,
        rule_book=campaign.edition.name,
        skipped_because=unneeded,
    )
    batch.log.append([firing])
    return Fired(deadline.name, deadline.kind, deadline.due, outcome, unneeded, batch.close())
