import csv
from collections import Counter
from io import StringIO
from random import Random

from workflow.demo.sheets import write_reviews, write_scores, write_surveys

NUMBERS = [f"2024-{number:04d}" for number in range(1, 101)]


def read_sheet(sheet: str) -> list[dict[str, str]]:
    assert sheet.startswith("\ufeff")
    assert sheet.endswith("\r\n")
    return list(csv.DictReader(StringIO(sheet.removeprefix("\ufeff"), newline="")))


def test_reviews_fail_the_share_they_are_told_to() -> None:
    rows = read_sheet(write_reviews(NUMBERS, Random(1), failing=0.07))
    assert [row["case"] for row in rows] == NUMBERS
    failed = [row for row in rows if "no" in row.values()]
    assert len(failed) == 7
    for row in failed:
        assert Counter(row[f"standard_{number}"] for number in range(1, 6)) == {"yes": 4, "no": 1}
        assert row["note"]


def test_reviews_lie_within_the_term() -> None:
    for row in read_sheet(write_reviews(NUMBERS, Random(1))):
        assert "2021-01" <= row["implemented_from"] < row["implemented_until"] <= "2024-05"
        assert row["mainly_hubei"] == "yes"


def test_every_judge_scores_every_case() -> None:
    rows = read_sheet(write_scores(NUMBERS, ["评委一", "评委二", "评委三"], Random(1)))
    assert Counter(row["judge"] for row in rows) == {"评委一": 100, "评委二": 100, "评委三": 100}
    for row in rows:
        assert 0 <= float(row["score"]) <= 100
        assert len(row["score"].partition(".")[2]) <= 2


def test_judges_agree_on_worth_more_than_by_chance() -> None:
    rows = read_sheet(write_scores(NUMBERS, ["评委一", "评委二"], Random(1)))
    first = [float(row["score"]) for row in rows if row["judge"] == "评委一"]
    second = [float(row["score"]) for row in rows if row["judge"] == "评委二"]
    best = sorted(range(100), key=lambda place: -first[place])[:30]
    also = sorted(range(100), key=lambda place: -second[place])[:30]
    assert len(set(best) & set(also)) > 18


def test_surveys_leave_the_share_unverified() -> None:
    rows = read_sheet(write_surveys(NUMBERS, Random(1), unverified=0.04))
    assert Counter(row["verified"] for row in rows) == {"yes": 96, "no": 4}
    assert {row["mode"] for row in rows} == {"online", "onsite"}
    assert all(row["surveyor"] for row in rows)


def test_no_failures_are_possible_and_no_cases_too() -> None:
    assert "no" not in {
        value for row in read_sheet(write_reviews(NUMBERS, Random(1), failing=0)) for value in row.values()
    }
    assert read_sheet(write_surveys([], Random(1))) == []


def test_same_seed_same_sheets() -> None:
    for write in (write_reviews, write_surveys):
        assert write(NUMBERS, Random(4)) == write(NUMBERS, Random(4))
    assert write_scores(NUMBERS, ["评委一"], Random(4)) == write_scores(NUMBERS, ["评委一"], Random(4))
