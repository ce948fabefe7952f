"""Plan and write a batch in one transaction: all of it or none of it."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

import orjson
from sqlalchemy import Connection

from notifications.bounced import read_bounced
from workflow import clock
from workflow.engine.batch import BatchReport, Moved, OpenBatch, PlanStale, write_reason
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Correspondence
from workflow.engine.facts import read_cases
from workflow.engine.occupancy import read_occupancy
from workflow.engine.plan import Decision, Move, plan
from workflow.engine.selection import CaseUnknown, Selection

Fingerprints = dict[int, str]
"""For each case of a plan, a digest of all that its verdict rests on."""

_NEXT_BATCH = 0


def decide_all(
    campaign: Campaign, connection: Connection, trigger: str, selection: Selection, why: str | None
) -> Iterator[Decision]:
    """Plan the batch from what this connection sees. Raises CaseUnknown for a named case that does not exist."""
    occupancy = read_occupancy(connection)
    seen: set[int] = set()
    for decision in plan(read_cases(connection, selection), occupancy, campaign.edition, trigger, campaign.now, why):
        if selection.cases is not None:
            seen.add(decision.case_id)
        yield decision
    for case_id in selection.cases or ():
        if case_id not in seen:
            raise CaseUnknown(case=campaign.edition.case_number(case_id))


def preview(
    campaign: Campaign, trigger: str, selection: Selection, why: str | None, hold: bool = False
) -> tuple[BatchReport, Fingerprints]:
    """What the batch would do, letters included, and what it rests on. Nothing is written."""
    letters = Correspondence(campaign, _NEXT_BATCH, why, hold)
    report = BatchReport(None, trigger, clock.show(campaign.now), [], [], [])
    fingerprints: Fingerprints = {}
    with campaign.reading() as connection:
        for decision in decide_all(campaign, connection, trigger, selection, why):
            fingerprints[decision.case_id] = fingerprint(decision)
            if not isinstance(decision, Move):
                report.refused.append(decision)
                continue
            report.moved.append(Moved(decision.case_id, decision.was.state, decision.becomes.state))
            letters.tell_move(decision)
        bounced = read_bounced(connection)
    report.letters.extend(letter for letter, _ in letters.render(signed=False))
    return report._replace(bounced=bounced), fingerprints


def advance(
    campaign: Campaign,
    trigger: str,
    selection: Selection,
    why: str | None,
    expected: Fingerprints | None = None,
    hold: bool = False,
) -> BatchReport:
    """Move what the law allows, report what it refuses, and write states, events and letters in one transaction.

    The cases are read through a second connection, opened once the lock is held: it sees what this transaction
    began with, however much is written meanwhile. hold: the letters are kept back until they are released.
    Raises PlanStale, and writes nothing, where a verdict is not the ``expected`` one.
    """
    planned_under = campaign.edition.sha256
    with campaign.writing() as (campaign, connection), campaign.reading() as reader:
        if expected is not None and campaign.edition.sha256 != planned_under:
            raise PlanStale(cases=["edition"])
        batch = OpenBatch(campaign, connection, trigger, why, hold=hold)
        decisions = decide_all(campaign, reader, trigger, selection, why)
        batch.write(decisions if expected is None else _hold(campaign, decisions, expected))
        return batch.close()


def _hold(campaign: Campaign, decisions: Iterable[Decision], expected: Fingerprints) -> Iterator[Decision]:
    """Pass the decisions on as long as they are the expected ones."""
    missing = set(expected)
    moved = []
    for decision in decisions:
        missing.discard(decision.case_id)
        if expected.get(decision.case_id) != fingerprint(decision):
            moved.append(decision.case_id)
        yield decision
    if moved or missing:
        numbers = [campaign.edition.case_number(case_id) for case_id in sorted({*moved, *missing})]
        raise PlanStale(cases=numbers)


def fingerprint(decision: Decision) -> str:
    """SHA-256, in hex, of the case's version and the whole of its verdict, but not of the moment."""
    if isinstance(decision, Move):
        verdict = [decision.letter, decision.was.state, decision.becomes.state, decision.becomes.selected_place]
    else:
        verdict = [decision.state]
    reasons = [write_reason(reason) for reason in decision.reasons]
    basis = [decision.case_id, decision.version, verdict, reasons]
    return sha256(orjson.dumps(basis, option=orjson.OPT_SORT_KEYS)).hexdigest()
