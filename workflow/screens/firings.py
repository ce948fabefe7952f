"""What the clock did, as --json prints it."""

from collections.abc import Sequence
from typing import Any

import orjson

from workflow import clock
from workflow.edition import Deadline
from workflow.engine.campaign import Campaign
from workflow.screens.answers import answer_report
from workflow.screens.mail_pause import answer_pause


def answer_tick(campaign: Campaign, fired: Sequence[Any], following: Deadline | None) -> dict[str, Any]:
    """Everything that a tick dealt with (each a ``Fired``), and what falls due next."""
    return {
        "fired": [answer_firing(campaign, each) for each in fired],
        "next": None if following is None else _name(following),
    }


def answer_firing(campaign: Campaign, fired: Any) -> dict[str, Any]:
    """One deadline dealt with, every case and letter of its batch named."""
    return {**_head(fired), **answer_report(campaign, fired.report)}


def line_of_firing(fired: Any) -> str:
    """One deadline dealt with, as a line of JSON with figures for lists."""
    report = fired.report
    counts = {"moved": len(report.moved), "refused": len(report.refused), "letters": len(report.letters)}
    return orjson.dumps({**_head(fired), "at": report.at, "batch": report.batch, **counts}).decode() + "\n"


def answer_health(health: Any) -> dict[str, Any]:
    """How the clock does (a ``Health``)."""
    return {
        "ok": health.ok,
        "now": clock.show(health.now),
        "last_tick": clock.show(health.pulses[0].at) if health.pulses else None,
        "silent": health.silent,
        "overdue": [_name(deadline) for deadline in health.overdue],
        "next": None if health.following is None else _name(health.following),
        "mail_paused": answer_pause(health.mail_paused),
        "bounced": [each._asdict() for each in health.bounced],
        "machines": [
            {**pulse._asdict(), "at": clock.show(pulse.at), "next_due": pulse.next_due and clock.show(pulse.next_due)}
            for pulse in health.pulses
        ],
    }


def _name(deadline: Deadline) -> dict[str, str]:
    return {"deadline": deadline.name, "due": clock.show(deadline.due)}


def _head(fired: Any) -> dict[str, Any]:
    return {
        "deadline": fired.deadline,
        "kind": fired.kind,
        "due": clock.show(fired.due),
        "outcome": fired.outcome,
        "why": fired.why or None,
    }
