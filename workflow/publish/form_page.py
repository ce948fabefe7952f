"""A form's sheet as one page for any browser and printer: no script, no other file, nothing from elsewhere."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from workflow.publish.form_sheet import Row, Sheet

TEMPLATE = Path(__file__).parent / "form_page.html"


def write_page(sheet: Sheet, title: str, language: str) -> bytes:
    """title: of the window; language: of the labels."""
    rows = list(_share_rows(sheet.rows))
    return _template().render(sheet=sheet, rows=rows, title=title, language=language).encode()


def _share_rows(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Two halves share a row of the table, as in the notice."""
    left = iter(rows)
    for row in left:
        yield (row, next(left)) if row.half else (row,)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
