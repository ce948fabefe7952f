"""What was amended after the notice went out: the file as it reads for all units, and for one of them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from workflow.edition.calendar import RECEIVED
from workflow.edition.entries import AmendmentEntry, EditionFile, ReceivedEntry, WindowEntry
from workflow.edition.fault import RuleBookError

Span = TypeVar("Span", ReceivedEntry, WindowEntry)


def for_all(file: EditionFile) -> EditionFile:
    """The file with what was amended for every unit. Raises RuleBookError for an amendment of nothing."""
    known = {unit.name for unit in file.units}
    for index, amendment in enumerate(file.amendments):
        path = ("amendments", index)
        if amendment.window != RECEIVED and amendment.window not in file.windows:
            values = {"span": amendment.window, "known": [RECEIVED, *file.windows]}
            raise RuleBookError((*path, "window"), "edition.span-unknown", **values)
        if amendment.unit is not None and amendment.unit not in known:
            raise RuleBookError((*path, "unit"), "edition.unit-unknown", unit=amendment.unit)
    return _amend(file, [amendment for amendment in file.amendments if amendment.unit is None])


def for_each(file: EditionFile) -> Iterator[tuple[str, EditionFile]]:
    """Each unit that was granted something of its own, and the file as it reads for that unit."""
    for unit in dict.fromkeys(amendment.unit for amendment in file.amendments):
        if unit is not None:
            yield unit, _amend(file, [each for each in file.amendments if each.unit in (None, unit)])


def write_amendment(window: str, closes: datetime, unit: str | None, reason: str) -> bytes:
    """An amendment as a rule book holds it; ``closes`` in the rule book's own time, without a zone."""
    lines = ["", "[[amendments]]", f"window = {_text(window)}", f"closes = {closes.isoformat()}"]
    if unit is not None:
        lines.append(f"unit = {_text(unit)}")
    return "\n".join([*lines, f"reason = {_text(reason)}", ""]).encode()


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _amend(file: EditionFile, amendments: list[AmendmentEntry]) -> EditionFile:
    received, windows = file.received, dict(file.windows)
    for amendment in amendments:
        if amendment.window == RECEIVED:
            received = _close(received, amendment.closes)
        else:
            windows[amendment.window] = _close(windows[amendment.window], amendment.closes)
    return file.model_copy(update={"received": received, "windows": windows})


def _close(entry: Span, closes: datetime) -> Span:
    return entry.model_copy(update={"last_day": None, "closes": closes})
