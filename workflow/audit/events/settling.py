"""What people put right: what a mail left open, what a form says wrongly, and what was put right in error."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec import UNSET, Struct

from workflow.audit.events.cases import OfForm, lay_form, rest_on
from workflow.audit.events.commitment import FORM_COLUMNS, FormCommitment, Scalar, Texts
from workflow.audit.events.event import Event, Maybe, OfCase, ordinal_of, stored
from workflow.audit.state import State


class Settlement(Event, kw_only=True, tag="settlement"):
    """A person settled what a mail leaves open, or said that nothing is to be done about it, or took that back."""

    needs_nothing: bool
    """whether it waits for nobody from now on"""
    submission: int
    """the mail's row"""
    why: str
    """the reason given"""
    received: str | Maybe = UNSET
    """when it came, where that was settled"""
    unit: str | Maybe = UNSET
    """whose it is, where that was settled"""

    @property
    def given(self) -> str | None:
        return self.why

    @property
    def addressee(self) -> str | None:
        return self.unit if isinstance(self.unit, str) else None

    def change(self, state: State) -> None:
        mail = state.submissions.get(self.submission)
        if mail is None:
            self.contradict(state, f"submissions/{self.submission}", "submission-unknown")
            return
        mail.settled_at = stored(self.at) if self.needs_nothing else None
        mail.since = self.seq


class Correction(OfForm, kw_only=True, tag="correction"):
    """A person corrected what a case rests on: a new version of its form, made here; the form as it came stays."""

    read: FormCommitment
    """what the new version says, as a draft tells it"""
    register: str
    """of the mail that it came with, as an intake tells it: the files are listed anew for the new version"""
    said: list[str]
    """what the person said something of: `name`, `applicant`, `categories`, `contact_person`, `contact_phone`,
    `address`, `received`, `scans`"""
    why: str
    """the reason given"""

    @property
    def given(self) -> str | None:
        return self.why

    def change(self, state: State) -> None:
        lay_form(state, self, self.read, FORM_COLUMNS[max(FORM_COLUMNS)])
        mail = state.submissions.get(self.submission)
        if mail is None:
            self.contradict(state, f"submissions/{self.submission}", "submission-unknown")
        else:
            mail.covered, mail.since = bytes.fromhex(self.register), self.seq
        rest_on(state, self, self.read.columns)


class FormAgain(Struct, frozen=True, forbid_unknown_fields=True):
    """What was told of a form when it was read, but for what it says of a person."""

    columns: dict[str, Scalar]
    texts: Texts

    def digest(self) -> bytes:
        return FormCommitment(self.columns, self.texts, [], {}).digest()


class Reversion(OfCase, kw_only=True, tag="reversion"):
    """A correction was taken back: the case rests on an earlier form again."""

    documents: list[str]
    """hashes of what that form rests on"""
    form: int
    """its row"""
    read: FormAgain
    """what it says: `columns` and the common hash of its long `texts`, as told when it was read"""
    received: str
    """the time that counts for the case"""
    received_proven: bool
    """whether a server wrote that time down"""
    route: str
    """what two recommendations of the same case share"""
    supersedes: int | None
    """the row of the form that the case rested on"""
    unit: str
    """whose case it is"""
    why: str
    """the reason given"""

    NAMES: ClassVar[Mapping[str, str]] = {}

    @property
    def rests_on(self) -> Sequence[str]:
        return self.documents

    @property
    def addressee(self) -> str | None:
        return self.unit

    @property
    def given(self) -> str | None:
        return self.why

    def change(self, state: State) -> None:
        form = state.forms.get(self.form)
        if form is None or form.case != ordinal_of(self.case):
            self.contradict(state, self.where, "form-not-of-case", form=self.form)
        elif form.digest != self.read.digest():
            self.contradict(state, f"forms/{self.form}", "form-told-otherwise")
        rest_on(state, self, self.read.columns)
