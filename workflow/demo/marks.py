"""The judges' marks, as the organisers' secretary keeps them: who is level with whom, and what would part them."""

import csv
from io import StringIO

from workflow.demo.phrases import phrase
from workflow.demo.sheets import BYTE_ORDER_MARK, SCORE_COLUMNS, write_sheet

HUNDREDTHS = 100
FULL_MARKS = 100 * HUNDREDTHS
A_LITTLE = 20


class Marks:
    """Hundredths of a point by case and judge, from the sheet that ``write_scores`` wrote."""

    def __init__(self, sheet: str) -> None:
        self._marks: dict[str, dict[str, int]] = {}
        for row in csv.DictReader(StringIO(sheet.removeprefix(BYTE_ORDER_MARK), newline="")):
            self._marks.setdefault(row["case"], {})[row["judge"]] = round(float(row["score"]) * HUNDREDTHS)

    def draw_level(self, case: str, other: str) -> str:
        """A sheet by which one judge corrects the mark of ``case``, so that it ends level with ``other``."""
        marks = self._marks[case]
        missing = sum(self._marks[other].values()) - sum(marks.values())
        judge = min(marks, key=lambda judge: abs(marks[judge] + missing - FULL_MARKS // 2))
        return self._mark(case, judge, marks[judge] + missing, phrase("judging", "amended"))

    def part(self, case: str) -> str:
        """A sheet by which one judge, having heard ``case`` again, gives it a little less."""
        marks = self._marks[case]
        judge = max(marks, key=lambda judge: marks[judge])
        return self._mark(case, judge, max(0, marks[judge] - A_LITTLE), phrase("judging", "heard_again"))

    def _mark(self, case: str, judge: str, hundredths: int, note: str) -> str:
        self._marks[case][judge] = hundredths
        points = f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
        return write_sheet(SCORE_COLUMNS, [(case, judge, points, note)])
