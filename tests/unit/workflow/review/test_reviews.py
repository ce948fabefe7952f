"""Prechecks from sheets."""

from random import Random
from typing import Any

import pytest

from workflow.demo.sheets import write_reviews
from workflow.engine.apply import advance
from workflow.engine.selection import Selection
from workflow.review import import_reviews
from workflow.review.fault import ColumnMissing

HEADING = (
    "案例编号,初审人,标准1 导向正确,标准2 目标明确,标准3 善于创新,标准4 成效明显,标准5 管理规范,"
    "实施开始时间,实施结束时间,以湖北省内为主,备注"
)
GOOD = "甲,是,√,符合,yes,1,2021-01,2024年5月,是,很好"


def codes(report: Any) -> list[tuple[int, list[str]]]:
    return [(row, [reason.code for reason in reasons]) for row, reasons in report.refused]


def test_records_a_precheck(season: Any) -> None:
    (case,) = season.add("recommended")
    report = import_reviews(season.campaign, season.sheet(HEADING, f"{case},{GOOD}"))
    assert (report.rows, report.accepted, report.refused) == (1, 1, [])
    columns = "reviewer, standards_met, implemented_from, implemented_until, mainly_hubei, note, recorded_at"
    assert season.read(f"SELECT {columns} FROM reviews") == [
        ("甲", "1,2,3,4,5", "2021-01-01", "2024-05-31", True, "很好", "2024-07-20T02:00:00.000000Z")
    ]
    (event,) = season.events("review")
    assert {key: event[key] for key in ("case", "row", "version", "standards_met", "implemented_until")} == {
        "case": case,
        "row": 2,
        "version": 2,
        "standards_met": [1, 2, 3, 4, 5],
        "implemented_until": "2024-05-31",
    }
    assert advance(season.campaign, "precheck", Selection((1,), ()), None).refused == []


def test_a_newer_review_counts_and_the_older_is_kept(season: Any) -> None:
    (case,) = season.add("recommended")
    import_reviews(season.campaign, season.sheet(HEADING, f"{case},{GOOD}"))
    import_reviews(season.campaign, season.sheet(HEADING, f"{case},{GOOD.replace('√', '×')}"))
    assert season.read("SELECT r.standards_met, c.version FROM cases c JOIN reviews r ON r.id = c.review_id") == [
        ("1,3,4,5", 3)
    ]
    assert season.read("SELECT count(*) FROM reviews") == [(2,)]


def test_gives_every_reason_of_a_row(season: Any) -> None:
    case, other, third, done = season.add("recommended", "recommended", "recommended", "prechecked")
    path = season.sheet(
        HEADING,
        f"{case},,是,大概,x,,是,2024,2024-05,,",
        f"{other},甲,是,是,是,是,是,2024-05,2024-04,是,",
        f"{third},甲,是,是,是,是,是,2019-05,2025-04,否,在期限之外也可记录",
        f"{done},{GOOD}",
        f"{third},{GOOD}",
    )
    report = import_reviews(season.campaign, path)
    assert codes(report) == [
        (2, ["value-missing", "value-invalid", "value-invalid", "value-missing", "value-invalid", "value-missing"]),
        (3, ["period-reversed"]),
        (5, ["wrong-state"]),
        (6, ["row-duplicate"]),
    ]
    invalid = report.refused[0].reasons[1]
    assert invalid.clause == "五.2"
    assert invalid.values == {"column": "标准2 目标明确", "read": "大概", "expected": ["是", "否"]}
    assert report.refused[3].reasons[0].values == {"first": 4}
    assert season.events("refusal")[0]["reasons"][1]["values"]["read"] == "大概"


def test_takes_what_the_demo_writes(season: Any) -> None:
    numbers = season.add(*["recommended"] * 20)
    report = import_reviews(season.campaign, season.sheet(data=write_reviews(numbers, Random(1)).encode()))
    assert (report.accepted, report.refused) == (20, [])


def test_changes_nothing_without_a_column(season: Any) -> None:
    (case,) = season.add("recommended")
    path = season.sheet(HEADING.replace("标准3 善于创新", "标准"), f"{case},{GOOD}")
    with pytest.raises(ColumnMissing) as missing:
        import_reviews(season.campaign, path)
    assert missing.value.values["columns"] == ["标准3 善于创新"]
    assert season.read("SELECT count(*) FROM batches") == [(0,)]


def test_refuses_what_the_database_cannot_keep(season: Any) -> None:
    (case,) = season.add("recommended")
    heading = HEADING.split(",")
    row = [case, *GOOD.split(",")]
    report = import_reviews(season.campaign, season.workbook([heading, [*row[:-1], "=A1&B1"]]))
    assert codes(report) == [(2, ["value-unreadable"])]
    row[1] = "甲\x1b"
    report = import_reviews(season.campaign, season.sheet(HEADING, ",".join(row)))
    assert codes(report) == [(2, ["value-unreadable"])]
    assert report.refused[0].reasons[0].values == {"column": "初审人", "read": "甲\N{REPLACEMENT CHARACTER}"}


def test_a_sheet_of_refusals_is_a_batch_all_the_same(season: Any) -> None:
    report = import_reviews(season.campaign, season.sheet(HEADING, f"2024-0001,{GOOD}"))
    assert (report.rows, report.accepted, codes(report)) == (1, 0, [(2, ["case-unknown"])])
    assert season.read("SELECT asked, moved, refused FROM batches") == [(1, 0, 1)]
    assert season.events("refusal")[0]["case"] is None
