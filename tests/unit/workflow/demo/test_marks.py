import csv
from io import StringIO
from random import Random

import pytest

from workflow.demo.marks import Marks
from workflow.demo.sheets import write_scores

JUDGES = ["评委甲", "评委乙", "评委丙"]
CASES = ["2024-0001", "2024-0002"]


def read(sheet: str) -> dict[tuple[str, str], int]:
    rows = csv.DictReader(StringIO(sheet.removeprefix("\ufeff"), newline=""))
    return {(row["case"], row["judge"]): round(float(row["score"]) * 100) for row in rows}


def total(given: dict[tuple[str, str], int], case: str) -> int:
    return sum(mark for (marked, _), mark in given.items() if marked == case)


@pytest.mark.parametrize("seed", range(8))
def test_corrected_marks_make_two_cases_level(seed: int) -> None:
    sheet = write_scores(CASES, JUDGES, Random(seed))
    correction = read(Marks(sheet).draw_level(*CASES))
    given = read(sheet) | correction
    assert {case for case, _ in correction} == {CASES[0]}
    assert total(given, CASES[0]) == total(given, CASES[1])
    assert all(0 <= mark <= 10_000 for mark in given.values())


def test_hearing_a_case_again_parts_it_from_the_other() -> None:
    sheet = write_scores(CASES, JUDGES, Random(1))
    marks = Marks(sheet)
    given = read(sheet) | read(marks.draw_level(*CASES))
    given |= read(marks.part(CASES[0]))
    assert total(given, CASES[0]) < total(given, CASES[1])
