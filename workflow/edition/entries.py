"""The shape of a rule book's file: its tables, their keys, and what each key may hold."""

from datetime import date, datetime, time
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from workflow.edition.address import find_fault, is_domain

_YEARS = range(2000, 2101)


def _one_line(text: str) -> str:
    if not text or text != text.strip() or not text.isprintable():
        raise PydanticCustomError("edition.not-one-line", "one line of text")
    return text


def _paragraph(text: str) -> str:
    if not text.strip() or not text.replace("\n", "").isprintable():
        raise PydanticCustomError("edition.not-text", "text")
    return text


def _address(text: str) -> str:
    if (fault := find_fault(text)) is not None:
        code, values = fault
        raise PydanticCustomError(code, "an address", dict(values))
    return text


def _domain(text: str) -> str:
    if not is_domain(text) or text != text.lower():
        raise PydanticCustomError("edition.domain", "a domain", {"domain": text})
    return text


def _day(value: object) -> date:
    if type(value) is not date:
        raise PydanticCustomError("edition.not-a-day", "a day")
    return _in_range(value)


def _local_moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise PydanticCustomError("edition.not-a-local-time", "a local time")
    _in_range(value)
    return value


def _opening(value: object) -> date | datetime:
    return _local_moment(value) if isinstance(value, datetime) else _day(value)


def _in_range(value: date) -> date:
    if value.year not in _YEARS:
        raise PydanticCustomError("edition.year-range", "a year", {"first": _YEARS[0], "last": _YEARS[-1]})
    return value


Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], Field(strict=False)]
"""A TOML list; what is in it is not read any less strictly."""
Some = Annotated[tuple[Item, ...], Field(strict=False, min_length=1)]
OneLine = Annotated[str, AfterValidator(_one_line)]
Text = Annotated[str, AfterValidator(_paragraph)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=64)]
Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Day = Annotated[date, PlainValidator(_day)]
LocalMoment = Annotated[datetime, PlainValidator(_local_moment)]
LocalTime = time
Opening = Annotated[date, PlainValidator(_opening)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Entry(BaseModel):
    """A table of the file; a key that is not named here is an error, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Clause(Entry):
    """An entry that quotes the clause of the notice it comes from, as ``六.5`` or ``附件1``."""

    clause: OneLine


class Organisation(Clause):
    """Who guides, hosts and runs the campaign (二)."""

    guided_by: Many[OneLine]
    hosted_by: Many[OneLine]
    run_by: Many[OneLine]


class Passage(Clause):
    """A passage of the notice."""

    text: Text


class NumberedPassage(Passage):
    """A numbered passage: a topic of 附件3, a requirement of 六."""

    number: Count


class Standard(NumberedPassage):
    """One of the standards of 五, by its number and its first words."""

    name: OneLine
    name_en: OneLine | None = None


class Category(Clause):
    """One of the categories of 附件2, by the name that the forms print (附件4)."""

    number: Count
    name: OneLine
    name_en: OneLine | None = None
    description: Text


class PhaseEntry(Clause):
    """A phase as the notice tells it; the last day counts to its end."""

    label: OneLine
    label_en: OneLine | None = None
    months: OneLine | None = None
    opens: Opening
    last_day: Day | None = None
    closes: LocalMoment | None = None
    text: Text | None = None


class ReceivedEntry(Clause):
    """Until when a submission may arrive."""

    last_day: Day | None = None
    closes: LocalMoment | None = None


class WindowEntry(Clause):
    """When a trigger may be pulled: a phase, phases in a row, another trigger's window, or days of its own."""

    phase: Name | None = None
    phases: Many[Name] | None = None
    same_as: Name | None = None
    opens: Opening | None = None
    last_day: Day | None = None
    closes: LocalMoment | None = None


DeadlineKind = Literal["announce", "remind", "close", "advance", "nudge", "checkpoint"]


class DeadlineEntry(Clause):
    """Something that falls due; ``text`` is the catalogue's key of what is then said.

    about: the step that an announcement says is to come; nobody is told of it once all their cases have taken it.
    """

    name: Name
    kind: DeadlineKind
    text: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$", max_length=128)]
    trigger: Name | None = None
    about: Name | None = None
    due: LocalMoment | None = None
    opening_of: Name | None = None
    close_of: Name | None = None
    days_before_last_day: Annotated[int, Field(ge=0, le=366)] | None = None
    time: LocalTime | None = None


class AmendmentEntry(Entry):
    """A window, or ``received``, that closes at another moment than the notice said, for all units or for one."""

    window: Name
    closes: LocalMoment
    unit: OneLine | None = None
    reason: Text


class KindEntry(Clause):
    """A kind of recommending unit: each the same quota, or quotas of their own that make up a total."""

    label: OneLine
    label_en: OneLine | None = None
    quota_each: Count | None = None
    quota_total: Count | None = None


class UnitEntry(Entry):
    """A unit that may recommend (六.1); ``office``: whom its letters greet, where that is not the unit by its name."""

    name: OneLine
    name_en: OneLine | None = None
    office: OneLine | None = None
    addresses: Some[Address]
    kind: Name
    quota: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    language: Literal["zh", "en"] = "zh"


class Selection(Clause):
    """How many are chosen in the end (四)."""

    capacity: Count


class Implementation(Clause):
    """When and where a case must have been carried out (五); both days included."""

    first_day: Day
    last_day: Day
    area: OneLine
    area_en: OneLine | None = None


class SummaryLimits(Clause):
    characters: Count


class ContentLimits(Clause):
    characters: Count
    headings: Many[OneLine]


class PictureLimits(Clause):
    formats: Some[OneLine]
    dpi: Count
    caption_characters: Count


class VideoLimits(Clause):
    formats: Some[OneLine]
    long_side: Count
    short_side: Count
    caption_characters: Count


class LimitsEntry(Entry):
    """The notice's measures, in characters, dots an inch and pixels (附件4, 六.5)."""

    summary: SummaryLimits
    content: ContentLimits
    pictures: PictureLimits
    videos: VideoLimits


class DeliveryLimits(Entry):
    """How long a letter may take, how often it is tried, and how long it rests in between: doubled each time.

    A sender answers for the letters it claimed until its lease ends; what it has not reported by then nobody knows.
    """

    deadline_seconds: Annotated[int, Field(ge=1, le=3_600)] = 120
    lease_seconds: Annotated[int, Field(ge=60, le=86_400)] = 600
    tries: Annotated[int, Field(ge=1, le=100)] = 8
    first_wait_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    longest_wait_seconds: Annotated[int, Field(ge=1, le=604_800)] = 14_400


class DomainSignature(Entry):
    """By which key letters are signed (DKIM): its public half is published at ``SELECTOR._domainkey.DOMAIN``."""

    domain: Domain
    selector: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", max_length=63)]


class MailTemplates(Entry):
    """By kind of letter, a template whose blocks take the place of the built-in ones, in each language."""

    zh: dict[Name, Text] = {}
    en: dict[Name, Text] = {}


class Mail(Clause):
    """How the campaign's letters are signed and addressed.

    bounces: where they come back to, each with a token of its own: ``bounces+TOKEN@…``; else they do to the sender.
    authserv_id: how the server that receives mails for the campaign names itself in what it finds out about senders
    (RFC 8601); where none is named, nothing is asked.
    """

    sender: Address
    sender_name: OneLine
    sender_name_en: OneLine | None = None
    reply_to: Address
    bounces: Address | None = None
    authserv_id: Domain | None = None
    message_id_domain: Domain
    subject_prefix: OneLine
    subject_prefix_en: OneLine | None = None
    enquiries: OneLine
    enquiries_en: OneLine | None = None
    delivery: DeliveryLimits = DeliveryLimits()
    dkim: DomainSignature | None = None
    templates: MailTemplates = MailTemplates()


class Member(Entry):
    """An account of the machine and the role it acts in."""

    account: OneLine
    role: Literal["organiser", "auditor", "clock"]
    address: Address | None = None


class HistoryEntry(Entry):
    """What goes on record beyond what changes anything: ``readings``, who reads a case's history."""

    readings: bool = False


class EditionFile(Entry):
    """The whole file."""

    name: Name
    year: Annotated[int, Field(ge=_YEARS[0], le=_YEARS[-1])]
    case_prefix: Annotated[str, Field(pattern=r"^[0-9A-Za-z]+$", max_length=16)]
    zone: OneLine
    title: OneLine
    title_en: OneLine | None = None
    theme: OneLine
    theme_en: OneLine | None = None
    organisation: Organisation
    eligibility: Passage
    phases: Annotated[dict[Name, PhaseEntry], Field(min_length=1)]
    received: ReceivedEntry
    windows: dict[Name, WindowEntry]
    deadlines: Many[DeadlineEntry] = ()
    amendments: Many[AmendmentEntry] = ()
    selection: Selection
    kinds: dict[Name, KindEntry]
    units: Some[UnitEntry]
    category_scope: Passage | None = None
    categories: Some[Category]
    topics: Many[NumberedPassage] = ()
    standards: Some[Standard]
    implementation: Implementation
    limits: LimitsEntry
    requirements: Many[NumberedPassage] = ()
    mail: Mail
    staff: Many[Member] = ()
    history: HistoryEntry | None = None
