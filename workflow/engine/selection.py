"""Which cases a command asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from states.course import COURSE
from workflow import clock
from workflow.audit.events import Correction, Draft, Event, Move, Reversion
from workflow.audit.events.event import kind_of
from workflow.audit.events.judging import SHEETS
from workflow.edition import Edition
from workflow.edition.words import check_category, check_unit
from workflow.errors import AnliError, UsageError

_NEARLY = re.compile(r"\D{0,3}0*([1-9]\d{0,7})")
_TOUCHED: tuple[type[Event], ...] = (Draft, Correction, Reversion, Move, *SHEETS)
_TOUCHING = tuple(map(kind_of, _TOUCHED))
_UNTOUCHED_SINCE = (
    "c.received_at <= :as_of AND c.id NOT IN (SELECT case_id FROM events WHERE case_id IS NOT NULL"  # noqa: S608
    f" AND kind IN {_TOUCHING} AND batch_id IN"
    " (SELECT b.id FROM batches b LEFT JOIN firings f ON f.batch_id = b.id WHERE coalesce(f.due, b.at) > :as_of))"
)
"""What a deadline did counts from the moment it fell due, everything else from the moment it was done."""


class CaseUnknown(AnliError):
    """No case of that number: values are case, and as known what was perhaps meant."""

    code = "error.case-unknown"
    asked = "case"


class NothingAsked(UsageError):
    """No case was named and nothing says which to take: values are trigger."""

    code = "error.nothing-asked"


class AskedTwice(UsageError):
    """Some words name cases and others describe them: values are trigger."""

    code = "error.asked-twice"


class TriggerUnknown(UsageError):
    """The law knows no such trigger: values are word, known."""

    code = "error.trigger-unknown"
    family = "trigger"


@dataclass(frozen=True)
class Selection:
    """Cases by number, or all that batch ``moved_by`` moved, or all in ``states`` that match; each once, by number.

    as_of: leave out what was received or changed after that moment. among, without: units that alone, or that do not,
    count. All three go with ``states``.
    """

    cases: tuple[int, ...] | None
    states: tuple[str, ...]
    unit: str | None = None
    category: int | None = None
    moved_by: int | None = None
    as_of: datetime | None = None
    among: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def condition(self) -> tuple[str, Mapping[str, Any]]:
        """An SQL condition over ``cases c`` and ``forms f``, and its values."""
        if self.cases is not None:
            return "c.id IN :cases", {"cases": list(self.cases)}
        if self.moved_by is not None:
            moved = "SELECT case_id FROM events WHERE batch_id = :batch AND kind = 'move'"
            return f"c.id IN ({moved})", {"batch": self.moved_by}
        parts, values = ["c.state IN :states"], dict[str, Any](states=list(self.states))
        if self.unit is not None:
            parts.append("c.unit = :unit")
            values["unit"] = self.unit
        if self.category is not None:
            parts.append("f.categories = :category")
            values["category"] = str(self.category)
        if self.among:
            parts.append("c.unit IN :among")
            values["among"] = list(self.among)
        if self.without:
            parts.append("c.unit NOT IN :without")
            values["without"] = list(self.without)
        if self.as_of is not None:
            parts.append(_UNTOUCHED_SINCE)
            values["as_of"] = clock.write(self.as_of)
        return " AND ".join(parts), values


def select(
    edition: Edition,
    trigger: str,
    numbers: list[str],
    everything: bool = False,
    unit: str | None = None,
    category: int | None = None,
) -> Selection:
    """The cases that the command's words ask for: those named, or all that stand where ``trigger`` starts.

    Raises TriggerUnknown, CaseUnknown, UnitUnknown or CategoryUnknown for a word that names nothing, NothingAsked
    where no words say which cases, AskedTwice where some name cases and others describe them.
    """
    check_trigger(trigger)
    check_unit(edition, unit)
    check_category(edition, category)
    if numbers and (everything or unit is not None or category is not None):
        raise AskedTwice(trigger=trigger)
    if numbers:
        return Selection(tuple(sorted({ordinal(edition, number) for number in numbers})), ())
    if not everything and unit is None and category is None:
        raise NothingAsked(trigger=trigger)
    course = edition.course if trigger in edition.course.triggers else COURSE
    return Selection(None, course.sources(trigger), unit, category)


def check_trigger(trigger: str) -> None:
    """Raises TriggerUnknown for a word that the law does not know."""
    if trigger not in COURSE.triggers:
        raise TriggerUnknown(word=trigger, known=list(COURSE.triggers))


def ordinal(edition: Edition, number: str) -> int:
    """Raises CaseUnknown for what is no case's number."""
    try:
        return edition.case_ordinal(number)
    except ValueError:
        raise CaseUnknown(case=number, known=_perhaps(edition, number)) from None


def _perhaps(edition: Edition, number: str) -> list[str]:
    """``42``, ``2024-42``, ``20240042``: the number that a person may have meant."""
    found = _NEARLY.fullmatch(number.strip().removeprefix(edition.case_prefix))
    return [edition.case_number(int(found[1]))] if found else []
