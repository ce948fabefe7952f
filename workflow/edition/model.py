"""The rule book of one year, ready to be asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from states.course import Course
from states.facts import Rules, Window
from workflow.edition.entries import (
    AmendmentEntry,
    Category,
    DeadlineKind,
    Implementation,
    Mail,
    Member,
    NumberedPassage,
    Organisation,
    Passage,
    Standard,
)

_ORDINAL = re.compile(r"[0-9]{4,9}")


class Phase(NamedTuple):
    """A phase of the campaign (四): the half-open span [opens, closes) of aware UTC moments."""

    name: str
    label: str
    label_en: str | None
    text: str | None
    opens: datetime
    closes: datetime
    clause: str


class Kind(NamedTuple):
    """A kind of recommending unit (六.2, 附件1); ``quota_total`` where its units have quotas of their own."""

    name: str
    label: str
    label_en: str | None
    quota_each: int | None
    quota_total: int | None
    clause: str


class Unit(NamedTuple):
    """A unit that may recommend (六.1), the addresses it writes from, and its places (附件1, 六.2)."""

    name: str
    name_en: str | None
    office: str | None
    addresses: tuple[str, ...]
    kind: str
    quota: int
    language: str

    @property
    def address(self) -> str:
        """Where its letters go: the first of its addresses."""
        return self.addresses[0]

    def greeted_in(self, language: str) -> str:
        """Whom a letter greets: the office in Chinese (``武汉市委网信办``), the unit by its name where it has none."""
        return (self.name_en if language == "en" else self.office) or self.name


class Deadline(NamedTuple):
    """Something that falls due at an aware UTC moment, once; ``text`` is the catalogue's key of what is then said.

    span: the phase, window or ``received`` whose opening or close it marks, if it follows one.
    about: the trigger that an announcement says is to come.
    among: the units it concerns; empty for all. without: units for which it falls due at another moment.
    """

    name: str
    kind: DeadlineKind
    due: datetime
    trigger: str | None
    text: str
    clause: str
    span: str | None = None
    among: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    about: str | None = None

    def concerns(self, unit: str) -> bool:
        return unit in self.among if self.among else unit not in self.without


@dataclass(frozen=True, eq=False, kw_only=True)
class Edition:
    """The rule book of one year, as ``load`` read it; ``source`` is the file, byte for byte.

    windows: by trigger. phases: by name, in the file's order. deadlines: by due moment, then in the file's order.
    units, kinds: by name, in the file's order. categories, standards: by the notice's numbers.
    course: the rooms that the windows open. implementation: both days included.
    received_until: the first moment that is too late.
    readings_recorded: whether reading a case's history is itself an event.
    """

    name: str
    year: int
    title: str
    title_en: str | None
    theme: str
    theme_en: str | None
    zone: ZoneInfo
    case_prefix: str
    organisation: Organisation
    eligibility: Passage
    phases: Mapping[str, Phase]
    windows: Mapping[str, Window]
    course: Course = field(repr=False)
    received_until: datetime
    deadlines: tuple[Deadline, ...]
    amendments: tuple[AmendmentEntry, ...]
    kinds: Mapping[str, Kind]
    units: Mapping[str, Unit]
    category_scope: Passage | None
    categories: Mapping[int, Category]
    topics: tuple[NumberedPassage, ...]
    standards: Mapping[int, Standard]
    implementation: Implementation
    content_headings: tuple[str, ...]
    capacity: int
    requirements: tuple[NumberedPassage, ...]
    mail: Mail
    staff: tuple[Member, ...]
    readings_recorded: bool
    source: bytes = field(repr=False)
    sha256: str
    ruling: Rules = field(repr=False)
    ruling_of: Mapping[str, Rules] = field(repr=False, default_factory=dict)
    units_by_address: Mapping[str, Unit] = field(repr=False)

    @property
    def process_until(self) -> datetime:
        """The first moment at which even what came in time can no longer be recommended (四, phase one)."""
        return self.windows[self.course.first_step.window].closes

    def rules(self) -> Rules:
        """What this edition says to the guards: one value, the same at every call."""
        return self.ruling

    def rules_of(self, unit: str) -> Rules:
        """What this edition says to the guards about a unit's cases: what it says of all, unless it was amended."""
        return self.ruling_of.get(unit, self.ruling)

    def unit_of(self, address: str) -> Unit | None:
        """Find the unit that writes from a mail address; capitals do not matter, look-alike letters do."""
        return self.units_by_address.get(address.strip().lower()) if address.isascii() else None

    def quota_of(self, unit: str) -> int:
        """Give a unit's places (附件1, 六.2). Raises KeyError for a unit that this edition does not list."""
        return self.units[unit].quota

    def role_of(self, account: str) -> str | None:
        """Give the role in which an account of the machine acts, if it has one."""
        return next((member.role for member in self.staff if member.account == account), None)

    def case_number(self, ordinal: int) -> str:
        """Give the number that people say aloud: ``2024-0042``. Raises ValueError outside 1..999999999."""
        if not 1 <= ordinal <= 999_999_999:
            raise ValueError(f"not the ordinal of a case: {ordinal}")
        return f"{self.case_prefix}-{ordinal:04d}"

    def case_ordinal(self, number: str) -> int:
        """Read ``2024-0042`` back as 42. Raises ValueError when it is not a case's number of this edition."""
        prefix, _, digits = number.rpartition("-")
        if prefix == self.case_prefix and _ORDINAL.fullmatch(digits):
            ordinal = int(digits)
            if ordinal and self.case_number(ordinal) == number:
                return ordinal
        raise ValueError(f"not a case's number: {number!r}")

    def local(self, moment: datetime) -> datetime:
        """Give an aware moment in the edition's zone. Raises ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment.astimezone(self.zone)
