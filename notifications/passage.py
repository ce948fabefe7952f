"""Plain text as HTML lays it out: paragraphs and lists."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

BULLETS = ("· ", "- ")


class Paragraph(NamedTuple):
    """Lines that belong together; ``listed``: points, of which the bullets are left out."""

    lines: tuple[str, ...]
    listed: bool


def split_paragraphs(text: str) -> Iterator[Paragraph]:
    """Paragraphs end at blank lines, and where lines with bullets begin or end."""
    for listed, group in groupby(text.splitlines(), _is_listed):
        if listed is not None:
            lines = tuple(group)
            yield Paragraph(tuple(line[2:] for line in lines) if listed else lines, listed)


def _is_listed(line: str) -> bool | None:
    return line.startswith(BULLETS) if line.strip() else None
