"""Appendix 5, the recommending unit's report table (案例（项目）汇报表), and where it disagrees with the forms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from states.reasons import Reason
from workflow.intake.categories import CATEGORY_NAMES, category_of
from workflow.intake.document import Cell, Document, Table
from workflow.intake.form import RecommendationForm
from workflow.intake.labels import LabelReader
from workflow.intake.text import clean_line, compact

_COLUMNS = LabelReader(
    {
        "category": (
            "案例类型",
            "案例/项目类型",
            "案例项目类型",
            "类型",
            "类别",
            "案例类别",
            "申报类别",
        ),
        "number": ("序号",),
        "name": ("案例名称", "案例/项目名称", "案例项目名称", "项目名称"),
        "applicant": ("申报单位", "申报单位名称"),
        "contact_person": ("联系人", "联系人姓名"),
        "contact_phone": ("联系电话", "联系方式", "电话"),
        "remark": ("备注",),
    }
)
_NEEDED = frozenset({"name", "applicant"})
_FEWEST_COLUMNS = 4
_UNIT = re.compile(r"推荐单位[^\S\n]{0,9}(?:[（(][^（）()\n]{0,20}[）)])?[^\S\n]{0,9}[:：]([^\n]{0,200})")
_AFTER_UNIT = re.compile(r"[（(]\s{0,9}(?:盖\s{0,9}章|公\s{0,9}章)|时\s{0,9}间|日\s{0,9}期|填\s{0,9}表")
_DIGITS = re.compile(r"[^0-9]")


@dataclass(frozen=True)
class ReportRow:
    """One case as the table lists it; category is None where no known category stands beside or above it."""

    category: int | None
    name: str
    applicant: str
    contact_person: str
    contact_phone: str


@dataclass(frozen=True)
class ReportTable:
    """The filled rows of one Appendix 5 and the recommending unit it names."""

    unit: str
    rows: tuple[ReportRow, ...]


def read_report(document: Document, names: Mapping[int, str] = CATEGORY_NAMES) -> ReportTable | None:
    """Read the tables of Appendix 5 in a document, known by their column headings, as one; None where it holds none.

    A category stands for the rows below it as well, where its cell is merged or left blank there.
    """
    found = [rows for table in document.tables() if (rows := _read_table(table, names)) is not None]
    return ReportTable(_read_unit(document), tuple(row for rows in found for row in rows)) if found else None


def join_reports(reports: Sequence[ReportTable]) -> ReportTable | None:
    """The tables of one mail as one: every unit they name, joined by ``、``, and every row once."""
    if not reports:
        return None
    units = dict.fromkeys(report.unit for report in reports if report.unit)
    return ReportTable("、".join(units), tuple(dict.fromkeys(row for report in reports for row in report.rows)))


def doubt_report(report: ReportTable | None, forms: Sequence[RecommendationForm]) -> tuple[Reason, ...]:
    """What is missing of a mail's forms and its table, and where the two disagree."""
    if not forms:
        return (Reason("no-form", "附件4"),)
    if report is None:
        return (Reason("report-missing", "六.4 附件5", blocking=False),)
    return compare(report, forms)


def compare(report: ReportTable, forms: Sequence[RecommendationForm]) -> tuple[Reason, ...]:
    """Say where the table and the forms of one mail disagree (六.4); each is a doubt for a person, none blocks."""
    reasons: list[Reason] = []
    rows = {_key(row.name): row for row in report.rows}
    for form in forms:
        row = rows.get(_key(form.name))
        if row is None:
            reasons.append(_doubt("report-missing-case", form.name))
        else:
            reasons.extend(_compare_row(row, form))
    known = {_key(form.name) for form in forms}
    reasons.extend(_doubt("report-extra-case", row.name) for row in report.rows if _key(row.name) not in known)
    return tuple(reasons)


def _compare_row(row: ReportRow, form: RecommendationForm) -> list[Reason]:
    reasons = []
    if row.category is not None and row.category not in form.categories:
        listed = ", ".join(str(number) for number in form.categories)
        reasons.append(_doubt("report-category-differs", form.name, str(row.category), listed))
    if _key(row.applicant) != _key(form.applicant):
        reasons.append(_doubt("report-applicant-differs", form.name, row.applicant, form.applicant))
    in_row = (_key(row.contact_person), _DIGITS.sub("", row.contact_phone))
    in_form = (_key(form.contact_person), _DIGITS.sub("", form.contact_phone))
    if in_row != in_form:
        reasons.append(_doubt("report-contact-differs", form.name))
    return reasons


def _doubt(code: str, name: str, in_report: str | None = None, in_form: str | None = None) -> Reason:
    values = {"name": name}
    if in_report is not None and in_form is not None:
        values |= {"report": in_report, "form": in_form}
    return Reason(code, "六.4 附件5", {**values}, blocking=False)


def _key(text: str) -> str:
    return compact(text) or text


def _read_heading(row: tuple[Cell, ...]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, cell in enumerate(row):
        field = _COLUMNS.field_of(cell.text)
        if field:
            columns.setdefault(field, column)
    return columns


def _read_table(table: Table, names: Mapping[int, str]) -> tuple[ReportRow, ...] | None:
    for number, row in enumerate(table.rows):
        columns = _read_heading(row)
        if len(columns) >= _FEWEST_COLUMNS and columns.keys() >= _NEEDED:
            return _read_rows(table, number, columns, names)
    return None


def _read_rows(
    table: Table, heading: int, columns: Mapping[str, int], names: Mapping[int, str]
) -> tuple[ReportRow, ...]:
    rows: list[ReportRow] = []
    category: int | None = None
    for row in table.rows[heading + 1 :]:
        label = _text(row, columns.get("category"))
        if label:
            category = category_of(label, names)
        name, applicant = _text(row, columns["name"]), _text(row, columns["applicant"])
        if compact(name):
            person, phone = (
                _text(row, columns.get("contact_person")),
                _text(row, columns.get("contact_phone")),
            )
            rows.append(ReportRow(category, name, applicant, person, phone))
    return tuple(rows)


def _text(row: tuple[Cell, ...], column: int | None) -> str:
    return clean_line(row[column].text) if column is not None and column < len(row) else ""


def _read_unit(document: Document) -> str:
    for text in document.paragraphs():
        match = _UNIT.search(text)
        if match:
            return clean_line(_AFTER_UNIT.split(match[1], maxsplit=1)[0])
    return ""
