"""The query, the row it fills by position, and the facts that guards look at say the same of a case."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from states.facts import Facts, Picture, Review, Survey, Video
from states.reasons import Reason
from tests.builders.campaigns import Draft, add_drafts
from workflow.edition import find
from workflow.engine import facts
from workflow.engine.campaign import Campaign
from workflow.engine.facts import CaseRow, gather_facts, read_cases, write_doubts, write_media
from workflow.engine.occupancy import Occupancy
from workflow.engine.selection import Selection

EDITION = find("hubei-2024")
OTHER = EDITION.units["黄石市"]
NOW = datetime(2024, 7, 1, tzinfo=UTC)
DOUBT = Reason("scan-unclear", "六.5", {"files": ["照片.jpg"]})
PICTURE, VIDEO = Picture("图.jpg", "JPEG", 300.0, 12), Video("片.mp4", "MP4", 1920, 1080, 34)
ROW = CaseRow(
    id=7,
    state="drafted",
    version=2,
    trail="",
    unit="武汉市",
    route="甲案|示例单位",
    received_at="2024-06-20T02:12:00.000000Z",
    received_proven=False,
    recommended_at=None,
    scores=0,
    selected_place=None,
    name="",
    applicant="",
    contact_person="",
    contact_phone="",
    address="",
    categories="",
    summary_characters=0,
    content_characters=0,
    headings_missing="",
    applicant_opinion=False,
    recommender_opinion=False,
    scans=0,
    media="",
    documents="",
    doubts="",
    review_id=None,
    standards_met=None,
    implemented_from=None,
    implemented_until=None,
    mainly_hubei=None,
    survey_id=None,
    mode=None,
    verified=None,
)
REVIEWED = {
    "review_id": 11,
    "standards_met": "1,4",
    "implemented_from": "2023-02-01",
    "implemented_until": "2024-03-31",
    "mainly_hubei": True,
}
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"state": "recommended"}, {"state": "recommended"}),
    ({"trail": "recommended/prechecked"}, {"left_state": "prechecked"}),
    ({"unit": OTHER.name}, {"unit": OTHER.name, "quota": OTHER.quota, "quota_left": OTHER.quota}),
    ({"received_at": "2024-06-21T00:00:00.000000Z"}, {"received_at": datetime(2024, 6, 21, tzinfo=UTC)}),
    ({"received_proven": True}, {"received_proven": True}),
    ({"recommended_at": "2024-06-28T00:00:00.000000Z"}, {"holds_place": True}),
    ({"scores": 5}, {"scores": 5}),
    *(({name: f"({name})"}, {name: f"({name})"}) for name in ("name", "applicant", "contact_person", "contact_phone")),
    ({"address": "(address)"}, {"address": "(address)"}),
    ({"categories": "2,3"}, {"categories": (2, 3)}),
    ({"summary_characters": 150}, {"summary_characters": 150}),
    ({"content_characters": 1200}, {"content_characters": 1200}),
    ({"headings_missing": "背景意义,经验启示"}, {"content_headings_missing": ("背景意义", "经验启示")}),
    ({"applicant_opinion": True}, {"applicant_opinion": True}),
    ({"recommender_opinion": True}, {"recommender_opinion": True}),
    ({"scans": 2}, {"scans": 2}),
    ({"media": write_media((PICTURE,), (VIDEO,))}, {"pictures": (PICTURE,), "videos": (VIDEO,)}),
    ({"doubts": write_doubts((DOUBT,))}, {"doubts": (DOUBT,)}),
    (REVIEWED, {"review": Review(11, (1, 4), date(2023, 2, 1), date(2024, 3, 31), True)}),
    ({"survey_id": 13, "mode": "online", "verified": True}, {"survey": Survey(13, "online", True)}),
]
LOOKED_AT_BY_NO_GUARD = {"id", "version", "route", "selected_place", "documents"}


def gather(row: CaseRow) -> Facts:
    return gather_facts(row, Occupancy((), (), ()), EDITION, NOW, None)


def test_the_query_gives_the_rows_columns_in_their_order(campaign: Campaign) -> None:
    with campaign.reading() as connection:
        result = connection.execute(text(f"{facts._COLUMNS} 1 = 1"))
        assert tuple(result.keys()) == CaseRow._fields


@pytest.mark.parametrize(("changed", "expected"), CHANGES, ids=[next(iter(changed)) for changed, _ in CHANGES])
def test_each_column_reaches_the_fact_it_is_meant_for_and_no_other(
    changed: dict[str, Any], expected: dict[str, Any]
) -> None:
    before, after = gather(ROW)._asdict(), gather(ROW._replace(**changed))._asdict()
    assert {name: value for name, value in after.items() if value != before[name]} == expected


def test_no_column_is_forgotten() -> None:
    assert {name for changed, _ in CHANGES for name in changed} | LOOKED_AT_BY_NO_GUARD == set(CaseRow._fields)


def test_what_is_stored_is_what_is_read(campaign: Campaign) -> None:
    [ordinal] = add_drafts(campaign, [Draft("武汉市", "甲案", "示例图书馆", category=5, changes={"scans": 3})])
    with campaign.reading() as connection:
        [row] = read_cases(connection, Selection((ordinal,), ()))
    read = gather(row)
    assert (row.id, row.version, row.unit, read.name, read.applicant) == (ordinal, 1, "武汉市", "甲案", "示例图书馆")
    assert (read.categories, read.scans, read.summary_characters, read.content_characters) == ((5,), 3, 150, 1200)
    assert (read.review, read.survey, read.holds_place) == (None, None, False)
