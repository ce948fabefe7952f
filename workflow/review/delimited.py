"""CSV in the ways Excel, WPS and others save it: UTF-8, UTF-16 or GB 18030; comma, semicolon or tab (RFC 4180)."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice

from workflow.review import limits
from workflow.review.fault import SheetDamaged, SheetTooLarge, SheetUnreadable

_DELIMITERS = (",", ";", "\t")
_SAID = re.compile(r"\"?sep=([,;|\t])\"?[ ,;\t]*(?:\n|$)", re.IGNORECASE)
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class CsvBroken(Exception):
    """The text is no CSV. fault: the error to raise, with the file's name, which the caller knows."""

    def __init__(self, fault: type[SheetDamaged | SheetTooLarge | SheetUnreadable], row: int = 0) -> None:
        super().__init__(fault.code)
        self.fault, self.row = fault, row


def read_delimited(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers as a spreadsheet counts them, from 1. Raises CsvBroken.

    A first line ``sep=;`` is Excel's own way to name the delimiter; a spreadsheet does not show it.
    """
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise CsvBroken(SheetUnreadable)
    if match := _SAID.match(text):
        yield from _split(text[match.end() :], match[1])
    else:
        yield from _split(text, max(_DELIMITERS, key=lambda delimiter: _fit(text, delimiter)))


def _decode(data: bytes) -> str:
    try:
        if data.startswith(_WIDE_MARKS):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        marked = data.startswith((codecs.BOM_UTF8, *_WIDE_MARKS))
        if marked or (error.reason == "unexpected end of data" and not data[: error.start].isascii()):
            raise CsvBroken(SheetDamaged) from None
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise CsvBroken(SheetUnreadable) from None


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows a delimiter divides, and into how many cells at most."""
    widths: list[int] = []
    filled = (cells for _, cells in _split(text, delimiter) if any(map(_is_filled, cells)))
    try:
        widths.extend(len(cells) for cells in islice(filled, limits.ROWS_ABOVE_HEADING))
    except CsvBroken as broken:
        if broken.fault is SheetTooLarge:
            raise
    return sum(width > 1 for width in widths), max(widths, default=0)


def _split(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(text), delimiter=delimiter, strict=True), 1):
            if len(cells) > limits.COLUMNS:
                raise CsvBroken(SheetTooLarge)
            yield number, cells
    except csv.Error:
        raise CsvBroken(SheetDamaged, number + 1) from None


def _is_filled(cell: str) -> bool:
    return bool(cell.strip(" \t,;"))


def _lines(text: str) -> Iterator[str]:
    """Physical lines with their ends, so that a cell may hold some of them; none so long that splitting it hurts."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if end - start > limits.LINE_CHARACTERS:
            raise CsvBroken(SheetTooLarge)
        yield text[start:end]
        start = end
