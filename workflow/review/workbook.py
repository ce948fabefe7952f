"""XLSX workbooks: the first sheet, as the text an official would have typed."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise, repeat
from typing import cast

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from workflow.review import limits
from workflow.review.fault import SheetDamaged, SheetTooLarge, SheetUnreadable

_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT_BYTES = 65_535
_ROW = re.compile(rb"<(?:\w{1,20}:)?(?:row|si)[\s/>]")
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_CHUNK = 1024 * 1024
_SEAM = 32
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CHINESE_MONTHS = frozenset({27, 36, 50, 52, 57})
_CHINESE_DAYS = frozenset({28, 29, 30, 31, 51, 53, 54, 58})


class WorkbookBroken(Exception):
    """Raised with one of the faults, whose file the caller knows."""

    def __init__(self, fault: type[SheetDamaged | SheetTooLarge | SheetUnreadable]) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Unreadable(str):
    """What stands in a cell that has no value: a formula never calculated, or an error such as #N/A."""

    __slots__ = ()


def read_workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet with their numbers, from 1. Raises WorkbookBroken.

    Numbers and dates become text: 95.0 is 95, a date shown as a month 2024-05, any other 2024-05-31.
    """
    has_formulas = _weigh(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _rows(data, has_formulas)
    except WorkbookBroken:
        raise
    except Exception as error:
        raise WorkbookBroken(SheetUnreadable) from error


def _rows(data: bytes, has_formulas: bool) -> Iterator[tuple[int, list[str]]]:
    values = _cells(data, data_only=True)
    formulas = _cells(data, data_only=False) if has_formulas else repeat(())
    for number, (row, written) in enumerate(zip(values, formulas, strict=False), 1):
        if number > limits.SHEET_ROWS or len(row) > limits.COLUMNS:
            raise WorkbookBroken(SheetTooLarge)
        cells = [_text(cell) for cell in row]
        for place, cell in enumerate(written):
            if cell.data_type == "f" and not cells[place]:
                cells[place] = Unreadable(cell.value if isinstance(cell.value, str) else "=")
        yield number, cells


def _cells(data: bytes, *, data_only: bool) -> Iterator[tuple[ReadOnlyCell, ...]]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)
    try:
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"] or workbook.worksheets
        if not sheets:
            raise WorkbookBroken(SheetUnreadable)
        sheets[0].reset_dimensions()
        yield from cast(Iterator[tuple[ReadOnlyCell, ...]], sheets[0].iter_rows())
    finally:
        workbook.close()


def _text(cell: ReadOnlyCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return Unreadable(value) if cell.data_type == "e" else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(cell, value)
    if isinstance(value, date):
        return _day(value, month_only="d" not in _LITERALS.sub("", cell.number_format or "").lower())
    return str(value)


def _number(cell: ReadOnlyCell, value: float) -> str:
    """Chinese Excel's own date formats (ECMA-376, 18.8.30, zh-cn) are numbers to openpyxl."""
    shown_as = cell.style_array.numFmtId
    if shown_as in _CHINESE_MONTHS | _CHINESE_DAYS:
        book = cell.parent.parent
        day = from_excel(value, book.epoch if book else WINDOWS_EPOCH)
        if isinstance(day, date):
            return _day(day, month_only=shown_as in _CHINESE_MONTHS)
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _day(value: date, *, month_only: bool) -> str:
    if isinstance(value, datetime):
        if value.time().isoformat() != "00:00:00":
            return value.isoformat(" ")
        value = value.date()
    return value.isoformat()[:7] if month_only else value.isoformat()


def _weigh(data: bytes) -> bool:
    """Refuse what would grow beyond measure before anything is parsed; tell whether there are formulas."""
    _weigh_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = container.infolist()
            if sum(member.file_size for member in members) > limits.INFLATED_BYTES:
                raise WorkbookBroken(SheetTooLarge)
            formulas = [_weigh_member(container, member) for member in members]
            return any(formulas)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise WorkbookBroken(SheetDamaged) from error


def _weigh_directory(data: bytes) -> None:
    end = data.rfind(_END, max(0, len(data) - _END_BYTES - _COMMENT_BYTES))
    if end < 0 or end + _END_BYTES > len(data):
        raise WorkbookBroken(SheetDamaged)
    if int.from_bytes(data[end + 12 : end + 16], "little") > limits.DIRECTORY_BYTES:
        raise WorkbookBroken(SheetTooLarge)


def _weigh_member(container: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Count marks between rows, as a row is held in memory whole; tell whether a formula is among them."""
    marks, formulas, tail = 0, False, b""
    with container.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            if not tail and not chunk.lstrip(_BEFORE_XML).startswith(b"<"):
                return False
            seam = tail + chunk
            if _DOCTYPE.search(seam):
                raise WorkbookBroken(SheetUnreadable)
            formulas = formulas or _FORMULA.search(seam) is not None
            anew = {row.start() for row in _ROW.finditer(chunk)}
            for start, end in pairwise(sorted({0, *anew, len(chunk)})):
                marks = chunk.count(b"<", start, end) + (0 if start in anew else marks)
                if marks > limits.MARKS_BETWEEN_ROWS:
                    raise WorkbookBroken(SheetTooLarge)
            tail = chunk[-_SEAM:]
    return formulas
