"""What happens to cases: mails are taken in, forms drafted, cases moved or refused, persons forgotten."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar, Protocol

from msgspec import UNSET, Struct, UnsetType, field

from workflow.audit.events.commitment import FORM_COLUMNS, FORM_TEXTS_1, FormCommitment, Scalar, Texts
from workflow.audit.events.event import (
    ActorTold,
    Event,
    Maybe,
    OfCase,
    ReasonTold,
    Written,
    ordinal_of,
    spell_reasons,
    standing,
    stored,
    version_of,
)
from workflow.audit.state import (
    BatchState,
    CaseStanding,
    CaseState,
    FetchState,
    FormState,
    State,
    SubmissionState,
)
from workflow.store.personal import FIELDS


class Fetched(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a mail was looked at on a server; mailbox: a URL."""

    mailbox: str
    uidvalidity: int
    uid: int


class NoCase(Struct, frozen=True, forbid_unknown_fields=True):
    """A form that became no case, and why."""

    name: str
    applicant: str
    reasons: list[ReasonTold]


class OfMail(Event, kw_only=True):
    """What an intake tells, in whatever version."""

    file: str
    """the name of the file it came in, or its URL on a server (RFC 5092)"""
    reasons: list[ReasonTold]
    """reasons about the mail as a whole"""
    status: str
    """`taken`, `partly-taken`, `duplicate`, `set-aside`, `refused`"""
    cases: list[str] | Maybe = UNSET
    """the cases its forms became or corrected"""
    documents: list[str] | Maybe = UNSET
    """hashes of its attachments"""
    fetched: Fetched | Maybe = UNSET
    """where it was looked at on a server: `mailbox` (a URL), `uidvalidity`, `uid`; told once, and never fetched
    again"""
    forms: list[NoCase] | Maybe = UNSET
    """of each form that became no case: `name`, `applicant`, `reasons`"""
    how: str | Maybe = UNSET
    """of what came by no mail: `post`, `usb`, `hand`, `link`"""
    mail: str | Maybe = UNSET
    """the hash of its bytes; of a mail too large to be fetched, of its head"""
    message_id: str | Maybe = UNSET
    """the mail's Message-ID"""
    note: str | Maybe = UNSET
    """what the organisers remarked of how it came"""
    received: str | Maybe | None = UNSET
    """when it was received"""
    received_proven: bool | Maybe = UNSET
    """whether a server wrote that down"""
    submission: int | Maybe | None = UNSET
    """its row in `submissions`; null for a mail that was there before"""
    unit: str | Maybe | None = UNSET
    """the recommending unit, null where it is not known"""

    NAMES: ClassVar[Mapping[str, str]] = {"status": "status"}

    def covered(self) -> bytes | None:
        """The hash of what it covers beyond its own fields, 32 bytes."""
        return None

    @property
    def findings(self) -> Sequence[ReasonTold]:
        return self.reasons

    @property
    def ended(self) -> str:
        return self.status

    @property
    def numbers(self) -> tuple[str, ...]:
        return () if isinstance(self.cases, UnsetType) else tuple(self.cases)

    @property
    def addressee(self) -> str | None:
        return None if isinstance(self.unit, UnsetType) else self.unit

    def change(self, state: State) -> None:
        if not isinstance(self.fetched, UnsetType):
            self._fetch(state, self.fetched)
        if isinstance(self.mail, UnsetType):
            return
        if isinstance(self.documents, UnsetType) or isinstance(self.submission, UnsetType):
            raise ValueError("a mail has its documents and its number")
        originals = frozenset(bytes.fromhex(digest) for digest in (self.mail, *self.documents))
        for digest in originals:
            state.keep(digest, self.seq)
        if self.submission is None:
            return
        known = state.submissions.get(self.submission)
        if known is None:
            state.submissions[self.submission] = self._begin(self.mail, originals)
        else:
            known.status, known.unit, known.since = self.status, self.addressee, self.seq
            known.reasons, known.covered = spell_reasons(self.reasons), self.covered()
            known.originals |= originals

    def _begin(self, mail: str, originals: frozenset[bytes]) -> SubmissionState:
        if (
            isinstance(self.message_id, UnsetType)
            or isinstance(self.received, UnsetType)
            or isinstance(self.received_proven, UnsetType)
        ):
            raise ValueError("a mail has its Message-ID and its time")
        received = stored(self.received) if self.received else None
        return SubmissionState(
            mail,
            self.message_id,
            self.file,
            self.addressee,
            received,
            self.received_proven,
            self.status,
            stored(self.at),
            spell_reasons(self.reasons),
            originals,
            self.covered(),
            self.seq,
            None if isinstance(self.how, UnsetType) else self.how,
            None if isinstance(self.note, UnsetType) else self.note,
        )

    def _fetch(self, state: State, place: Fetched) -> None:
        """A mail's place on a server, which is told once."""
        key = (place.mailbox, place.uidvalidity, place.uid)
        if key in state.fetches:
            self.contradict(state, f"fetches/{place.mailbox}/{place.uidvalidity}/{place.uid}", "fetched-twice")
        state.fetches[key] = FetchState(None if isinstance(self.mail, UnsetType) else self.mail, self.seq)


class Intake(OfMail, kw_only=True, tag="intake"):
    """A mail was taken in, or was not. Of a mail that was no mail, only `file`, `fetched`, `status` and `reasons` are
    told."""

    register: str | Maybe = UNSET
    """of a mail with a `submission`: SHA-256 of an object of its `sender`, its `subject` and, under `originals`, of its
    files in the order of their rows the `form_id`, `filename`, `media_type`, `role`, `size` and `sha256`"""
    v: int = 2

    def covered(self) -> bytes | None:
        if self.v < version_of(Intake):
            return None
        if isinstance(self.register, UnsetType):
            raise ValueError("an intake covers the mail's sender, subject and files")
        return bytes.fromhex(self.register)


class Intake1(OfMail, kw_only=True, tag="intake"):
    """As Anli 0.1 wrote it: the mail's sender and subject, and what its files were called, stood in no event."""

    def lift(self) -> Intake:
        return Intake(**{name: getattr(self, name) for name in self.__struct_fields__})


class OfForm(OfCase, kw_only=True):
    """What is told of a form that a case rests on."""

    documents: list[str]
    """hashes of the form, its scans, pictures and videos"""
    form: int
    """the form's row"""
    reasons: list[ReasonTold]
    """everything found in it"""
    received: str
    """the time that counts for the case"""
    received_proven: bool
    """whether a server wrote that time down"""
    route: str
    """what two recommendations of the same case share"""
    submission: int
    """the mail's row"""
    supersedes: int | None
    """the row of the form it took the place of"""
    unit: str
    """whose case it is"""

    @property
    def rests_on(self) -> Sequence[str]:
        return self.documents

    @property
    def findings(self) -> Sequence[ReasonTold]:
        return self.reasons

    @property
    def addressee(self) -> str | None:
        return self.unit


class OfDraft(OfForm, kw_only=True):
    """What a draft tells of its form, in whatever version."""

    superseded_by: int | None
    """the row of the form that already stands in its place"""


class Draft(OfDraft, kw_only=True, tag="draft"):
    """A form became a case, or a new version of a drafted case."""

    read: FormCommitment
    """what was read: `columns` of the form's row by name; of the long `texts`, which `columns` they are and their
    common hash; of the contact person, number and address which were `given` and, under `personal`,
    SHA-256(salt ‖ value) of each in hex, the salt 16 random bytes"""
    v: int = max(FORM_COLUMNS)
    """the version of a draft, which says which columns of the form it covers at least"""

    def change(self, state: State) -> None:
        lay_form(state, self, self.read, FORM_COLUMNS[self.v])
        if self.superseded_by is not None:
            return
        ordinal = ordinal_of(self.case)
        if ordinal not in state.cases:
            opened = CaseState(self.case, self.unit, self.route, "", "", "", 0, "", False, self.seq, version=0)
            state.cases[ordinal] = opened
        rest_on(state, self, self.read.columns)


class FormRead1(Struct, frozen=True, forbid_unknown_fields=True):
    """What version 1 told of a form: some columns of its row, and the common hash of its long texts."""

    applicant: str
    applicant_opinion: bool
    categories: str
    content_characters: int
    documents: str
    filename: str
    given: list[str]
    headings_missing: str
    media: str
    name: str
    personal: dict[str, str]
    received_proven: bool
    recommender_opinion: bool
    scans: int
    summary_characters: int
    texts: str

    COMMITTED: ClassVar[tuple[str, ...]] = tuple(name for name in FORM_COLUMNS[1] if name not in FORM_TEXTS_1)

    def lift(self) -> FormCommitment:
        columns: dict[str, Scalar] = {name: getattr(self, name) for name in self.COMMITTED}
        return FormCommitment(columns, Texts(list(FORM_TEXTS_1), self.texts), self.given, self.personal)


class Draft1(OfDraft, kw_only=True, tag="draft"):
    """As Anli 0.1 wrote it: `read` held the columns and `texts`, the hash of the long ones, side by side."""

    read: FormRead1
    """what was read: columns of the form's row, and of the long `texts` the common hash, side by side; of the person as
    now"""

    def lift(self) -> Draft:
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return Draft(**{**fields, "read": self.read.lift()})


class Erasure(Struct, frozen=True, forbid_unknown_fields=True):
    """Fields erased from one form."""

    form: int
    fields: list[str]


class Redaction(OfCase, kw_only=True, tag="redaction"):
    """What a case's forms say of a person was erased. The event never holds what was erased."""

    erased: list[Erasure]
    """for each form its row, and the `fields` erased from it: `contact_person`, `contact_phone`, `address`"""
    originals: list[str]
    """SHA-256 of the stored files that were erased too"""
    why: str
    """the reason given"""

    @property
    def given(self) -> str | None:
        return self.why

    def change(self, state: State) -> None:
        """Each field is erased once, and only where it was given."""
        ordinal = ordinal_of(self.case)
        for erasure in self.erased:
            form = state.forms.get(erasure.form)
            if form is None or form.case != ordinal:
                self.contradict(state, f"forms/{erasure.form}", "form-unknown")
                continue
            held = dict(zip(FIELDS, form.person, strict=True))
            for name in erasure.fields:
                if name not in form.given or held[name] is None:
                    self.contradict(state, f"personal/{erasure.form}", "erased-already", column=name)
            person = tuple(None if name in erasure.fields else held[name] for name in FIELDS)
            state.forms[erasure.form] = form._replace(person=person, erased=self.seq)
        for digest in self.originals:
            state.originals_erased[bytes.fromhex(digest)] = self.seq


class Move(OfCase, kw_only=True, tag="move"):
    """A case moved."""

    documents: list[str]
    """hashes of what the case rests on"""
    source: str = field(name="from")
    """the state it left"""
    becomes: Written = field(name="is")
    """afterwards: trail, time of recommendation, place among the selected"""
    letter: str
    """the kind of letter that tells of it"""
    reasons: list[ReasonTold]
    """warnings"""
    target: str = field(name="to")
    """the state it came to"""
    trigger: str
    """the law's trigger, or `undo`"""
    unit: str
    """whose case it is"""
    version: int
    """the case's version after the move"""
    was: Written
    """before: trail, time of recommendation, place among the selected"""
    why: str | None
    """the reason given"""

    NAMES: ClassVar[Mapping[str, str]] = {"trigger": "trigger", "from": "state", "to": "state"}
    VARYING: ClassVar[tuple[str, ...]] = ("case", "documents", "seq", "unit", "version")
    """What differs from case to case among the moves of a batch, in the order of the leaf."""

    @property
    def rests_on(self) -> Sequence[str]:
        return self.documents

    @property
    def findings(self) -> Sequence[ReasonTold]:
        return self.reasons

    @property
    def given(self) -> str | None:
        return self.why

    @property
    def ended(self) -> str:
        return "moved"

    @property
    def addressee(self) -> str | None:
        return self.unit

    @property
    def before(self) -> CaseStanding:
        return standing(self.source, self.was)

    @property
    def after(self) -> CaseStanding:
        return standing(self.target, self.becomes)

    def change(self, state: State) -> None:
        case, before = self.known(state), self.before
        if before != case.standing or self.version != case.version + 1:
            for column, found, expected in self._differences(case, before):
                self.contradict(state, self.where, "does-not-follow", column=column, found=found, expected=expected)
        case.standing, case.version, case.since = self.after, self.version, self.seq
        if self.batch is not None:
            state.counts.setdefault(self.batch, [0, 0])[0] += 1

    def _differences(self, case: CaseState, before: CaseStanding) -> Iterator[tuple[str, object, object]]:
        columns = (*CaseStanding._fields, "version")
        found, expected = (*before, self.version - 1), (*case.standing, case.version)
        return (three for three in zip(columns, found, expected, strict=True) if three[1] != three[2])


class Refusal(Event, kw_only=True, tag="refusal"):
    """A case, or the row of a sheet, was refused."""

    case: str | None
    """which; null for a row that names none"""
    reasons: list[ReasonTold]
    """all of them"""
    trigger: str
    """what was asked"""
    row: int | Maybe = UNSET
    """of a sheet: the row's number"""
    sheet: str | Maybe = UNSET
    """of a sheet: its hash"""
    state: str | Maybe = UNSET
    """of a case: where it stands"""
    unit: str | Maybe = UNSET
    """of a case: whose it is"""
    why: str | Maybe | None = UNSET
    """of a case: the reason given"""

    NAMES: ClassVar[Mapping[str, str]] = {"trigger": "trigger"}

    @property
    def findings(self) -> Sequence[ReasonTold]:
        return self.reasons

    @property
    def ended(self) -> str:
        return "refused"

    @property
    def number(self) -> str | None:
        return self.case

    @property
    def addressee(self) -> str | None:
        return None if isinstance(self.unit, UnsetType) else self.unit

    def change(self, state: State) -> None:
        """A refusal changes nothing; one of a sheet's row may know of no case, and says of none where it stood."""
        if self.case is not None:
            of_case = OfCase(case=self.case, seq=self.seq)
            case = of_case.known(state)
            if isinstance(self.state, str) and self.state != case.state:
                values = {"column": "state", "found": self.state, "expected": case.state}
                self.contradict(state, of_case.where, "does-not-follow", **values)
        if self.batch is not None:
            state.counts.setdefault(self.batch, [0, 0])[1] += 1


class Batch(Event, kw_only=True, tag="batch"):
    """A batch ended; always its last event."""

    asked: int
    """how many cases were asked for"""
    letters: int
    """how many letters it wrote"""
    moved: int
    """how many cases moved"""
    refused: int
    """how many cases were refused"""
    trigger: str
    """the law's trigger, or `intake`, `undo`, `import-reviews`, …"""
    undoes: int | None
    """the batch it took back"""
    why: str | None
    """the reason given"""
    file: str | Maybe = UNSET
    """of an import: the sheet's name"""
    sheet: str | Maybe = UNSET
    """of an import: the sheet's hash"""

    NAMES: ClassVar[Mapping[str, str]] = {"trigger": "trigger"}

    @property
    def given(self) -> str | None:
        return self.why

    def change(self, state: State) -> None:
        if self.batch is None:
            raise ValueError("a batch has a number")
        if isinstance(self.sheet, str):
            state.keep(bytes.fromhex(self.sheet), self.seq)
        actor: ActorTold = self.actor
        state.batches[self.batch] = BatchState(
            self.trigger,
            stored(self.at),
            actor.account,
            actor.role,
            self.edition,
            self.why,
            self.undoes,
            self.asked,
            self.moved,
            self.refused,
            self.seq,
        )
        moved, refused = state.counts.pop(self.batch, (0, 0))
        if (moved or self.moved, refused or self.refused) != (self.moved, self.refused):
            where = f"batches/{self.batch}"
            self.contradict(state, where, "batch-does-not-add-up", moved=moved, refused=refused)


class OnForm(Protocol):
    """An event since which a case rests on a form."""

    form: int
    received: str
    received_proven: bool
    route: str
    seq: int
    supersedes: int | None

    @property
    def where(self) -> str: ...
    def known(self, state: State) -> CaseState: ...
    def contradict(self, state: State, where: str, code: str, **values: object) -> None: ...


def lay_form(state: State, event: OfForm, read: FormCommitment, columns: Collection[str]) -> None:
    """A form is on record. columns: of its row, that the event vouches for at least."""
    for column in sorted(read.leaves_out(columns)):
        event.contradict(state, f"forms/{event.form}", "form-uncovered", column=column)
    person = tuple(bytes.fromhex(read.personal[name]) for name in FIELDS)
    state.forms[event.form] = FormState(
        ordinal_of(event.case), event.submission, read.covered, read.digest(), person, tuple(read.given), event.seq
    )


def rest_on(state: State, event: OnForm, columns: Mapping[str, Scalar]) -> None:
    """The event's form is the one that its case rests on from now on. columns: what the form says."""
    case = event.known(state)
    earlier = case.form or None
    if event.supersedes != earlier:
        values = {"column": "form_id", "found": event.supersedes, "expected": earlier}
        event.contradict(state, event.where, "does-not-follow", **values)
    case.version += 1
    case.name, case.applicant = _text(columns["name"]), _text(columns["applicant"])
    case.categories, case.documents = _text(columns["categories"]), _text(columns["documents"])
    case.form, case.route, case.since = event.form, event.route, event.seq
    case.received_at, case.received_proven, case.spelt = stored(event.received), event.received_proven, None


def _text(value: Scalar) -> str:
    if not isinstance(value, str):
        raise ValueError("a name is text")
    return value
