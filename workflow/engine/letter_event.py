"""What the history says of one letter."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from workflow.audit.actor import identify
from workflow.audit.log import Entry, Log
from workflow.engine.campaign import Campaign


class Known(Protocol):
    """A letter by what the history names it by."""

    @property
    def message_id(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def kind(self) -> str: ...


def tell(letter: Known, to: str, **more: Any) -> Entry:
    """to: its state from now on, or what was done with it: ``held``, ``released``, ``reported``."""
    named = {"letter": letter.message_id, "recipient": letter.recipient, "letter_kind": letter.kind}
    return Entry("letter", {**named, "to": to, **more})


def log_of(campaign: Campaign, connection: Connection, at: datetime) -> Log:
    """The history, for what happens to letters outside a batch."""
    return Log(connection, identify(connection), campaign.edition.sha256, at, None)
