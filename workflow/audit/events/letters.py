"""What becomes of letters."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from msgspec import UNSET, UnsetType

from workflow.audit.events.event import Event, Maybe, stored
from workflow.audit.state import CasesDigest, LetterState, State

REMARKS = ("held", "released", "reported")
"""What is said of a letter that leaves its state as it is."""


class Named(Protocol):
    """A letter by what the history names it by."""

    @property
    def message_id(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def kind(self) -> str: ...


class OfLetter(Event, kw_only=True):
    """What is about one letter."""

    letter: str
    """its Message-ID"""
    letter_kind: str
    """what it tells"""
    recipient: str
    """the unit or member of staff"""

    @property
    def addressee(self) -> str | None:
        return self.recipient

    def end(self, state: State, to: str, answer: str) -> None:
        """Let the letter come to an end that a server told of."""
        letter = state.letters[self.letter]
        letter.since = self.seq
        letter.enter(to)
        letter.answer = answer


class Letter(OfLetter, kw_only=True, tag="letter"):
    """A letter was queued, or what became of it."""

    to: str
    """its state now: `queued`, `sending`, `sent`, `failed`, `unknown`, `cancelled`, `bounced`; or what was done with
    one that stays in its state: `held`, `released`, `reported` (to the organisers). A letter that is written and held
    begins with `held`"""
    address: str | Maybe = UNSET
    """when it is written: where it goes"""
    answer: str | Maybe = UNSET
    """later: what the other side said"""
    cases: list[str] | Maybe = UNSET
    """when it is written: the cases it speaks of"""
    envelope: str | Maybe = UNSET
    """in a rehearsal with `ANLI_MAIL_TO`: where it really went"""
    next_try: str | Maybe | None = UNSET
    """of one that is queued again: before when it is not tried"""
    sha256: str | Maybe = UNSET
    """when it is written: the hash of its bytes"""
    step: str | Maybe = UNSET
    """where the server's dialogue ended early: `connection`, `sender`, `recipient`, `text`"""
    tries: int | Maybe = UNSET
    """of one that is queued again: how often it was tried"""
    until: str | Maybe = UNSET
    """of one that is being sent: when its sender's lease ends"""
    why: str | Maybe = UNSET
    """of one that a person cancelled: the reason given"""

    NAMES: ClassVar[Mapping[str, str]] = {"to": "letter", "letter_kind": "letter-kind"}

    @property
    def given(self) -> str | None:
        return self.why if isinstance(self.why, str) else None

    @classmethod
    def written(cls, letter: Named, address: str, sha256: str, cases: Sequence[str], held: bool) -> "Letter":
        """Of a letter just written. sha256 (hex): of its bytes. held: it waits for a person's word."""
        return cls(
            letter=letter.message_id,
            letter_kind=letter.kind,
            recipient=letter.recipient,
            to="held" if held else "queued",
            address=address,
            sha256=sha256,
            cases=list(cases),
        )

    @classmethod
    def about(  # noqa: PLR0913
        cls,
        letter: Named,
        to: str,
        *,
        answer: str | Maybe = UNSET,
        envelope: str | Maybe = UNSET,
        next_try: str | Maybe | None = UNSET,
        step: str | Maybe = UNSET,
        tries: int | Maybe = UNSET,
        until: str | Maybe = UNSET,
        why: str | Maybe = UNSET,
    ) -> "Letter":
        """to: its state from now on, or what was done with it: ``held``, ``released``, ``reported``."""
        return cls(
            letter=letter.message_id,
            letter_kind=letter.kind,
            recipient=letter.recipient,
            to=to,
            answer=answer,
            envelope=envelope,
            next_try=next_try,
            step=step,
            tries=tries,
            until=until,
            why=why,
        )

    @property
    def ended(self) -> str:
        return self.to

    @property
    def numbers(self) -> tuple[str, ...]:
        return () if isinstance(self.cases, UnsetType) else tuple(self.cases)

    def change(self, state: State) -> None:
        if self.letter not in state.letters:
            state.letters[self.letter] = self._begin()
            return
        letter = state.letters[self.letter]
        letter.since = self.seq
        if self.to == "reported":
            letter.reported_at = stored(self.at)
        elif self.to in REMARKS:
            letter.held_at = stored(self.at) if self.to == "held" else None
        else:
            letter.enter(self.to)
            self._go_on(letter)

    def _begin(self) -> LetterState:
        if isinstance(self.cases, UnsetType) or not (isinstance(self.address, str) and isinstance(self.sha256, str)):
            raise ValueError("a letter begins by being written")
        at = stored(self.at)
        return LetterState(
            self.batch,
            self.recipient,
            self.letter_kind,
            self.address,
            self.sha256,
            CasesDigest.of(self.cases),
            at,
            self.seq,
            self.seq,
            held_at=at if self.to == "held" else None,
        )

    def _go_on(self, letter: LetterState) -> None:
        answer = self.answer if isinstance(self.answer, str) else None
        if self.to == "sending":
            letter.attempts += 1
            letter.tries += 1
            letter.leased_until = stored(_told(self.until))
        elif self.to == "queued":
            if isinstance(self.tries, UnsetType) or isinstance(self.next_try, UnsetType):
                raise ValueError("a letter that is queued again says how often it was tried")
            letter.tries, letter.answer = self.tries, _told(self.answer) or letter.answer
            letter.next_try = stored(self.next_try) if self.next_try else None
        elif self.to == "cancelled":
            letter.answer = answer or letter.answer
        elif self.to in ("sent", "failed", "unknown", "bounced"):
            letter.answer = _told(self.answer)
            letter.sent_at = stored(self.at) if self.to == "sent" else letter.sent_at


class Bounce(OfLetter, kw_only=True, tag="bounce"):
    """A delivery report on a letter was read, the first time."""

    action: str
    """by RFC 3464: `failed`, `delayed`, `delivered`, `relayed`, `expanded`"""
    answer: str
    """the status and the server's words, and in brackets to whom the letter had been passed on"""
    outcome: str
    """`bounced` where the letter came back by it, `noted` where it changes nothing"""
    report: str
    """a hash that is the same for the same report, however it was fetched"""
    status: str
    """by RFC 3463, as `5.1.1`; empty where the report gives none"""

    NAMES: ClassVar[Mapping[str, str]] = {"letter_kind": "letter-kind", "outcome": "bounce"}

    @property
    def ended(self) -> str:
        return self.outcome

    def change(self, state: State) -> None:
        if self.outcome == "bounced":
            self.end(state, "bounced", self.answer)


def _told(value: str | Maybe) -> str:
    if isinstance(value, UnsetType):
        raise ValueError("a letter in this state says more of itself")
    return value
