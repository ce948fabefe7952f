"""The judges' marks, as the organisers' secretary keeps them: who is level with whom, and what would part them."""

import csv
from collections.abc import Mapping
from io import StringIO

from workflow.demo.phrases import phrase
from workflow.demo.sheets import BYTE_ORDER_MARK, SCORE_COLUMNS, write_sheet

HUNDREDTHS = 100
A_LITTLE = 20


class Marks:
    """Hundredths of a point by case and judge, from the sheet that ``write_scores`` wrote."""

    def __init__(self, sheet: str) -> None:
        self._marks: dict[str, dict[str, int]] = {}
        for row in csv.DictReader(StringIO(sheet.removeprefix(BYTE_ORDER_MARK), newline="")):
            self._marks.setdefault(row["case"], {})[row["judge"]] = round(float(row["score"]) * HUNDREDTHS)

    def draw_level(self, case: str, other: str) -> str:
        """A sheet that corrects the marks of ``case``, which turn out to be those of ``other``."""
        return self._give(case, self._marks[other], phrase("judging", "amended"))

    def part(self, case: str) -> str:
        """A sheet by which one judge, having heard ``case`` again, gives it a little less."""
        marks = self._marks[case]
        judge = max(marks, key=lambda judge: marks[judge])
        return self._give(case, {judge: max(0, marks[judge] - A_LITTLE)}, phrase("judging", "heard_again"))

    def _give(self, case: str, marks: Mapping[str, int], note: str) -> str:
        self._marks[case].update(marks)
        rows = [(case, judge, f"{mark // HUNDREDTHS}.{mark % HUNDREDTHS:02d}", note) for judge, mark in marks.items()]
        return write_sheet(SCORE_COLUMNS, rows)
