"""Reasons with their sentences, as --json prints them."""

from collections.abc import Iterable, Mapping
from typing import Any

from states.reasons import Reason
from workflow.engine.campaign import Campaign
from workflow.screens.renderer import ReasonDocument
from workflow.wording import say_reason


def answer_reason(campaign: Campaign, reason: Reason) -> ReasonDocument:
    return {
        "code": reason.code,
        "clause": reason.clause,
        "blocking": reason.blocking,
        "message": say_reason(reason.code, reason.values, campaign.language, campaign.edition.zone),
        "values": dict(reason.values),
    }


def answer_reasons(campaign: Campaign, reasons: Iterable[Reason]) -> list[ReasonDocument]:
    return [answer_reason(campaign, reason) for reason in reasons]


def add_messages(campaign: Campaign, reasons: Iterable[Mapping[str, Any]]) -> list[ReasonDocument]:
    """Reasons kept as JSON, each with its sentence."""
    return [
        answer_reason(campaign, Reason(kept["code"], kept["clause"], kept["values"], kept["blocking"]))
        for kept in reasons
    ]
