"""From the days of the notice to moments: phases, windows, and the end of receiving (四, 六.5)."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from states.course import COURSE, Course
from states.facts import Window
from workflow.edition.entries import PhaseEntry, ReceivedEntry, WindowEntry
from workflow.edition.fault import RuleBookError
from workflow.edition.model import Phase
from workflow.edition.places import Path

RECEIVED = "received"
"""The span in which submissions may arrive, as deadlines name it."""

SPANS = (RECEIVED, *COURSE.windows)
"""All that deadlines hang on."""


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleBookError(("zone",), "edition.zone-unknown", zone=name) from None


def begin(when: date | datetime, zone: ZoneInfo) -> datetime:
    """Give the UTC moment of a local time, or of the midnight with which a day begins."""
    local = when if isinstance(when, datetime) else datetime.combine(when, time.min)
    return local.replace(tzinfo=zone).astimezone(UTC)


def end(path: Path, entry: PhaseEntry | ReceivedEntry | WindowEntry, zone: ZoneInfo) -> datetime | None:
    """Give the first UTC moment after an entry: the midnight after its last day, or its closing time."""
    if entry.last_day is not None and entry.closes is not None:
        raise RuleBookError((*path, "closes"), "edition.two-ends")
    if entry.last_day is not None:
        return begin(entry.last_day + timedelta(days=1), zone)
    return None if entry.closes is None else begin(entry.closes, zone)


def needed_end(path: Path, entry: PhaseEntry | ReceivedEntry, zone: ZoneInfo) -> datetime:
    closes = end(path, entry, zone)
    if closes is None:
        raise RuleBookError((*path, "last_day"), "edition.key-missing")
    return closes


def last_day(closes: datetime, zone: ZoneInfo) -> date:
    """Give the local day on which a half-open span still lasts."""
    return (closes - timedelta.resolution).astimezone(zone).date()


def check_windows(entries: Collection[str]) -> None:
    """Raises RuleBookError for a window that no trigger has, and where a trigger of the whole course has none."""
    for trigger in entries:
        if trigger not in COURSE.windows:
            known = list(COURSE.windows)
            raise RuleBookError(("windows", trigger), "edition.trigger-unknown", trigger=trigger, known=known)
    for trigger in COURSE.windows:
        if trigger not in entries:
            raise RuleBookError(("windows", trigger), "edition.window-missing", trigger=trigger)


def phases(entries: Mapping[str, PhaseEntry], spans: Collection[str], zone: ZoneInfo) -> dict[str, Phase]:
    """The phases by name, none of which may be that of another of the ``spans`` that deadlines hang on."""
    return {name: _phase(name, entry, spans, zone) for name, entry in entries.items()}


def _phase(name: str, entry: PhaseEntry, spans: Collection[str], zone: ZoneInfo) -> Phase:
    path = ("phases", name)
    if name in spans:
        raise RuleBookError(path, "edition.phase-name-taken", phase=name)
    opens, closes = begin(entry.opens, zone), needed_end(path, entry, zone)
    _in_order(path, opens, closes, zone)
    return Phase(name, entry.label, entry.label_en, entry.text, opens, closes, entry.clause)


def windows(entries: Mapping[str, WindowEntry], known: Mapping[str, Phase], zone: ZoneInfo) -> dict[str, Window]:
    """The windows by name: those of the law in its order, then any that this program has no trigger for."""
    names = [name for name in COURSE.windows if name in entries]
    names += [name for name in entries if name not in COURSE.windows]
    return {name: _window(name, entries, known, zone) for name in names}


def _window(trigger: str, entries: Mapping[str, WindowEntry], known: Mapping[str, Phase], zone: ZoneInfo) -> Window:
    path, entry = ("windows", trigger), entries[trigger]
    frames = [key for key in ("phase", "phases", "same_as") if getattr(entry, key) is not None]
    if len(frames) > 1:
        raise RuleBookError((*path, frames[1]), "edition.two-frames", first=frames[0], second=frames[1])
    opens, closes = _frame(path, entry, entries, known, zone)
    opens = begin(entry.opens, zone) if entry.opens is not None else opens
    closes = end(path, entry, zone) or closes
    if opens is None:
        raise RuleBookError((*path, "opens"), "edition.key-missing")
    if closes is None:
        raise RuleBookError((*path, "last_day"), "edition.key-missing")
    _in_order(path, opens, closes, zone)
    return Window(opens, closes, entry.clause)


def _frame(
    path: Path,
    entry: WindowEntry,
    entries: Mapping[str, WindowEntry],
    known: Mapping[str, Phase],
    zone: ZoneInfo,
) -> tuple[datetime | None, datetime | None]:
    if entry.same_as is not None:
        other = entries.get(entry.same_as)
        if other is None or other.same_as is not None:
            raise RuleBookError((*path, "same_as"), "edition.window-unknown", window=entry.same_as)
        window = _window(entry.same_as, entries, known, zone)
        return window.opens, window.closes
    names = (entry.phase,) if entry.phase is not None else entry.phases
    if names is None:
        return None, None
    key = "phases" if entry.phase is None else "phase"
    for name in names:
        if name not in known:
            raise RuleBookError((*path, key), "edition.phase-unknown", phase=name, known=list(known))
    if not names:
        raise RuleBookError((*path, key), "edition.empty-list")
    return known[names[0]].opens, known[names[-1]].closes


def received_until(entry: ReceivedEntry, course: Course, windows: Mapping[str, Window], zone: ZoneInfo) -> datetime:
    """Give the first moment that is too late to arrive; there must be time left to recommend what came in time."""
    until, first = needed_end((RECEIVED,), entry, zone), course.first_step.window
    if until > windows[first].closes:
        raise RuleBookError(("windows", first), "edition.recommend-too-short", until=until.astimezone(zone).isoformat())
    return until


def _in_order(path: Path, opens: datetime, closes: datetime, zone: ZoneInfo) -> None:
    if closes <= opens:
        values = {"opens": opens.astimezone(zone).isoformat(), "closes": closes.astimezone(zone).isoformat()}
        raise RuleBookError(path, "edition.closes-before-it-opens", **values)
