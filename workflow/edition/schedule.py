"""From the deadlines of the file to the moments at which they fall due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from states.facts import Window
from workflow.edition.calendar import RECEIVED, begin, last_day
from workflow.edition.entries import DeadlineEntry
from workflow.edition.fault import RuleBookError
from workflow.edition.model import Deadline, Phase
from workflow.edition.places import Path

Spans = Mapping[str, tuple[datetime, datetime]]


def deadlines(
    entries: tuple[DeadlineEntry, ...],
    phases: Mapping[str, Phase],
    windows: Mapping[str, Window],
    received_until: datetime,
    zone: ZoneInfo,
) -> tuple[Deadline, ...]:
    """Settle each deadline's moment; sorted by it, then as the file has them."""
    spans = {name: (window.opens, window.closes) for name, window in windows.items()}
    spans |= {name: (phase.opens, phase.closes) for name, phase in phases.items()}
    spans[RECEIVED] = (windows["recommend"].opens, received_until)
    settled: dict[str, Deadline] = {}
    for index, entry in enumerate(entries):
        path = ("deadlines", index)
        if entry.name in settled:
            raise RuleBookError((*path, "name"), "edition.deadline-twice", deadline=entry.name)
        due = _due(path, entry, spans, zone)
        _check_trigger(path, entry, due, windows)
        span = entry.opening_of or entry.close_of
        settled[entry.name] = Deadline(entry.name, entry.kind, due, entry.trigger, entry.text, entry.clause, span)
    return tuple(sorted(settled.values(), key=lambda deadline: deadline.due))


def _due(path: Path, entry: DeadlineEntry, spans: Spans, zone: ZoneInfo) -> datetime:
    given = [key for key in ("due", "opening_of", "close_of") if getattr(entry, key) is not None]
    if len(given) != 1:
        raise RuleBookError(path, "edition.deadline-needs-one-moment")
    if entry.days_before_last_day is not None and (entry.close_of is None or entry.time is None):
        raise RuleBookError((*path, "days_before_last_day"), "edition.days-need-close-and-time")
    if entry.due is not None:
        if entry.time is not None:
            raise RuleBookError((*path, "time"), "edition.time-not-wanted")
        return begin(entry.due, zone)
    if entry.opening_of is not None:
        opens, _ = _span(path, "opening_of", entry.opening_of, spans)
        if entry.time is None:
            return opens
        return begin(datetime.combine(opens.astimezone(zone), entry.time), zone)
    _, closes = _span(path, "close_of", entry.close_of or "", spans)
    if entry.time is None:
        return closes
    if entry.days_before_last_day is None:
        raise RuleBookError((*path, "time"), "edition.time-not-wanted")
    day = last_day(closes, zone) - timedelta(days=entry.days_before_last_day)
    return begin(datetime.combine(day, entry.time), zone)


def _span(path: Path, key: str, name: str, spans: Spans) -> tuple[datetime, datetime]:
    if name not in spans:
        raise RuleBookError((*path, key), "edition.span-unknown", span=name, known=list(spans))
    return spans[name]


def _check_trigger(path: Path, entry: DeadlineEntry, due: datetime, windows: Mapping[str, Window]) -> None:
    if entry.kind != "advance":
        if entry.trigger is not None:
            raise RuleBookError((*path, "trigger"), "edition.trigger-not-wanted", kind=entry.kind)
        return
    if entry.trigger is None:
        raise RuleBookError((*path, "trigger"), "edition.key-missing")
    if entry.trigger not in windows:
        raise RuleBookError((*path, "trigger"), "edition.trigger-unknown", trigger=entry.trigger, known=list(windows))
    if not windows[entry.trigger].contains(due):
        raise RuleBookError(path, "edition.deadline-outside-window", deadline=entry.name, trigger=entry.trigger)
