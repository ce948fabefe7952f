"""Each kind of event, declared once: its fields, its versions, what it changes. Everything else follows from that."""

from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec import UNSET, Struct

from workflow.audit.events.campaign import (
    Amendment,
    Checkpoint,
    Clock,
    Denial,
    Firing,
    Init,
    Key,
    Pause,
    Postponement,
    Reading,
    Resume,
    Staff,
)
from workflow.audit.events.cases import (
    Batch,
    Draft,
    Draft1,
    Erasure,
    Fetched,
    Intake,
    Intake1,
    Move,
    NoCase,
    Redaction,
    Refusal,
)
from workflow.audit.events.commitment import FORM_COLUMNS
from workflow.audit.events.event import (
    ActorTold,
    Event,
    Maybe,
    ReasonTold,
    Unknown,
    kind_of,
    ordinal_of,
    show,
    version_of,
)
from workflow.audit.events.judging import SHEETS, OfSheet, Review, Score, Survey
from workflow.audit.events.letters import REMARKS, Bounce, Letter
from workflow.audit.events.settling import Correction, FormAgain, Reversion, Settlement

__all__ = [
    "CURRENT",
    "KINDS",
    "REMARKS",
    "UNSET",
    "ActorTold",
    "Amendment",
    "Batch",
    "Bounce",
    "Checkpoint",
    "Clock",
    "Correction",
    "Denial",
    "Draft",
    "Erasure",
    "Event",
    "EventUnsound",
    "Fetched",
    "Firing",
    "FormAgain",
    "Init",
    "Intake",
    "Key",
    "Letter",
    "Maybe",
    "Move",
    "NoCase",
    "OfSheet",
    "Pause",
    "Postponement",
    "Reading",
    "ReasonTold",
    "Redaction",
    "Refusal",
    "Resume",
    "Reversion",
    "Review",
    "Score",
    "Settlement",
    "Staff",
    "Survey",
    "Unknown",
    "ordinal_of",
    "read",
    "read_as_written",
    "show",
]  # fmt: skip

CURRENT: tuple[type[Event], ...] = (
    *(Init, Staff, Intake, Draft, Settlement, Correction, Reversion, Move, Refusal),
    *SHEETS,
    *(Batch, Letter, Bounce, Firing, Amendment, Checkpoint, Key, Denial, Reading, Redaction),
    *(Pause, Resume, Clock),
)
"""What this program writes, in the order in which filters list it."""

EARLIER: tuple[type[Event], ...] = (Intake1, Draft1)
"""What earlier programs wrote otherwise, and this one lifts."""

KINDS: tuple[str, ...] = tuple(kind_of(shape) for shape in CURRENT)

_SHAPES: Mapping[tuple[str, int], type[Event]] = {
    **{(kind_of(shape), version_of(shape)): shape for shape in (*EARLIER, *CURRENT)},
    **{(kind_of(Draft), version): Draft for version in FORM_COLUMNS if version > version_of(Draft1)},
}


class EventUnsound(ValueError):
    """Bytes that are no event. kind: what they say they are; empty where they say nothing."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(f"{kind}: {said}")
        self.kind = kind


class _Head(Struct):
    kind: str
    v: int


_HEAD = msgspec.json.Decoder(_Head)


def read(leaf: bytes) -> Event:
    """The event that a leaf tells, in the version that this program writes. Raises EventUnsound."""
    return read_as_written(leaf).lift()


def read_as_written(leaf: bytes) -> Event:
    """The event that a leaf tells, in the leaf's own version; Unknown where a later program wrote it.

    Raises EventUnsound for bytes that are no event, or that lack what the kind tells, or tell it wrongly.
    """
    kind = ""
    try:
        kind, version = _peek(leaf)
        return _decoder(kind, version).decode(leaf)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise EventUnsound(kind, str(error)) from None


def _peek(leaf: bytes) -> tuple[str, int]:
    head = _HEAD.decode(leaf)
    return head.kind, head.v


@cache
def _decoder(kind: str, version: int) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(_SHAPES.get((kind, version), Unknown))
