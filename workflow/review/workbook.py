"""XLSX workbooks: their sheets, as the text an official would have typed."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import pairwise, repeat
from typing import Any, NamedTuple, cast

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from workflow.review import limits
from workflow.review.fault import SheetDamaged, SheetTooLarge, SheetUnreadable
from workflow.review.hidden import Hidden, find_sheets, read_hidden
from workflow.review.number_format import show_number

_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT_BYTES = 65_535
_ROW = re.compile(rb"<(?:\w{1,20}:)?(?:row|si)[\s/>]")
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_CHUNK = 1024 * 1024
_SEAM = 32
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CHINESE_MONTHS = frozenset({27, 36, 50, 52, 57})
_CHINESE_DAYS = frozenset({28, 29, 30, 31, 51, 53, 54, 58})


class WorkbookBroken(Exception):
    """The workbook cannot be read. fault: the error to raise, with the file's name, which the caller knows."""

    def __init__(self, fault: type[SheetDamaged | SheetTooLarge | SheetUnreadable]) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Unreadable(str):
    """What stands in a cell that has no value: a formula never calculated, or an error such as #N/A."""

    __slots__ = ()


class Altered(str):
    """What a cell shows of a number that it keeps otherwise. kept: the number."""

    kept: str


class Page(NamedTuple):
    """A sheet of a workbook. rows: each with its number, from 1, read when asked for.

    hidden: whether the sheet itself is. hidden_rows: their numbers. hidden_columns: their places, from 0.
    """

    name: str
    hidden: bool
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    hidden_rows: Container[int] = ()
    hidden_columns: Container[int] = ()


@contextmanager
def open_workbook(data: bytes) -> Iterator[list[Page]]:
    """The sheets in their order, readable while it is open. It and their rows raise WorkbookBroken.

    Numbers and dates become text: 95.0 is 95, a date shown as a month 2024-05, any other 2024-05-31; a number that is
    shown as another (90% for 0.9) is text as shown.
    """
    has_formulas = _weigh(data)
    with ExitStack() as opened:
        with _complaining():
            values = opened.enter_context(_open(data, data_only=True))
            formulas = opened.enter_context(_open(data, data_only=False)) if has_formulas else None
            parts = find_sheets(data)
            pages = [_read_page(sheet, formulas, data, parts) for sheet in values.worksheets[: limits.SHEETS]]
        yield pages


def _read_page(sheet: Any, formulas: openpyxl.Workbook | None, data: bytes, parts: Mapping[str, str]) -> Page:
    written = formulas[sheet.title] if formulas is not None else None
    sees = read_hidden(data, parts[sheet.title]) if sheet.title in parts else Hidden((), ())
    rows = partial(_rows, sheet, written)
    return Page(sheet.title, sheet.sheet_state != "visible", rows, sees.rows, sees.columns)


@contextmanager
def _complaining() -> Iterator[None]:
    """Whatever the reading of a crafted workbook stumbles over is a workbook that cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (WorkbookBroken, GeneratorExit):
        raise
    except Exception as error:
        raise WorkbookBroken(SheetUnreadable) from error


@contextmanager
def _open(data: bytes, *, data_only: bool) -> Iterator[openpyxl.Workbook]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)
    try:
        yield workbook
    finally:
        workbook.close()


def _rows(sheet: Any, formulas: Any) -> Iterator[tuple[int, list[str]]]:
    with _complaining():
        written = _cells(formulas) if formulas is not None else repeat(())
        for number, (row, kept) in enumerate(zip(_cells(sheet), written, strict=False), 1):
            if number > limits.SHEET_ROWS or len(row) > limits.COLUMNS:
                raise WorkbookBroken(SheetTooLarge)
            cells = [_text(cell) for cell in row]
            for place, cell in enumerate(kept):
                if cell.data_type == "f" and not cells[place]:
                    cells[place] = Unreadable(cell.value if isinstance(cell.value, str) else "=")
            yield number, cells


def _cells(sheet: Any) -> Iterator[tuple[ReadOnlyCell, ...]]:
    sheet.reset_dimensions()
    yield from cast(Iterator[tuple[ReadOnlyCell, ...]], sheet.iter_rows())


def _text(cell: ReadOnlyCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return Unreadable(value) if cell.data_type == "e" else unescape(value)
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
    kept = str(value) if isinstance(value, int) else f"{value:.15g}"
    shown = show_number(Decimal(kept), cell.number_format or "")
    if shown.exact:
        return kept if Decimal(kept) == _as_number(shown.text) else shown.text
    altered = Altered(shown.text)
    altered.kept = kept
    return altered


def _as_number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def unescape(text: str) -> str:
    """Signs that a workbook writes as ``_x000D_`` (ECMA-376, 22.9.2.19)."""
    if "_x" not in text:
        return text
    written = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


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
