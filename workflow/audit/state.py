"""What the events imply: the rows that a database should hold, as plain values. Moments are text as stored."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from states.course import COURSE
from workflow.audit.tlog.fault import KeyUnusable
from workflow.audit.tlog.key import PublicKey, parse_public_key


class Contradiction(NamedTuple):
    """An event that does not follow from those before it; ``code`` is a problem's."""

    where: str
    code: str
    since: int
    values: dict[str, Any]


class CaseStanding(NamedTuple):
    """Where a case stands: what a move changes, and an undo restores."""

    state: str
    trail: str
    recommended_at: str | None
    selected_place: int | None


_DRAFTED = CaseStanding(COURSE.start, "", None, None)


@dataclass(slots=True)
class CaseState:
    """A case as the events up to ``since`` left it. documents: SHA-256 (hex) of its form's, joined by spaces."""

    number: str
    unit: str
    route: str
    name: str
    applicant: str
    categories: str
    form: int
    received_at: str
    received_proven: bool
    since: int
    documents: str = ""
    version: int = 1
    standing: CaseStanding = _DRAFTED
    scores: int = 0
    score_total: int = 0
    spelt: tuple[bytes, bytes, bytes] | None = field(default=None, compare=False, repr=False)
    """Its number, documents and unit as its moves spell them, once a move of a known shape is looked for."""

    @property
    def state(self) -> str:
        return self.standing.state

    @property
    def trail(self) -> str:
        return self.standing.trail

    @property
    def recommended_at(self) -> str | None:
        return self.standing.recommended_at

    @property
    def selected_place(self) -> int | None:
        return self.standing.selected_place


@dataclass(frozen=True, slots=True)
class CasesDigest:
    """Which cases a letter lists, as 32 bytes that no other list has: of all letters the lists would fill the memory.
    The event that wrote the letter has them by name."""

    sha256: bytes

    @classmethod
    def of(cls, numbers: Iterable[object]) -> "CasesDigest":
        """Raises TypeError for what is no number."""
        return cls(sha256(orjson.dumps(tuple(numbers))).digest())

    def __str__(self) -> str:
        return self.sha256.hex()


@dataclass(slots=True)
class LetterState:
    """A letter; ``sha256`` (hex) is that of the message's bytes, ``written`` the event that wrote it."""

    batch: int | None
    recipient: str
    kind: str
    address: str
    sha256: str
    cases: CasesDigest
    queued_at: str
    written: int
    since: int
    state: str = "queued"
    attempts: int = 0
    tries: int = 0
    answer: str = ""
    sent_at: str | None = None
    next_try: str | None = None
    leased_until: str | None = None
    held_at: str | None = None
    reported_at: str | None = None

    def enter(self, state: str) -> None:
        """Let it stand anew: it waits for nothing that it waited for before."""
        self.state = state
        self.next_try = self.leased_until = None
        if state in ("sending", "queued", "cancelled"):
            self.reported_at = None
        if state != "queued":
            self.held_at = None


class BatchState(NamedTuple):
    trigger: str
    at: str
    account: str
    role: str
    edition: str
    why: str | None
    undoes: int | None
    asked: int
    moved: int
    refused: int
    since: int


@dataclass(slots=True)
class SubmissionState:
    """A mail, or what came otherwise, first taken in at ``taken_at``.

    reasons: in canonical JSON. originals: the SHA-256 (32 bytes each) of it and of everything that came with it.
    covered: 32 bytes that only its sender, its subject and its files as they are listed lead to; None where the last
    event about it does not say.
    """

    sha256: str
    message_id: str
    file: str
    unit: str | None
    received_at: str | None
    received_proven: bool
    status: str
    taken_at: str
    reasons: str
    originals: frozenset[bytes]
    covered: bytes | None
    since: int
    how: str | None = None
    note: str | None = None
    settled_at: str | None = None


class Covered(NamedTuple):
    """Columns of a form's row that its event vouches for; of ``texts`` it holds only a common hash."""

    columns: tuple[str, ...]
    texts: tuple[str, ...]


class FormState(NamedTuple):
    """A form as read. digest: of the columns covered, 32 bytes.

    person: the salted hashes (32 bytes each) of what it says of a person, in the order of ``personal.FIELDS``; None
    for one that was erased. given: which of these it gave. erased: the last event that erased any.
    """

    case: int
    submission: int
    covered: Covered
    digest: bytes
    person: tuple[bytes | None, ...]
    given: tuple[str, ...]
    since: int
    erased: int | None = None


class EditionState(NamedTuple):
    """A rule book as it was adopted."""

    name: str
    adopted_at: str
    since: int


class JudgementState(NamedTuple):
    """A row of a sheet; ``row`` holds what was recorded, in the order of its event's columns."""

    row: tuple[Any, ...]
    since: int


class FetchState(NamedTuple):
    """A mail looked at on a server; ``sha256`` (hex) of what was read of it, None where nothing was."""

    sha256: str | None
    since: int


class FiringState(NamedTuple):
    """A deadline dealt with: its batch, when, whether it fired, and why not."""

    batch: int
    at: str
    outcome: str
    why: str
    since: int


@dataclass(slots=True)
class State:
    """All that the events imply. Cases are keyed by their ordinal, letters by Message-ID, scores by case and judge;
    findings by table and case, oldest first; the rest by the row's id.

    edition: SHA-256 (hex) of the rule book the last event was decided by. originals: SHA-256 (32 bytes) of every
    stored file that an event names, and the last event that names it; originals_erased: those erased since, and where.
    """

    edition: str = ""
    token: str = ""
    rehearsal: bool = False
    created_at: str = ""
    paused: tuple[str, str, str] | tuple[None, None, None] = (None, None, None)
    """Since when no letter is sent, by whom and why."""
    events: int = 0
    cases: dict[int, CaseState] = field(default_factory=dict)
    letters: dict[str, LetterState] = field(default_factory=dict)
    batches: dict[int, BatchState] = field(default_factory=dict)
    submissions: dict[int, SubmissionState] = field(default_factory=dict)
    fetches: dict[tuple[str, int, int], FetchState] = field(default_factory=dict)
    """By mailbox, UIDVALIDITY and UID."""
    forms: dict[int, FormState] = field(default_factory=dict)
    findings: dict[str, dict[int, list[JudgementState]]] = field(default_factory=dict)
    scores: dict[tuple[int, str], JudgementState] = field(default_factory=dict)
    firings: dict[tuple[str, str, str], FiringState] = field(default_factory=dict)
    """By rule book, deadline and due moment."""
    staff: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    editions: dict[str, EditionState] = field(default_factory=dict)
    originals: dict[bytes, int] = field(default_factory=dict)
    originals_erased: dict[bytes, int] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """The public keys that sign checkpoints, as sumdb/note writes them."""
    counts: dict[int, list[int]] = field(default_factory=dict)
    """For each batch still open, how many moves and how many refusals its events tell of."""

    def keep(self, original: bytes, seq: int) -> None:
        """A stored file, by its SHA-256, is named by the event; what was erased before is there again."""
        self.originals[original] = seq
        self.originals_erased.pop(original, None)

    def known_keys(self) -> tuple[PublicKey, ...]:
        """Those of ``keys`` that are any."""
        known = []
        for written in self.keys:
            with suppress(KeyUnusable):
                known.append(parse_public_key(written))
        return tuple(known)
