"""A sheet that people filled in: CSV or XLSX, told apart by its bytes, read into rows of known columns."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from workflow.errors import AnliError
from workflow.review import limits
from workflow.review.columns import Column, recognise
from workflow.review.delimited import CsvBroken, read_delimited
from workflow.review.fault import (
    ColumnDuplicate,
    ColumnHidden,
    ColumnMissing,
    SheetDamaged,
    SheetEmpty,
    SheetHidden,
    SheetLocked,
    SheetMissing,
    SheetSeveral,
    SheetTooLarge,
)
from workflow.review.workbook import Page, WorkbookBroken, open_workbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


class Row(NamedTuple):
    """A row with its number as people see it; cells by the key of their column, "" where there is none.

    overflow: cells with content to the right of the last heading. hidden: whether nobody sees the row.
    """

    number: int
    cells: Mapping[str, str]
    overflow: int
    hidden: bool = False


class Sheet(NamedTuple):
    """A sheet as it was read.

    file: its bare name. headings: key of a column -> its heading as written. data: the file as it was.
    """

    file: str
    headings: Mapping[str, str]
    rows: list[Row]
    data: bytes


class _Heading(NamedTuple):
    """The row of a page that looks most like a heading. places: of the columns it names."""

    page: Page
    number: int
    cells: list[str]
    places: Mapping[str, int]


def read_sheet(path: Path, columns: Sequence[Column], language: str) -> Sheet:
    """Read the rows that hold anything. Raises the faults of fault.py; columns not asked for are passed over.

    The heading is looked for in the first rows of every sheet, below titles and behind covers.
    """
    file = show_path(path)
    data = _read_bytes(path, file)
    try:
        with _open_pages(data, file) as pages:
            headings = [_find_heading(page, columns) for page in pages]
            heading = _choose(file, [heading for heading in headings if heading is not None], columns)
            _check_columns(file, heading, columns, language)
            rows = list(_gather(file, heading))
    except CsvBroken as broken:
        raise _fault(file, broken.fault, broken.row) from broken
    except WorkbookBroken as broken:
        raise _fault(file, broken.fault, 0) from broken
    if not rows:
        raise SheetEmpty(file=file)
    written = {key: heading.cells[place].strip() for key, place in heading.places.items()}
    return Sheet(Path(file).name, written, rows, data)


def show_path(path: Path) -> str:
    """A path as text that can be printed and kept, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        if not path.is_file():
            raise SheetMissing(file=file)
        with path.open("rb") as stream:
            data = stream.read(limits.FILE_BYTES + 1)
    except (OSError, ValueError):
        raise SheetMissing(file=file) from None
    if len(data) > limits.FILE_BYTES:
        raise _fault(file, SheetTooLarge, 0)
    return data


def _open_pages(data: bytes, file: str) -> AbstractContextManager[list[Page]]:
    if data.startswith(_OLE):
        raise SheetLocked(file=file)
    if data.startswith(_ZIP):
        return open_workbook(data)
    return nullcontext([Page("", False, lambda: read_delimited(data))])


def _filled(page: Page) -> Iterator[tuple[int, list[str]]]:
    return (numbered for numbered in page.rows() if any(cell.strip() for cell in numbered[1]))


def _find_heading(page: Page, columns: Sequence[Column]) -> _Heading | None:
    """That of the first rows which names most columns, the topmost of several; None where nothing is filled."""
    best: _Heading | None = None
    for number, cells in islice(_filled(page), limits.ROWS_ABOVE_HEADING):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if (key := recognise(cell, columns)) is not None:
                places.setdefault(key, place)
        if best is None or len(places) > len(best.places):
            best = _Heading(page, number, cells, places)
    return best


def _choose(file: str, headings: Sequence[_Heading], columns: Sequence[Column]) -> _Heading:
    """The one heading that has all the columns needed and rows below it, on a sheet that is in sight."""
    if not headings:
        raise SheetEmpty(file=file)
    needed = {column.key for column in columns if column.required}
    whole = [heading for heading in headings if needed <= heading.places.keys()]
    used = [heading for heading in whole if _has_rows(heading)]
    seen = [heading for heading in used if not heading.page.hidden]
    if len(seen) > 1:
        raise SheetSeveral(file=file, sheets=[heading.page.name for heading in seen])
    if not seen and used:
        raise SheetHidden(file=file, sheets=[heading.page.name for heading in used])
    in_sight = [heading for heading in whole or headings if not heading.page.hidden]
    return max(seen or in_sight or headings, key=lambda heading: len(heading.places))


def _has_rows(heading: _Heading) -> bool:
    return any(number > heading.number for number, _ in _filled(heading.page))


def _check_columns(file: str, heading: _Heading, columns: Sequence[Column], language: str) -> None:
    """Raises ColumnDuplicate, ColumnMissing or ColumnHidden."""
    for place, cell in enumerate(heading.cells):
        first = heading.places.get(recognise(cell, columns) or "", place)
        if first != place:
            written = [heading.cells[first].strip(), cell.strip()]
            raise ColumnDuplicate(file=file, row=heading.number, columns=written)
    missing = [column.heading(language) for column in columns if column.required and column.key not in heading.places]
    if missing:
        raise ColumnMissing(file=file, row=heading.number, columns=missing)
    hidden = [heading.cells[place].strip() for place in heading.places.values() if place in heading.page.hidden_columns]
    if hidden:
        raise ColumnHidden(file=file, columns=hidden)


def _gather(file: str, heading: _Heading) -> Iterator[Row]:
    page, width = heading.page, len(heading.cells)
    below = (numbered for numbered in _filled(page) if numbered[0] > heading.number)
    for count, (number, cells) in enumerate(below, 1):
        if count > limits.ROWS:
            raise _fault(file, SheetTooLarge, 0)
        known = {key: cells[place] if place < len(cells) else "" for key, place in heading.places.items()}
        overflow = sum(1 for cell in cells[width:] if cell.strip())
        yield Row(number, known, overflow, number in page.hidden_rows)


def _fault(file: str, fault: type[AnliError], row: int) -> AnliError:
    if fault is SheetTooLarge:
        megabytes = limits.FILE_BYTES // limits.MEBIBYTE
        return SheetTooLarge(file=file, megabytes=megabytes, rows=limits.ROWS, columns=limits.COLUMNS)
    if fault is SheetDamaged:
        return SheetDamaged(file=file, row=row)
    return fault(file=file)
