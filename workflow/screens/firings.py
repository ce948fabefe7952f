"""What the clock did, as --json prints it."""

from collections.abc import Sequence
from typing import TypedDict

import orjson

from workflow import clock
from workflow.deadlines.doctor import Health
from workflow.deadlines.tick import Fired
from workflow.edition import Deadline
from workflow.engine.campaign import Campaign
from workflow.screens.batch import BatchDocument, answer_report
from workflow.screens.mail_pause import PauseDocument, answer_pause


class DueDocument(TypedDict):
    """A deadline by its name, and when it falls due."""

    deadline: str
    due: str


class _FiringHead(DueDocument):
    kind: str
    outcome: str
    why: str | None


class FiringDocument(_FiringHead, BatchDocument):
    """A deadline dealt with, and its batch. outcome: ``fired``, or ``skipped`` and why."""


class TickDocument(TypedDict):
    fired: list[FiringDocument]
    next: DueDocument | None


class PulseDocument(TypedDict):
    """When one machine's clock last looked."""

    machine: str
    account: str
    program: str
    at: str
    next_due: str | None


class UnreachableDocument(TypedDict):
    """Whom letters do not reach."""

    name: str
    address: str
    letter: int
    answer: str


class JumpDocument(TypedDict):
    """A leap of the clock that nobody has accepted: when anything was written last, and what fell due since then."""

    last: str
    deadlines: list[DueDocument]


class HealthDocument(TypedDict):
    """How the clock does; see Health."""

    ok: bool
    now: str
    last_tick: str | None
    silent: bool
    overdue: list[DueDocument]
    next: DueDocument | None
    mail_paused: PauseDocument | None
    bounced: list[UnreachableDocument]
    clock_ahead: JumpDocument | None
    machines: list[PulseDocument]


def answer_tick(campaign: Campaign, fired: Sequence[Fired], following: Deadline | None) -> TickDocument:
    """Everything that a tick dealt with, and what falls due next."""
    return {
        "fired": [answer_firing(campaign, firing) for firing in fired],
        "next": None if following is None else _name(following),
    }


def answer_firing(campaign: Campaign, fired: Fired) -> FiringDocument:
    """One deadline dealt with, every case and letter of its batch named."""
    return {**_head(fired), **answer_report(campaign, fired.report)}


def line_of_firing(fired: Fired) -> str:
    """One deadline dealt with, as a line of JSON with figures for lists."""
    report = fired.report
    counts = {"moved": len(report.moved), "refused": len(report.refused), "letters": len(report.letters)}
    return orjson.dumps({**_head(fired), "at": report.at, "batch": report.batch, **counts}).decode() + "\n"


def answer_health(health: Health) -> HealthDocument:
    return {
        "ok": health.ok,
        "now": clock.show(health.now),
        "last_tick": clock.show(health.pulses[0].at) if health.pulses else None,
        "silent": health.silent,
        "overdue": [_name(deadline) for deadline in health.overdue],
        "next": None if health.following is None else _name(health.following),
        "mail_paused": answer_pause(health.mail_paused) if health.mail_paused else None,
        "bounced": [
            {"name": person.name, "address": person.address, "letter": person.letter, "answer": person.answer}
            for person in health.bounced
        ],
        "clock_ahead": None
        if health.jump is None
        else {"last": clock.show(health.jump.last), "deadlines": [_name(deadline) for deadline in health.jump.passed]},
        "machines": [
            {
                "machine": pulse.machine,
                "account": pulse.account,
                "program": pulse.program,
                "at": clock.show(pulse.at),
                "next_due": clock.show(pulse.next_due) if pulse.next_due else None,
            }
            for pulse in health.pulses
        ],
    }


def _name(deadline: Deadline) -> DueDocument:
    return {"deadline": deadline.name, "due": clock.show(deadline.due)}


def _head(fired: Fired) -> _FiringHead:
    return {
        "deadline": fired.deadline,
        "kind": fired.kind,
        "due": clock.show(fired.due),
        "outcome": fired.outcome,
        "why": fired.why or None,
    }
