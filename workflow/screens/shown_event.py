"""An event as screens have it: typed for the page, spelt out for programs."""

from typing import Any

from workflow.audit.events import Event
from workflow.audit.history import Record
from workflow.engine.campaign import Campaign
from workflow.screens.reasons import add_messages
from workflow.screens.renderer import ReasonDocument


class ShownEvent(dict[str, Any]):
    """What --json prints of an event: all that its leaf tells, in the version that it was written in, and its reasons
    with their sentences. Pages ask ``event``, and read only what was added here by its key."""

    def __init__(self, event: Event, fields: dict[str, Any], reasons: list[ReasonDocument]) -> None:
        super().__init__(fields)
        self.event, self.reasons = event, reasons
        if reasons:
            self["reasons"] = reasons


def show_event(campaign: Campaign, record: Record) -> ShownEvent:
    reasons = add_messages(campaign, (reason.fields() for reason in record.event.findings))
    return ShownEvent(record.event, record.as_written(), reasons)
