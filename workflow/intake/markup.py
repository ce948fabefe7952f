"""WordprocessingML (ISO/IEC 29500-1, 17) -> Document. Elements are known by local name, so strict files read too."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.intake import limits
from workflow.intake.controls import read_control, read_legacy, speaks
from workflow.intake.document import Cell, Document, Paragraph, Table
from workflow.intake.elements import Element, children, find, is_on, local, value
from workflow.intake.fields import LONGEST_CODE, draw, is_drawn
from workflow.intake.symbols import TICKS, Fonts, is_symbol_font, mark_unclear, read_symbol, read_symbols

_UNSEEN = frozenset(
    {"del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tcPr", "trPr",
     "sectPr", "rt", "rubyPr", "commentReference", "footnoteReference", "endnoteReference", "delInstrText", "ffData"}
)  # fmt: skip
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_DRAWINGS = frozenset({"drawing", "pict", "object"})
_FONT_KINDS = ("ascii", "hAnsi", "eastAsia", "cs")
_FIELDS_DEEP = 20
_LONGEST_MARK = 3
_PLAIN = Fonts()


class MarkupTooDeep(Exception):
    """Elements, or tables, are nested deeper than any form needs; or there is more text than any form holds."""


def read_body(root: Element) -> Document:
    """Read the body of a main document part; raises MarkupTooDeep."""
    reader = _Reader()
    body = find(root, "body")
    return Document(() if body is None else tuple(reader.read_blocks(body, 0, 0)))


@dataclass
class _Field:
    """A field that is open. results: whether its code is over and what follows is its last result."""

    data: Element | None
    code: str = ""
    results: bool = False
    shown: str = ""

    @property
    def is_drawn(self) -> bool:
        return is_drawn(self.code)


@dataclass
class _Flow:
    """The text of one paragraph as it is gathered, with the tables found in its text boxes.

    apart: whether a text box has just ended, which what follows does not continue.
    """

    pieces: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    apart: bool = False

    def add(self, text: str) -> None:
        if self.apart and text.strip():
            self.pieces.append("\n")
            self.apart = False
        self.pieces.append(text)

    def set_apart(self, text: str) -> None:
        """Add the text of a box on lines of its own."""
        if any(piece.strip() for piece in self.pieces):
            self.pieces.append("\n")
        self.pieces.append(text)
        self.apart = True

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class _Reader:
    def __init__(self) -> None:
        self._characters = 0

    def read_blocks(self, parent: Element, depth: int, tables: int) -> Iterator[Paragraph | Table]:
        _bound(depth)
        for child in children(parent):
            name = local(child)
            if name == "p":
                flow = _Flow()
                self._read_flow(child, flow, depth + 1, tables)
                self._close_fields(flow)
                framed = find(child, "pPr", "framePr") is not None and _is_mark(flow.text)
                yield Paragraph(mark_unclear(f"[{flow.text.strip()}]") if framed else flow.text)
                yield from flow.tables
            elif name == "tbl":
                if tables >= limits.TABLE_DEPTH:
                    raise MarkupTooDeep
                yield self._read_table(child, depth + 1, tables + 1)
            elif name == "sdt" and speaks(child):
                text, found = _flatten(self.read_blocks(child, depth + 1, tables))
                yield Paragraph(drawn := read_control(child, text))
                yield from found if drawn == text else ()
            elif name not in _UNSEEN:
                yield from self.read_blocks(_chosen(child), depth + 1, tables)

    def _read_flow(self, parent: Element, flow: _Flow, depth: int, tables: int, fonts: Fonts = _PLAIN) -> None:
        _bound(depth)
        for child in children(parent):
            name = local(child)
            if (sign := _read_sign(child, name, fonts)) is not None:
                self._add(flow, sign)
            elif name in ("fldChar", "instrText"):
                self._read_field(child, name, flow, fonts)
            elif name == "fldSimple" and is_drawn(code := value(child, "", "instr")):
                self._add(flow, draw(code))
            elif name == "sdt" and speaks(child):
                inner = _Flow()
                self._read_flow(child, inner, depth + 1, tables, fonts)
                self._close_fields(inner)
                self._add(flow, read_control(child, inner.text))
            elif name == "txbxContent":
                self._read_text_box(child, flow, depth + 1, tables)
            elif name in _DRAWINGS and next(child.iter("{*}txbxContent"), None) is None:
                self._add(flow, mark_unclear(f"[{_name_drawing(child)}]"))
            elif name == "r":
                self._read_flow(child, flow, depth + 1, tables, _read_fonts(child))
            elif name not in _UNSEEN:
                self._read_flow(_chosen(child), flow, depth + 1, tables, fonts)

    def _read_field(self, element: Element, name: str, flow: _Flow, fonts: Fonts) -> None:
        """Fields that draw a sign are read by their code, the others by the result that is kept beside it."""
        kind = value(element, "", "fldCharType")
        last = flow.fields[-1] if flow.fields else None
        if name == "instrText":
            if last is not None and not last.results:
                last.code = (last.code + read_symbols(fonts, element.text or ""))[:LONGEST_CODE]
        elif kind in ("begin", ""):
            data = find(element, "ffData")
            if kind == "begin" and len(flow.fields) < _FIELDS_DEEP:
                flow.fields.append(_Field(data))
            elif data is not None:
                self._add(flow, read_legacy(data, "") or "")
        elif kind == "separate" and last is not None:
            last.results = True
        elif kind == "end" and last is not None:
            self._close_field(flow)

    def _close_fields(self, flow: _Flow) -> None:
        """A field that the paragraph does not end ends with it."""
        while flow.fields:
            self._close_field(flow)

    def _close_field(self, flow: _Flow) -> None:
        ended = flow.fields.pop()
        drawn = read_legacy(ended.data, ended.shown) if ended.data is not None else None
        if drawn is None:
            drawn = draw(ended.code) if ended.is_drawn else ended.shown
        self._add(flow, drawn)

    def _read_text_box(self, content: Element, flow: _Flow, depth: int, tables: int) -> None:
        """A box stands where it is anchored; a mark in one that floats may lie over anything, and is unclear."""
        text, found = _flatten(self.read_blocks(content, depth, tables))
        flow.tables.extend(found)
        written = text.strip()
        if not _is_mark(written):
            flow.set_apart(text)
        elif _floats(content):
            self._add(flow, mark_unclear(f"[{written}]"))
        else:
            self._add(flow, written)

    def _read_table(self, element: Element, depth: int, tables: int) -> Table:
        _bound(depth)
        rows: list[tuple[Cell, ...]] = []
        above: dict[int, Cell] = {}
        for row in _rows(element, depth):
            if len(rows) >= limits.TABLE_ROWS:
                raise MarkupTooDeep
            grid = [Cell("") for _ in range(_number(find(row, "trPr", "gridBefore"), 0))]
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
                span = max(1, _number(find(element_cell, "tcPr", "gridSpan"), 1))
                grid.extend([cell] * min(span, limits.TABLE_COLUMNS - column))
                here[column] = cell
            rows.append(tuple(grid))
            above = here
        return Table(tuple(rows))

    def _read_cell(
        self,
        element: Element,
        above: Cell | None,
        before: Cell | None,
        depth: int,
        tables: int,
    ) -> Cell:
        for name, neighbour in (("vMerge", above), ("hMerge", before)):
            merge = find(element, "tcPr", name)
            if merge is not None and value(merge, "continue") == "continue" and neighbour is not None:
                return neighbour
        text, found = _flatten(self.read_blocks(element, depth + 2, tables))
        control = _control_around(element)
        return Cell(text, tuple(found)) if control is None else Cell(read_control(control, text))

    def _add(self, flow: _Flow, text: str) -> None:
        self._characters += len(text)
        if self._characters > limits.DOCUMENT_CHARACTERS:
            raise MarkupTooDeep
        last = flow.fields[-1] if flow.fields else None
        if last is not None and last.results:
            last.shown += text
        elif last is not None and last.is_drawn:
            last.code = (last.code + text)[:LONGEST_CODE]
        else:
            flow.add(text)


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


def _rows(table: Element, depth: int) -> Iterator[Element]:
    for row in _gather(table, "tr", depth):
        if find(row, "trPr", "del") is None:
            yield row


def _cells(row: Element, depth: int) -> Iterator[Element]:
    for place, cell in enumerate(_gather(row, "tc", depth)):
        if place >= limits.TABLE_COLUMNS:
            raise MarkupTooDeep
        yield cell


def _gather(parent: Element, wanted: str, depth: int) -> Iterator[Element]:
    _bound(depth)
    for child in children(parent):
        name = local(child)
        if name == wanted:
            yield child
        elif name not in _UNSEEN and name != "tbl":
            yield from _gather(child, wanted, depth + 1)


def _control_around(cell: Element) -> Element | None:
    """The content control of which a cell, or its whole row, is the content, where that says something of its own."""
    for holder in cell.iterancestors():
        if local(holder) == "sdt" and speaks(holder):
            return holder
        if local(holder) == "tbl":
            return None
    return None


def _chosen(element: Element) -> Element:
    """Of two renderings of one thing (``mc:AlternateContent``) keep the first, or the text would count twice."""
    if local(element) == "AlternateContent":
        return next(children(element), element)
    return element


def _number(element: Element | None, default: int) -> int:
    written = value(element, "")
    if not (written.isascii() and written.isdigit() and len(written) < 9):
        return default
    return min(int(written), limits.TABLE_COLUMNS)


def _read_fonts(run: Element) -> Fonts:
    fonts = find(run, "rPr", "rFonts")
    named = [font for kind in _FONT_KINDS if (font := value(fonts, "", kind))]
    latin = next((font for kind in _FONT_KINDS[:2] if (font := value(fonts, "", kind))), "")
    symbol = next((font for font in named if is_symbol_font(font)), "")
    return Fonts(latin, symbol, value(fonts, "", "hint") == "eastAsia")


def _read_sign(element: Element, name: str, fonts: Fonts) -> str | None:
    """The text of an element that is text itself or stands for a sign, None where it holds other elements."""
    if name == "t":
        return read_symbols(fonts, element.text or "")
    if name in _BREAKS:
        return _BREAKS[name]
    if name == "sym":
        return _read_sym(element)
    return "" if name == "r" and is_on(find(element, "rPr", "vanish")) else None


def _read_sym(element: Element) -> str:
    try:
        return read_symbol(value(element, "", "font"), int(value(element, "", "char")[:6], 16))
    except ValueError:
        return ""


def _is_mark(text: str) -> bool:
    """Whether a box or a frame holds a tick and nothing else."""
    written = text.strip()
    return len(written) <= _LONGEST_MARK and any(sign in TICKS or sign in "VvXx" for sign in written)


def _floats(content: Element) -> bool:
    """Whether a text box is placed on the page and not in its line."""
    for holder in content.iterancestors():
        if local(holder) == "inline":
            return False
        if local(holder) in ("shape", "rect", "oval") and "position:absolute" not in value(holder, "", "style"):
            return False
        if local(holder) in _DRAWINGS or local(holder) == "p":
            return True
    return True


def _name_drawing(drawing: Element) -> str:
    """What Word calls a drawing (“Oval 3”), which its author can find it by."""
    properties = next(drawing.iter("{*}docPr"), None)
    return value(properties, "", "name")[:40] or local(drawing)


def _bound(depth: int) -> None:
    if depth > limits.DOCUMENT_DEPTH:
        raise MarkupTooDeep
