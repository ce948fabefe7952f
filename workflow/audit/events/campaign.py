"""What happens to the campaign itself: its founding, its people, its rule book, its keys, what its clock does."""

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from workflow.audit.events.event import Event, OfCase, stored
from workflow.audit.state import EditionState, FiringState, State


class Init(Event, tag="init"):
    """The campaign was founded."""

    name: str
    """the rule book's name"""
    rehearsal: bool
    """whether the clock may be set"""
    token: str
    """the campaign's own random word; a saved plan of another campaign is not obeyed"""
    account: str
    """the first organiser"""

    def change(self, state: State) -> None:
        state.token, state.rehearsal = self.token, self.rehearsal
        state.created_at = stored(self.at)
        state.editions[self.edition] = EditionState(self.name, state.created_at, self.seq)
        state.staff[self.account] = (self.actor.role, state.created_at, self.seq)


class Key(Event, tag="key"):
    """A key that signs checkpoints was made."""

    public_key: str
    """its public half, as C2SP signed-note writes it"""

    def change(self, state: State) -> None:
        state.keys.append(self.public_key)


class Staff(Event, tag="staff"):
    """Somebody was given a role."""

    account: str
    """who"""
    role: str
    """the role from now on"""
    was: str | None
    """the role before; null where there was none"""

    def change(self, state: State) -> None:
        known = state.staff.get(self.account)
        was = known[0] if known else None
        if self.was != was:
            where = f"staff/{self.account}"
            self.contradict(state, where, "does-not-follow", column="role", found=self.was, expected=was)
        state.staff[self.account] = (self.role, stored(self.at), self.seq)


class Denial(Event, tag="denial"):
    """A command was refused to an account whose role does not reach for it."""

    command: str
    """what was asked"""

    @property
    def ended(self) -> str:
        return "refused"


class Reading(OfCase, tag="reading"):
    """Somebody read a case's history. Only where the rule book says `readings = true`."""

    command: str
    """the command that showed it: `history`, `show`, `audit-log`"""


class Postponement(Struct, frozen=True, forbid_unknown_fields=True):
    """A deadline that an amendment moved, or made."""

    deadline: str
    was: str | None
    due: str


class Amendment(Event, kw_only=True, tag="amendment"):
    """A window was extended, or cut short, by a paragraph added to the rule book."""

    before: str
    """the hash of the rule book before it; `edition` is that of the rule book after it"""
    forced: bool
    """whether it cut a promised window short"""
    postponed: list[Postponement]
    """the deadlines that it moved: `deadline`, when it `was` due (null for a new one), when it is `due`"""
    rule_book: str
    """the rule book's name"""
    unit: str | None
    """the unit it is for; null for all"""
    until: str
    """when the window closes from now on"""
    was: str
    """when it would have closed"""
    why: str
    """the reason given"""
    window: str
    """which window"""

    @property
    def given(self) -> str | None:
        return self.why

    @property
    def addressee(self) -> str | None:
        return self.unit

    def change(self, state: State) -> None:
        state.editions[self.edition] = EditionState(self.rule_book, stored(self.at), self.seq)


class Firing(Event, kw_only=True, tag="firing"):
    """A deadline was dealt with."""

    clause: str
    """the clause it comes from"""
    deadline: str
    """its name"""
    duty: str
    """its kind: `announce`, `remind`, `close`, `advance`, `nudge`, `checkpoint`"""
    outcome: str
    """`fired` or `skipped`"""
    rule_book: str
    """the rule book's name"""
    skipped_because: str
    """the code of why, else empty"""

    NAMES: ClassVar[Mapping[str, str]] = {"deadline": "occasion"}

    @property
    def ended(self) -> str:
        return self.outcome

    def change(self, state: State) -> None:
        if not isinstance(self.due, str) or self.batch is None:
            raise ValueError("a deadline falls due, and has a batch")
        key = (self.rule_book, self.deadline, stored(self.due))
        if key in state.firings:
            self.contradict(state, f"firings/{self.deadline}", "fired-twice", due=key[2])
        state.firings[key] = FiringState(self.batch, stored(self.at), self.outcome, self.skipped_because, self.seq)


class Checkpoint(Event, tag="checkpoint"):
    """The history was sealed: by the clock at a phase's end, or beside the day's first letters."""

    size: int
    """how many events there were before it"""
    root: str
    """the root of the tree over them"""


class Clock(Event, tag="clock"):
    """An organiser set the clock right: ``at`` is the right time, from which time goes on."""

    was: str
    """the moment of the event before it, which lies too far ahead, or too far back"""
    why: str
    """the reason given"""

    @property
    def given(self) -> str | None:
        return self.why


class Pause(Event, tag="pause"):
    """Somebody paused the sending of letters."""

    why: str
    """the reason given"""

    @property
    def given(self) -> str | None:
        return self.why

    def change(self, state: State) -> None:
        state.paused = (stored(self.at), self.actor.account, self.why)


class Resume(Event, tag="resume"):
    """The pause ended."""

    def change(self, state: State) -> None:
        state.paused = (None, None, None)
