"""One row read cell by cell: what it says, and every reason why it cannot be taken."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from states.reasons import Reason, Value
from workflow.edition import Edition
from workflow.review import answers, limits
from workflow.review.sheet import Row
from workflow.review.workbook import Altered, Unreadable

Given = TypeVar("Given")

CLAUSE = "四 第二阶段"
"""“初步审核”, “汇报展示” and “调研核实” are all of phase two."""

_SCORES = "0.00–100.00"
_MONTH = "2024-05"


class RowReader:
    """Reads the cells of one row. A cell that cannot be read leaves a reason and gives a value that means nothing."""

    def __init__(self, row: Row, headings: Mapping[str, str], edition: Edition, language: str) -> None:
        self.row, self.edition, self._headings, self._language = row, edition, headings, language
        self.reasons: list[Reason] = []
        self.case_id = answers.read_case(row.cells["case"], edition)
        self.unfilled = not any(cell.strip() for key, cell in row.cells.items() if key != "case")
        self._read_case()
        if row.hidden:
            self.refuse("row-hidden", "")
        if row.overflow:
            self.refuse("row-overflow", "", columns=row.overflow)

    def _read_case(self) -> None:
        number = self._cell("case", "", required=True)
        if number and self.case_id is None:
            self.refuse("case-unknown", "", case=_show(number))
        elif self.unfilled and number:
            self.refuse("row-unfilled", "")

    def refuse(self, code: str, clause: str, **values: Value) -> None:
        self.reasons.append(Reason(code, clause, values))

    def name(self, key: str, clause: str = CLAUSE) -> str:
        """A person's name, in one spelling however it is spaced."""
        return self._limited(key, answers.plain(self._cell(key, clause, required=True)), limits.NAME_CHARACTERS)

    def note(self, key: str = "note") -> str:
        return self._limited(key, self._cell(key, "", required=False), limits.NOTE_CHARACTERS)

    def answer(self, key: str, clause: str) -> bool:
        expected = [answers.YES[self._language], answers.NO[self._language]]
        return self._read(key, clause, answers.read_answer, expected, False)

    def mode(self, key: str, clause: str = CLAUSE) -> str:
        return self._read(key, clause, answers.read_mode, [mode[self._language] for mode in answers.MODES.values()], "")

    def score(self, key: str, clause: str = CLAUSE) -> int:
        return self._read(key, clause, answers.read_score, [_SCORES], 0)

    def day(self, key: str, clause: str, *, end: bool) -> date:
        return self._read(key, clause, lambda text: answers.read_day(text, end=end), [_MONTH], date.min)

    def _read(
        self, key: str, clause: str, read: Callable[[str], Given | None], expected: list[str], nothing: Given
    ) -> Given:
        written = self._cell(key, clause, required=True)
        if not written:
            return nothing
        answer = read(written)
        if answer is None:
            self.refuse("value-invalid", clause, column=self._headings[key], read=_show(written), expected=expected)
            return nothing
        return answer

    def _cell(self, key: str, clause: str, *, required: bool) -> str:
        cell = self.row.cells.get(key, "")
        written = cell.strip()
        if isinstance(cell, Unreadable) or not answers.is_writable(written):
            self.refuse("value-unreadable", clause, column=self._headings[key], read=_show(written))
            return ""
        if isinstance(cell, Altered):
            self.refuse(
                "value-shown-otherwise", clause, column=self._headings[key], read=_show(written), kept=cell.kept
            )
            return ""
        if required and not written and (key == "case" or not self.unfilled):
            self.refuse("value-missing", clause, column=self._headings[key])
        return written

    def _limited(self, key: str, written: str, most: int) -> str:
        if len(written) > most:
            self.refuse("value-too-long", "", column=self._headings[key], count=len(written), limit=most)
        return written


def _show(written: str) -> str:
    """What was read, short enough for a sentence and without signs that no report can show."""
    shown = "".join(sign if answers.is_writable(sign) else "\N{REPLACEMENT CHARACTER}" for sign in written)
    return shown if len(shown) <= limits.SHOWN_CHARACTERS else f"{shown[: limits.SHOWN_CHARACTERS]}…"
