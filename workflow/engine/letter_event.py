"""What the history says of one letter."""

from typing import Any, Protocol

from workflow.audit.log import Entry


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
