"""From the deadlines of the file to the moments at which they fall due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from states.course import Course
from states.facts import Window
from workflow.edition.calendar import RECEIVED, begin, last_day
from workflow.edition.entries import DeadlineEntry
from workflow.edition.fault import RuleBookError
from workflow.edition.model import Deadline, Phase
from workflow.edition.places import Path

Spans = Mapping[str, tuple[datetime, datetime]]


class Settled(NamedTuple):
    """The windows by trigger, the course that they leave, and the first moment that is too late to arrive."""

    windows: dict[str, Window]
    course: Course
    received_until: datetime

    @property
    def receiving(self) -> tuple[datetime, datetime]:
        """The half-open span in which submissions may arrive."""
        return self.windows[self.course.first_step.window].opens, self.received_until


def deadlines(
    entries: tuple[DeadlineEntry, ...],
    phases: Mapping[str, Phase],
    settled: Settled,
    promised: Settled,
    zone: ZoneInfo,
) -> tuple[Deadline, ...]:
    """Settle each deadline's moment; sorted by it, then as the file has them.

    A close of a phase falls due once more at the end of every window that was ``promised`` to close with the phase
    and was extended since.
    """
    windows = settled.windows
    spans = {name: (window.opens, window.closes) for name, window in windows.items()}
    spans |= {name: (phase.opens, phase.closes) for name, phase in phases.items()}
    spans[RECEIVED] = settled.receiving
    names: set[str] = set()
    found: dict[tuple[str, datetime], Deadline] = {}
    for index, entry in enumerate(entries):
        path = ("deadlines", index)
        if entry.name in names:
            raise RuleBookError((*path, "name"), "edition.deadline-twice", deadline=entry.name)
        names.add(entry.name)
        due = _due(path, entry, spans, zone)
        _check_trigger(path, entry, due, windows)
        span = entry.opening_of or entry.close_of
        once = Deadline(entry.name, entry.kind, due, entry.trigger, entry.text, entry.clause, span, about=entry.about)
        found[once.name, once.due] = once
        if entry.kind == "close" and span in phases:
            for name, window in windows.items():
                if promised.windows[name].closes == due < window.closes:
                    found.setdefault((once.name, window.closes), once._replace(due=window.closes, span=name))
    return tuple(sorted(found.values(), key=lambda deadline: deadline.due))


def merge(common: tuple[Deadline, ...], own: Mapping[str, tuple[Deadline, ...]]) -> tuple[Deadline, ...]:
    """One calendar of what falls due for all units, and for those that were granted days of their own."""
    merged = {(deadline.name, deadline.due): deadline for deadline in common}
    for unit, calendar in own.items():
        moments = {(deadline.name, deadline.due): deadline for deadline in calendar if deadline.kind != "checkpoint"}
        for key, deadline in moments.items():
            known = merged.get(key, deadline)
            if key not in merged or known.among:
                merged[key] = known._replace(among=(*known.among, unit))
        for key, deadline in merged.items():
            if not deadline.among and key not in moments and deadline.kind != "checkpoint":
                merged[key] = deadline._replace(without=(*deadline.without, unit))
    return tuple(sorted(merged.values(), key=lambda deadline: deadline.due))


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
    if entry.about is not None and entry.kind != "announce":
        raise RuleBookError((*path, "about"), "edition.trigger-not-wanted", kind=entry.kind)
    if entry.about is not None and entry.about not in windows:
        raise RuleBookError((*path, "about"), "edition.trigger-unknown", trigger=entry.about, known=list(windows))
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
