"""A document as it is read: paragraphs and tables in reading order, with merged cells made one."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A paragraph outside any table; line breaks are ``\\n``, tabs ``\\t``."""

    text: str


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell of a table with all it holds, nested tables included, in reading order; told apart by identity."""

    text: str
    tables: "tuple[Table, ...]" = ()


@dataclass(frozen=True, eq=False)
class Table:
    """A table as a logical grid: a cell that spans columns or rows stands at each place it covers."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """The blocks of a document's body in reading order."""

    blocks: tuple[Paragraph | Table, ...]

    def tables(self) -> Iterator[Table]:
        """Yield every table, an outer one before those nested in it."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield from walk_tables(block)

    def paragraphs(self) -> Iterator[str]:
        """Yield the text of every paragraph that is outside the tables."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text


def walk_tables(table: Table) -> Iterator[Table]:
    """Yield a table and all tables nested in it, the outer first."""
    yield table
    for cell in unique_cells(table):
        for inner in cell.tables:
            yield from walk_tables(inner)


def unique_cells(table: Table) -> list[Cell]:
    """List the cells of a table in reading order, each once however many places it covers."""
    return list({id(cell): cell for row in table.rows for cell in row}.values())
