"""From the file's entries to the Edition, with the checks that look at more than one entry."""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from notifications.bounce import TOKEN_LENGTH
from states.course import COURSE, Course
from states.facts import Limits, Rules
from workflow.edition import amendments, calendar, quotas
from workflow.edition.entries import Category, DeliveryLimits, EditionFile, LimitsEntry, Mail, NumberedPassage, Standard
from workflow.edition.fault import RuleBookError
from workflow.edition.model import Edition, Phase
from workflow.edition.schedule import Settled, deadlines, merge
from workflow.edition.templates import check_templates

Numbered = TypeVar("Numbered", Category, Standard, NumberedPassage)


def assemble(file: EditionFile, source: bytes, adopted: bool = False) -> Edition:
    """Settle what the file only names: days into moments, kinds into quotas.

    adopted: the rule book is a campaign's already, and its windows say which course that takes; a new one must have a
    window for every trigger. Raises RuleBookError.
    """
    zone = calendar.zone_named(file.zone)
    phases = calendar.phases(file.phases, (calendar.RECEIVED, *file.windows) if adopted else calendar.SPANS, zone)
    if not adopted:
        calendar.check_windows(file.windows)
    course = COURSE.within(file.windows)
    promised = _settle(file, course, phases, zone)
    settled = _settle(amendments.for_all(file), course, phases, zone)
    granted = {unit: _settle(amended, course, phases, zone) for unit, amended in amendments.for_each(file)}
    windows, received_until = settled.windows, settled.received_until
    kinds = quotas.kinds(file.kinds)
    units = quotas.units(file.units, kinds)
    categories = _by_number("categories", file.categories)
    standards = _by_number("standards", file.standards)
    topics = _by_number("topics", file.topics)
    requirements = _by_number("requirements", file.requirements)
    _check_accounts(file)
    _check_lease(file.mail.delivery)
    _check_domain(file.mail)
    check_templates(file.mail.templates)
    _check_bounces(file.mail.bounces)
    if file.implementation.last_day < file.implementation.first_day:
        raise RuleBookError(
            ("implementation",),
            "edition.closes-before-it-opens",
            opens=file.implementation.first_day.isoformat(),
            closes=file.implementation.last_day.isoformat(),
        )
    ruling = Rules(
        windows=MappingProxyType(windows),
        received_until=received_until,
        limits=_limits(file.limits),
        categories=tuple(categories),
        standards=tuple(standards),
        implemented_from=file.implementation.first_day,
        implemented_until=file.implementation.last_day,
        capacity=file.selection.capacity,
    )
    return Edition(
        name=file.name,
        year=file.year,
        title=file.title,
        title_en=file.title_en,
        theme=file.theme,
        theme_en=file.theme_en,
        zone=zone,
        case_prefix=file.case_prefix,
        organisation=file.organisation,
        eligibility=file.eligibility,
        phases=MappingProxyType(phases),
        windows=ruling.windows,
        course=course,
        received_until=received_until,
        deadlines=merge(
            deadlines(file.deadlines, phases, settled, promised, zone),
            {unit: deadlines(file.deadlines, phases, each, promised, zone) for unit, each in granted.items()},
        ),
        amendments=file.amendments,
        kinds=MappingProxyType(kinds),
        units=MappingProxyType(units),
        category_scope=file.category_scope,
        categories=MappingProxyType(categories),
        topics=tuple(topics.values()),
        standards=MappingProxyType(standards),
        implementation=file.implementation,
        content_headings=file.limits.content.headings,
        capacity=ruling.capacity,
        requirements=tuple(requirements.values()),
        mail=file.mail,
        staff=file.staff,
        readings_recorded=file.history is not None and file.history.readings,
        source=source,
        sha256=sha256(source).hexdigest(),
        ruling=ruling,
        ruling_of=MappingProxyType(
            {
                unit: ruling._replace(windows=MappingProxyType(each.windows), received_until=each.received_until)
                for unit, each in granted.items()
            }
        ),
        units_by_address=MappingProxyType(quotas.units_by_address(units)),
    )


def _settle(file: EditionFile, course: Course, phases: Mapping[str, Phase], zone: ZoneInfo) -> Settled:
    windows = calendar.windows(file.windows, phases, zone)
    return Settled(windows, course, calendar.received_until(file.received, course, windows, zone))


def _by_number(key: str, entries: tuple[Numbered, ...]) -> dict[int, Numbered]:
    """Order by the notice's numbers; none twice."""
    found: dict[int, Numbered] = {}
    for index, entry in enumerate(entries):
        if entry.number in found:
            raise RuleBookError((key, index, "number"), "edition.number-twice", number=entry.number)
        found[entry.number] = entry
    return dict(sorted(found.items()))


def _check_lease(limits: DeliveryLimits) -> None:
    """A letter must fit into its sender's lease, and then some."""
    least = 2 * limits.deadline_seconds
    if limits.lease_seconds < least:
        raise RuleBookError(("mail", "delivery", "lease_seconds"), "edition.too-small", ge=least)


def _check_domain(mail: Mail) -> None:
    """A signature counts where its domain is the sender's own, or the one is beneath the other (RFC 7489, 3.1.1)."""
    if mail.dkim is None:
        return
    signs, sends = mail.dkim.domain, mail.sender.rpartition("@")[2].lower()
    if signs != sends and not signs.endswith(f".{sends}") and not sends.endswith(f".{signs}"):
        raise RuleBookError(("mail", "dkim", "domain"), "edition.dkim-foreign", domain=signs, sender=mail.sender)


def _check_bounces(address: str | None) -> None:
    """With a letter's token its local part must not be longer than servers take (RFC 5321, 4.5.3.1.1)."""
    longest = 64 - len("+") - TOKEN_LENGTH
    if address is not None and len(address.partition("@")[0]) > longest:
        raise RuleBookError(("mail", "bounces"), "edition.bounces-too-long", longest=longest)


def _check_accounts(file: EditionFile) -> None:
    accounts: set[str] = set()
    for index, member in enumerate(file.staff):
        if member.account in accounts:
            raise RuleBookError(("staff", index, "account"), "edition.account-twice", account=member.account)
        accounts.add(member.account)


def _limits(entry: LimitsEntry) -> Limits:
    return Limits(
        summary_characters=entry.summary.characters,
        content_characters=entry.content.characters,
        picture_formats=entry.pictures.formats,
        picture_dpi=entry.pictures.dpi,
        picture_caption_characters=entry.pictures.caption_characters,
        video_formats=entry.videos.formats,
        video_long_side=entry.videos.long_side,
        video_short_side=entry.videos.short_side,
        video_caption_characters=entry.videos.caption_characters,
    )
