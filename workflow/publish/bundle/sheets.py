"""Tables of the bundle, for people who count in sheets. Every row cites the event and the checkpoint it rests on."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

from workflow.audit.tlog.canonical import leaf_hash
from workflow.engine.campaign import Campaign
from workflow.publish.bundle.contents import Contents
from workflow.spreadsheet import neutralise
from workflow.wording import knows, say, say_state

Cell = str | int | None
Row = Sequence[Cell]

CITED = ("leaf-index", "checkpoint-size")
CASE_COLUMNS = ("id", "name", "applicant", "unit", "categories", "state", "version", *CITED)
TOLD = ("case", "unit", "trigger", "from", "to", "why")
"""What an event tells in a column of its own, where it tells it."""

EVENT_COLUMNS = ("seq", "at", "account", "role", "kind", *TOLD, "leaf-hash", *CITED)
LONGEST = 32_767
"""Characters of an XLSX cell."""

MOST_ROWS = 1_000_000
"""Rows of a sheet, a little less than XLSX allows (1,048,576 with the heading)."""


def write_sheets(campaign: Campaign, contents: Contents, folder: Path) -> None:
    """cases.csv, events.csv, and both as the sheets of history.xlsx."""
    book = Workbook(write_only=True)
    for name, columns, rows in (
        ("cases", CASE_COLUMNS, _list_cases(campaign, contents)),
        ("events", EVENT_COLUMNS, _list_events(contents)),
    ):
        heading = [say(f"column.{column}", campaign.language) for column in columns]
        table = [[neutralised(cell) for cell in row] for row in rows]
        _write_csv(folder / f"{name}.csv", [heading, *table])
        title = f"column.{name}"
        _write_sheet(book, say(title, campaign.language) if knows(title, campaign.language) else name, heading, table)
    book.save(folder / "history.xlsx")


def _write_sheet(book: Workbook, title: str, heading: Row, table: Sequence[Row]) -> None:
    """One sheet, or as many as its rows need; openpyxl numbers those of the same title."""
    for first in range(0, len(table) or 1, MOST_ROWS):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, cell, bold=True) for cell in heading])
        for row in table[first : first + MOST_ROWS]:
            sheet.append([_cell(sheet, cell) for cell in row])


def neutralised(cell: Cell) -> Cell:
    """Text that no spreadsheet takes for a formula; numbers stay numbers."""
    return neutralise(cell) if isinstance(cell, str) else cell


def _list_cases(campaign: Campaign, contents: Contents) -> Iterator[Row]:
    size = contents.head.size
    for _, case in sorted(contents.state.cases.items()):
        place = contents.last.get(case.number, 0)
        state = say_state(case.state, campaign.language)
        yield (
            case.number, case.name, case.applicant, case.unit, case.categories, state, case.version,
            place, size if place < size else None,
        )  # fmt: skip


def _list_events(contents: Contents) -> Iterator[Row]:
    size = contents.head.size
    for place, (event, leaf) in enumerate(zip(contents.events, contents.leaves, strict=True)):
        fields, actor = event.fields(), event.actor
        facts = [fields.get(column) for column in TOLD]
        yield (
            event.seq, event.at, actor.account, actor.role, event.kind, *facts, leaf_hash(leaf).hex(),
            place, size if place < size else None,
        )  # fmt: skip


def _write_csv(file: Path, rows: Sequence[Row]) -> None:
    sheet = StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerows(rows)
    file.write_bytes(b"\xef\xbb\xbf" + sheet.getvalue().encode())


def _cell(sheet: Any, value: Cell, bold: bool = False) -> Any:
    """Text is written as text, whatever it begins with."""
    if isinstance(value, str):
        value = value[:LONGEST]
    try:
        cell = WriteOnlyCell(sheet, value=value)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(sign if sign.isprintable() else "�" for sign in str(value)))
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
