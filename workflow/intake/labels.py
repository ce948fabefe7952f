"""Finding what a document says beside its labels, however its cells are merged and its labels are spaced."""

import re
from collections.abc import Iterable, Mapping

from workflow.intake.document import Cell, Document, Table, unique_cells
from workflow.intake.text import unify_lines, without_spaces

Labels = Mapping[str, tuple[str, ...]]

_BRACKETED = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_ORNAMENT = re.compile(r"^(?:[*#]|\(?[0-9]{1,2}[.、)]|[一二三四五六七八九十]{1,3}、)")
_LONGEST_LABEL = 120


_GAP = r"[ \t\u3000]{0,9}"


def _spaced(spelling: str) -> str:
    """A pattern of one spelling that allows spaces between its characters, and （项目） after 案例."""
    pattern = _GAP.join(re.escape(sign) for sign in spelling)
    stem = _GAP.join("案例")
    return pattern.replace(stem, rf"{stem}(?:{_GAP}[（(]项目[）)])?", 1)


class LabelReader:
    """Knows a set of labels (field -> its spellings, without spaces or brackets) and finds their values."""

    def __init__(self, labels: Labels) -> None:
        self._fields = {spelling: field for field, spellings in labels.items() for spelling in spellings}
        alternatives = "|".join(_spaced(spelling) for spelling in sorted(self._fields, key=len, reverse=True))
        self._inline = re.compile(
            rf"(?P<label>{alternatives})[ \t]*(?:[（(\[][^（）()\[\]\n]{{0,60}}[）)\]][ \t]*)?"
            r"(?P<mark>[:：]|\n|\t|[ \u3000]{2,})"
        )

    def field_of(self, text: str) -> str | None:
        """Name the field a cell labels, or None where its text is not one of the labels."""
        if len(text) > _LONGEST_LABEL:
            return None
        folded = without_spaces(text)
        for candidate in (folded, _ORNAMENT.sub("", folded)):
            bare = _BRACKETED.sub("", candidate).strip(":*")
            if bare in self._fields:
                return self._fields[bare]
        return None

    def find_values(self, document: Document) -> dict[str, str]:
        """Map every field whose label is present to the raw text of its value, ``""`` where nothing is beside it."""
        found: dict[str, str] = {}
        for table in document.tables():
            for field, value in self._read_table(table):
                found.setdefault(field, value)
        beside = frozenset(found)
        for field, value in self._read_fragments(document):
            if field not in beside and not found.get(field):
                found[field] = value
        return found

    def _read_table(self, table: Table) -> Iterable[tuple[str, str]]:
        places: dict[Cell, list[tuple[int, int]]] = {}
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row):
                places.setdefault(cell, []).append((number, column))
        fields = {cell: field for cell in places if (field := self.field_of(cell.text))}
        for cell, field in fields.items():
            values = self._right_of(table, places[cell], fields)
            if not values:
                values = self._below(table, places[cell], fields)
            yield field, "\n".join(value.text for value in values)

    def _right_of(self, table: Table, covered: list[tuple[int, int]], fields: Mapping[Cell, str]) -> list[Cell]:
        values: dict[Cell, None] = {}
        ends = dict(covered)
        for number, column in ends.items():
            for neighbour in table.rows[number][column + 1 :]:
                if neighbour in fields:
                    break
                values[neighbour] = None
        return list(values)

    def _below(self, table: Table, covered: list[tuple[int, int]], fields: Mapping[Cell, str]) -> list[Cell]:
        last, column = covered[-1][0], covered[0][1]
        if last + 1 >= len(table.rows) or column >= len(table.rows[last + 1]):
            return []
        below = table.rows[last + 1][column]
        return [] if below in fields else [below]

    def _read_fragments(self, document: Document) -> Iterable[tuple[str, str]]:
        """Labels that stand before their value in one cell or one paragraph: ``申报单位：…``."""
        for table in document.tables():
            for cell in unique_cells(table):
                yield from self._split(cell.text, breaks=True)
        yield from self._split("\n".join(document.paragraphs()), breaks=False)

    def _split(self, text: str, *, breaks: bool) -> Iterable[tuple[str, str]]:
        text = unify_lines(text)
        marks = [
            match
            for match in self._inline.finditer(text + ("\n" if breaks else ""))
            if self._starts_afresh(text, match.start()) and (breaks or match["mark"] != "\n")
        ]
        for place, match in enumerate(marks):
            end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
            label = _BRACKETED.sub("", without_spaces(match["label"]))
            yield self._fields[label], text[match.end() : end].strip()

    def _starts_afresh(self, text: str, start: int) -> bool:
        before = text[max(0, start - 8) : start].rpartition("\n")[2]
        return not before.strip() or before[-1:] in " \t\u3000" or bool(_ORNAMENT.fullmatch(before.strip()))
