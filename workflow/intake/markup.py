"""WordprocessingML (ISO/IEC 29500-1, 17) -> Document. Elements are known by local name, so strict files read too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from workflow.intake import limits
from workflow.intake.document import Cell, Document, Paragraph, Table
from workflow.intake.symbols import BOX, TICK, read_symbol, read_symbols

_UNSEEN = frozenset(
    {"del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tcPr", "trPr",
     "sectPr", "rt", "rubyPr", "commentReference", "footnoteReference", "endnoteReference", "delInstrText"}
)  # fmt: skip
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})


class MarkupTooDeep(Exception):
    """Elements, or tables, are nested deeper than any form needs; or there is more text than any form holds."""


def read_body(root: etree._Element) -> Document:
    """Read the body of a main document part; raises MarkupTooDeep."""
    reader = _Reader()
    for body in _children(root):
        if _local(body) == "body":
            return Document(tuple(reader.read_blocks(body, 0, 0)))
    return Document(())


@dataclass
class _Flow:
    """The text of one paragraph as it is gathered, with the tables found in its text boxes."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self._characters = 0

    def read_blocks(self, parent: etree._Element, depth: int, tables: int) -> Iterator[Paragraph | Table]:
        _bound(depth)
        for child in _children(parent):
            name = _local(child)
            if name == "p":
                flow = _Flow()
                self._read_flow(child, flow, depth + 1, tables)
                yield Paragraph("\n".join(["".join(flow.pieces), *flow.boxes]))
                yield from flow.tables
            elif name == "tbl":
                if tables >= limits.TABLE_DEPTH:
                    raise MarkupTooDeep
                yield self._read_table(child, depth + 1, tables + 1)
            elif name not in _UNSEEN:
                yield from self.read_blocks(_chosen(child), depth + 1, tables)

    def _read_flow(
        self,
        parent: etree._Element,
        flow: _Flow,
        depth: int,
        tables: int,
        font: str = "",
    ) -> None:
        _bound(depth)
        for child in _children(parent):
            name = _local(child)
            sign = _read_sign(child, name, font)
            if sign is not None:
                self._add(flow, sign)
            elif name == "txbxContent":
                self._read_text_box(child, flow, depth + 1, tables)
            elif name == "r":
                self._read_flow(child, flow, depth + 1, tables, _font(child))
            elif name not in _UNSEEN:
                self._read_flow(_chosen(child), flow, depth + 1, tables, font)

    def _read_text_box(self, content: etree._Element, flow: _Flow, depth: int, tables: int) -> None:
        text, found = _flatten(self.read_blocks(content, depth, tables))
        flow.boxes.append(text)
        flow.tables.extend(found)

    def _read_table(self, element: etree._Element, depth: int, tables: int) -> Table:
        _bound(depth)
        rows: list[tuple[Cell, ...]] = []
        above: dict[int, Cell] = {}
        for row in _rows(element, depth):
            if len(rows) >= limits.TABLE_ROWS:
                raise MarkupTooDeep
            grid = [Cell("") for _ in range(_number(_property(row, "trPr", "gridBefore"), 0))]
            here: dict[int, Cell] = {}
            for element_cell in _cells(row, depth):
                column = len(grid)
                cell = self._read_cell(
                    element_cell,
                    above.get(column),
                    grid[-1] if grid else None,
                    depth,
                    tables,
                )
                span = max(1, _number(_property(element_cell, "tcPr", "gridSpan"), 1))
                grid.extend([cell] * min(span, limits.TABLE_COLUMNS - column))
                here[column] = cell
            rows.append(tuple(grid))
            above = here
        return Table(tuple(rows))

    def _read_cell(
        self,
        element: etree._Element,
        above: Cell | None,
        before: Cell | None,
        depth: int,
        tables: int,
    ) -> Cell:
        for name, neighbour in (("vMerge", above), ("hMerge", before)):
            merge = _property(element, "tcPr", name)
            if merge is not None and _value(merge, "continue") == "continue" and neighbour is not None:
                return neighbour
        text, found = _flatten(self.read_blocks(element, depth + 2, tables))
        return Cell(text, tuple(found))

    def _add(self, flow: _Flow, text: str) -> None:
        self._characters += len(text)
        if self._characters > limits.DOCUMENT_CHARACTERS:
            raise MarkupTooDeep
        flow.pieces.append(text)


def _flatten(blocks: Iterator[Paragraph | Table]) -> tuple[str, list[Table]]:
    lines: list[str] = []
    tables: list[Table] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
            continue
        tables.append(block)
        seen: set[int] = set()
        for row in block.rows:
            fresh = [cell for cell in dict.fromkeys(row) if id(cell) not in seen]
            seen.update(id(cell) for cell in fresh)
            lines.append("\t".join(cell.text for cell in fresh))
    return "\n".join(lines), tables


def _rows(table: etree._Element, depth: int) -> Iterator[etree._Element]:
    for row in _gather(table, "tr", depth):
        if _property(row, "trPr", "del") is None:
            yield row


def _cells(row: etree._Element, depth: int) -> Iterator[etree._Element]:
    for place, cell in enumerate(_gather(row, "tc", depth)):
        if place >= limits.TABLE_COLUMNS:
            raise MarkupTooDeep
        yield cell


def _gather(parent: etree._Element, wanted: str, depth: int) -> Iterator[etree._Element]:
    _bound(depth)
    for child in _children(parent):
        name = _local(child)
        if name == wanted:
            yield child
        elif name not in _UNSEEN and name != "tbl":
            yield from _gather(child, wanted, depth + 1)


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def _chosen(element: etree._Element) -> etree._Element:
    """Of two renderings of one thing (``mc:AlternateContent``) keep the first, or the text would count twice."""
    if _local(element) == "AlternateContent":
        return next(_children(element), element)
    return element


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _find(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next((child for child in _children(element) if _local(child) == name), None)


def _property(element: etree._Element, holder: str, name: str) -> etree._Element | None:
    return _find(_find(element, holder), name)


def _value(element: etree._Element | None, default: str, name: str = "val") -> str:
    if element is not None:
        for key, value in element.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(value)
    return default


def _number(element: etree._Element | None, default: int) -> int:
    value = _value(element, "")
    return min(int(value), limits.TABLE_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 9 else default


def _font(run: etree._Element) -> str:
    fonts = _property(run, "rPr", "rFonts")
    return next((font for name in ("ascii", "hAnsi") if (font := _value(fonts, "", name))), "")


def _is_hidden(run: etree._Element) -> bool:
    vanish = _property(run, "rPr", "vanish")
    return vanish is not None and _value(vanish, "1") not in _OFF


def _read_sign(element: etree._Element, name: str, font: str) -> str | None:
    """The text of an element that is text itself or stands for a sign, None where it holds other elements."""
    if name == "t":
        return read_symbols(font, element.text or "")
    if name in _BREAKS:
        return _BREAKS[name]
    if name == "r" and _is_hidden(element):
        return ""
    if name in _SIGNS:
        return _SIGNS[name](element)
    return None


def _read_sym(element: etree._Element) -> str:
    code = _value(element, "", "char")
    try:
        return read_symbol(_value(element, "", "font"), int(code[:6], 16))
    except ValueError:
        return ""


def _read_check_box(element: etree._Element) -> str | None:
    box = _property(element, "sdtPr", "checkbox")
    if box is None:
        return None
    return BOX if _value(_find(box, "checked"), "0") in _OFF else TICK


def _read_legacy_box(element: etree._Element) -> str:
    box = _property(element, "ffData", "checkBox")
    if box is None:
        return ""
    state = _find(box, "checked")
    if state is None:
        state = _find(box, "default")
    return BOX if state is None or _value(state, "1") in _OFF else TICK


_SIGNS: dict[str, Callable[[etree._Element], str | None]] = {
    "sym": _read_sym,
    "fldChar": _read_legacy_box,
    "sdt": _read_check_box,
}


def _bound(depth: int) -> None:
    if depth > limits.DOCUMENT_DEPTH:
        raise MarkupTooDeep
