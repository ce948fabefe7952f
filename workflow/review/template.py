"""The sheets to fill in, with the cases that wait for them."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from sqlalchemy import bindparam, text

from workflow.engine.campaign import Campaign
from workflow.new_file import write_new
from workflow.review.answers import MODES, NO, YES, is_writable
from workflow.review.columns import SHOWN, Column
from workflow.review.fault import SheetFormatUnknown
from workflow.review.kinds import KINDS
from workflow.review.sheet import show_path
from workflow.review.sheet_kind import SheetKind
from workflow.spreadsheet import neutralise

_QUERY = (
    "SELECT c.id, f.name, c.unit, f.applicant FROM cases c JOIN forms f ON f.id = c.form_id "
    "LEFT JOIN reviews r ON r.id = c.review_id"
)
_WIDTHS = {"case": 14, "name": 34, "unit": 16, "applicant": 26, "note": 40}
_WIDTH = 15
_AS_TEXT = "@"


def write_template(campaign: Campaign, kind: str, path: Path) -> int:
    """Write the sheet for ``kind`` (a key of KINDS) as .csv or .xlsx in the campaign's language; give the cases in it.

    Raises SheetFormatUnknown for another ending, FileTaken rather than overwrite, and what ``write_new`` raises.
    """
    sheet = KINDS[kind]
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise SheetFormatUnknown(file=show_path(path))
    case, *asked = sheet.columns(campaign.edition)
    columns = (case, *SHOWN, *asked)
    rows = _read_waiting(campaign, sheet)
    data = writer(columns, rows, campaign.language)
    write_new(path, data)
    return len(rows)


def _read_waiting(campaign: Campaign, sheet: SheetKind[Any]) -> list[list[str]]:
    query = text(f"{_QUERY} WHERE c.state IN :states AND ({sheet.missing}) ORDER BY c.id")
    query = query.bindparams(bindparam("states", expanding=True))
    states = list(campaign.edition.course.awaiting(sheet.judgement))
    with campaign.reading() as connection:
        return [
            [campaign.edition.case_number(row["id"]), *(show_in_cell(row[column.key]) for column in SHOWN)]
            for row in connection.execute(query, {"states": states}).mappings()
        ]


def show_in_cell(written: str) -> str:
    """Text on one line that no spreadsheet takes for a formula."""
    return neutralise(" ".join("".join(sign if is_writable(sign) else " " for sign in written).split()))


def _write_csv(columns: Sequence[Column], rows: Iterable[Sequence[str]], language: str) -> bytes:
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(column.heading(language) for column in columns)
    writer.writerows([*row, *[""] * (len(columns) - len(row))] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def _write_xlsx(columns: Sequence[Column], rows: Sequence[Sequence[str]], language: str) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.freeze_panes = "B2"
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        heading = sheet.cell(1, place, column.heading(language))
        heading.font = Font(bold=True)
        heading.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = _WIDTHS.get(column.key, _WIDTH)
        if rows and (choice := _validation(column, language)) is not None:
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{len(rows) + 1}")
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(columns, 1):
            cell = sheet.cell(number, place, row[place - 1] if place <= len(row) else None)
            if column.key != "score":
                cell.number_format = _AS_TEXT
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def _validation(column: Column, language: str) -> DataValidation | None:
    if column.key == "score":
        return DataValidation(type="decimal", operator="between", formula1="0", formula2="100", allow_blank=True)
    if column.key == "mode":
        words = [mode[language] for mode in MODES.values()]
    elif column.key in {"mainly_hubei", "verified"} or column.key.startswith("standard_"):
        words = [YES[language], NO[language]]
    else:
        return None
    return DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
