"""What the clock did, as --json prints it."""

from collections.abc import Sequence
from typing import Any

from workflow import clock
from workflow.edition import Deadline
from workflow.engine.campaign import Campaign
from workflow.publish.answers import answer_report


def answer_tick(campaign: Campaign, fired: Sequence[Any], following: Deadline | None) -> dict[str, Any]:
    """Everything that a tick dealt with (each a ``Fired``), and what falls due next."""
    return {
        "fired": [answer_firing(campaign, each) for each in fired],
        "next": None if following is None else {"deadline": following.name, "due": clock.show(following.due)},
    }


def answer_firing(campaign: Campaign, fired: Any) -> dict[str, Any]:
    """One deadline dealt with, every case and letter of its batch named."""
    return {**_head(fired), **answer_report(campaign, fired.report)}


def count_firing(fired: Any) -> dict[str, Any]:
    """One deadline dealt with, in the figures of a log's line."""
    report = fired.report
    counts = {"moved": len(report.moved), "refused": len(report.refused), "letters": len(report.letters)}
    return {**_head(fired), "at": report.at, "batch": report.batch, **counts}


def _head(fired: Any) -> dict[str, Any]:
    return {
        "deadline": fired.deadline,
        "kind": fired.kind,
        "due": clock.show(fired.due),
        "outcome": fired.outcome,
        "why": fired.why or None,
    }
