"""A sheet that people filled in: CSV or XLSX, told apart by its bytes, read into rows of known columns."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workflow.errors import AnliError
from workflow.review import limits
from workflow.review.columns import Column, recognise
from workflow.review.delimited import CsvBroken, read_delimited
from workflow.review.fault import (
    ColumnDuplicate,
    ColumnMissing,
    SheetDamaged,
    SheetEmpty,
    SheetLocked,
    SheetMissing,
    SheetTooLarge,
)
from workflow.review.workbook import WorkbookBroken, read_workbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


class Row(NamedTuple):
    """A row with its number as people see it; cells by the key of their column, "" where there is none.

    overflow: cells with content to the right of the last heading.
    """

    number: int
    cells: Mapping[str, str]
    overflow: int


class Sheet(NamedTuple):
    """file: its bare name. headings: key of a column -> its heading as written. data: the file as it was."""

    file: str
    headings: Mapping[str, str]
    rows: list[Row]
    data: bytes


def read_sheet(path: Path, columns: Sequence[Column], language: str) -> Sheet:
    """Read the rows that hold anything. Raises the faults of fault.py; columns not asked for are passed over."""
    file = show_path(path)
    data = _read_bytes(path, file)
    try:
        filled = (numbered for numbered in _read_rows(data, file) if any(cell.strip() for cell in numbered[1]))
        heading = next(filled, None)
        if heading is None:
            raise SheetEmpty(file=file)
        places = _find_columns(file, heading, columns, language)
        rows = list(_gather(file, filled, places, len(heading[1])))
    except CsvBroken as broken:
        raise _fault(file, broken.fault, broken.row) from broken
    except WorkbookBroken as broken:
        raise _fault(file, broken.fault, 0) from broken
    if not rows:
        raise SheetEmpty(file=file)
    headings = {key: heading[1][place].strip() for key, place in places.items()}
    return Sheet(Path(file).name, headings, rows, data)


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


def _read_rows(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(_OLE):
        raise SheetLocked(file=file)
    return read_workbook(data) if data.startswith(_ZIP) else read_delimited(data)


def _find_columns(
    file: str, heading: tuple[int, list[str]], columns: Sequence[Column], language: str
) -> dict[str, int]:
    number, cells = heading
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        key = recognise(cell, columns)
        if key is None:
            continue
        if key in places:
            raise ColumnDuplicate(file=file, row=number, columns=[cells[places[key]].strip(), cell.strip()])
        places[key] = place
    missing = [column.heading(language) for column in columns if column.required and column.key not in places]
    if missing:
        raise ColumnMissing(file=file, row=number, columns=missing)
    return places


def _gather(file: str, rows: Iterator[tuple[int, list[str]]], places: Mapping[str, int], width: int) -> Iterator[Row]:
    for count, (number, cells) in enumerate(rows, 1):
        if count > limits.ROWS:
            raise _fault(file, SheetTooLarge, 0)
        known = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
        yield Row(number, known, sum(1 for cell in cells[width:] if cell.strip()))


def _fault(file: str, fault: type[AnliError], row: int) -> AnliError:
    if fault is SheetTooLarge:
        megabytes = limits.FILE_BYTES // limits.MEBIBYTE
        return SheetTooLarge(file=file, megabytes=megabytes, rows=limits.ROWS, columns=limits.COLUMNS)
    if fault is SheetDamaged:
        return SheetDamaged(file=file, row=row)
    return fault(file=file)
