"""What is asked for, and what becomes of each: selection, occupancy, plan, moves that change what comes after."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.campaigns import (
    IN_TIME,
    LINE,
    MOMENTS,
    Draft,
    add_drafts,
    at,
    bring,
    found_rehearsal,
    judge,
    move,
    plain_drafts,
    states,
    wide_edition,
)
from workflow.edition import find
from workflow.edition.words import CategoryUnknown, UnitUnknown
from workflow.engine.apply import decide_all, fingerprint, preview
from workflow.engine.batch import BatchReport
from workflow.engine.campaign import Campaign
from workflow.engine.explain import explain
from workflow.engine.occupancy import Occupancy
from workflow.engine.selection import CaseUnknown, NothingAsked, Selection, TriggerUnknown, select

EDITION = find("hubei-2024")
UNIT, OTHER, BODY, SITE = "武汉市", "黄石市", "湖北省教育厅", "荆楚示例网"
WHY = "查证属实，材料虚假"


def codes(report: BatchReport) -> dict[int, list[str]]:
    return {refused.case_id: [reason.code for reason in refused.reasons] for refused in report.refused}


def moved(report: BatchReport) -> list[int]:
    return [each.case_id for each in report.moved]


def test_words_that_name_nothing_are_said() -> None:
    with pytest.raises(TriggerUnknown):
        select(EDITION, "promote", [], everything=True)
    with pytest.raises(UnitUnknown):
        select(EDITION, "recommend", [], unit="无此单位")
    with pytest.raises(CategoryUnknown):
        select(EDITION, "recommend", [], category=7)
    with pytest.raises(NothingAsked):
        select(EDITION, "recommend", [])
    for number in ("", "1", "2023-0001", "2024-1", "2024-0000", "2024-00001", "2024-0001 ", "2024-٠٠٠١", "-1"):
        with pytest.raises(CaseUnknown):
            select(EDITION, "recommend", [number])


def test_a_case_named_twice_is_asked_for_once(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 2))
    assert select(EDITION, "recommend", ["2024-0002", "2024-0001", "2024-0002"]).cases == (1, 2)


def test_a_case_that_does_not_exist_stops_the_batch(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    with pytest.raises(CaseUnknown) as told:
        move(campaign, "recommend", [1, 2])
    assert told.value.values == {"case": "2024-0002"}
    assert states(campaign) == {1: "drafted"}
    with pytest.raises(CaseUnknown):
        explain(campaign, "2024-0002", "recommend", None)


def test_all_asks_for_those_that_stand_where_the_trigger_starts(campaign: Campaign) -> None:
    add_drafts(campaign, [*plain_drafts([UNIT], 3), Draft(OTHER, "另一案例", category=5)])
    move(campaign, "withdraw", [1])
    everything = select(EDITION, "recommend", [], everything=True)
    assert moved(preview(campaign, "recommend", everything, None)[0]) == [2, 3, 4]
    assert moved(preview(campaign, "recommend", select(EDITION, "recommend", [], unit=OTHER), None)[0]) == [4]
    assert moved(preview(campaign, "recommend", select(EDITION, "recommend", [], category=3), None)[0]) == [2, 3]
    of_both = select(EDITION, "recommend", [], unit=UNIT, category=5)
    report, _ = preview(campaign, "recommend", of_both, None)
    assert (report.moved, report.refused) == ([], [])


def test_every_reason_is_given_not_just_the_first(campaign: Campaign) -> None:
    changes = {"scans": 0, "summary_characters": 201, "content_characters": 0, "applicant_opinion": False}
    add_drafts(campaign, [Draft(UNIT, "不完整", changes=changes, received_at=IN_TIME + timedelta(days=30))])
    late = at(campaign, MOMENTS["precheck"])
    (reasons,) = codes(move(late, "recommend")).values()
    assert {
        "outside-window",
        "scan-missing",
        "summary-too-long",
        "content-missing",
        "applicant-opinion-missing",
        "received-late",
    } <= set(reasons)


@pytest.mark.parametrize(("unit", "quota"), [(UNIT, 8), (OTHER, 5), (BODY, 3), (SITE, 6)])
def test_a_unit_has_its_places_and_no_more(campaign: Campaign, unit: str, quota: int) -> None:
    add_drafts(campaign, plain_drafts([unit], quota + 2))
    report = move(campaign, "recommend")
    assert moved(report) == list(range(1, quota + 1))
    assert codes(report) == {quota + 1: ["over-quota"], quota + 2: ["over-quota"]}


def test_a_place_freed_in_one_batch_is_free_in_the_next(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 9))
    move(campaign, "recommend")
    move(campaign, "withdraw", [4])
    assert moved(move(campaign, "recommend")) == [9]
    assert codes(move(campaign, "reinstate", [4])) == {4: ["over-quota"]}
    move(campaign, "return", [5])
    assert moved(move(campaign, "reinstate", [4])) == [4]


def test_declined_and_disqualified_cases_keep_their_place(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 9))
    move(campaign, "recommend")
    move(campaign, "disqualify", [1], WHY)
    assert codes(move(campaign, "recommend")) == {9: ["over-quota"]}
    assert moved(move(campaign, "reinstate", [1])) == [1]


def test_within_a_batch_the_first_of_two_routes_wins(campaign: Campaign) -> None:
    add_drafts(campaign, [Draft(UNIT, "同一案例"), Draft(OTHER, " 同一 案例！")])
    report = move(campaign, "recommend")
    assert moved(report) == [1]
    assert codes(report) == {2: ["other-route"]}


def test_a_disqualified_case_goes_back_to_every_state_it_was_struck_from(campaign: Campaign, tmp_path: Path) -> None:
    ordinals = add_drafts(campaign, plain_drafts([UNIT, OTHER, BODY, SITE], 8))
    later = at(campaign, MOMENTS["recommend"])
    move(later, "withdraw", [1])
    for kind, trigger in enumerate(MOMENTS, 2):
        later = at(campaign, MOMENTS[trigger])
        if trigger in ("precheck", "present", "survey"):
            judge(later, trigger, ordinals[kind - 1 :], tmp_path)
        assert len(move(later, trigger, ordinals[kind - 1 :]).moved) == 9 - kind
    before = states(campaign)
    assert list(before.values()) == ["withdrawn", *LINE[1:]]
    assert moved(move(later, "disqualify", ordinals, WHY)) == ordinals
    assert set(states(campaign).values()) == {"disqualified"}
    assert moved(move(later, "reinstate", ordinals)) == ordinals
    assert states(campaign) == before
    assert moved(move(later, "reinstate", [1])) == [1]
    assert states(campaign)[1] == "drafted"


def test_a_tie_across_the_last_place_lets_nobody_in(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path, wide_edition(capacity=2))
    ordinals = add_drafts(campaign, plain_drafts([UNIT], 3))
    later = at(bring(campaign, ordinals, "surveyed", tmp_path), MOMENTS["select"])
    with campaign.writing() as (_, connection):
        connection.exec_driver_sql("UPDATE cases SET score_total = 9999 WHERE id > 1")
    report = move(later, "select")
    assert moved(report) == [1]
    assert codes(report) == {2: ["not-in-the-fifty"], 3: ["not-in-the-fifty"]}
    assert [refused.reasons[0].values["tied"] for refused in report.refused] == [True, True]
    campaign.engine.dispose()


def test_the_same_rows_make_the_same_plan(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT, OTHER], 12))
    everything = select(EDITION, "recommend", [], everything=True)
    seen = []
    for _ in range(2):
        with campaign.reading() as connection:
            seen.append(list(decide_all(campaign, connection, "recommend", everything, None)))
    assert seen[0] == seen[1]
    assert preview(campaign, "recommend", everything, None) == preview(campaign, "recommend", everything, None)
    assert set(states(campaign).values()) == {"drafted"}


def test_a_fingerprint_knows_what_it_rests_on(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    named = Selection((1,), ())

    def of(moment: datetime, trigger: str = "recommend") -> str:
        with campaign.reading() as connection:
            (decision,) = decide_all(replace(campaign, now=moment), connection, trigger, named, None)
        return fingerprint(decision)

    first = of(campaign.now)
    assert of(campaign.now + timedelta(hours=1)) == first
    assert of(MOMENTS["precheck"]) != first
    assert of(campaign.now, "withdraw") != first
    move(campaign, "withdraw", [1])
    move(campaign, "reinstate", [1])
    assert of(campaign.now) != first


PLACES = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["drafted", "recommended", "selected", "archived"])),
    max_size=30,
)


@given(PLACES)
def test_a_ledger_counts_places_and_the_fifty(cases: list[tuple[str, str]]) -> None:
    rows = [(unit, state, 1, int(state != "drafted")) for unit, state in cases]
    occupancy = Occupancy(rows, [], [])
    assert occupancy.used["a"] == sum(unit == "a" and state != "drafted" for unit, state in cases)
    assert occupancy.places_taken == sum(state in ("selected", "archived") for _, state in cases)


def test_a_ledger_learns_of_moves() -> None:
    occupancy = Occupancy(
        [("a", "drafted", 2, 0)], [(1, "r", "a", False, "drafted"), (2, "r", "b", False, "drafted")], []
    )
    assert occupancy.recommended_by("r", "b") is None
    assert occupancy.also_submitted_by("r", "b") == "a"
    occupancy.move(1, "a", "drafted", "recommended", False, True)
    assert occupancy.recommended_by("r", "b") == "a"
    assert occupancy.recommended_by("r", "a") is None
    assert occupancy.used["a"] == 1
    occupancy.move(1, "a", "recommended", "withdrawn", True, False)
    assert occupancy.recommended_by("r", "b") is None
    assert occupancy.used["a"] == 0
    assert occupancy.recommended_by("no such route", "a") is None


def test_a_rival_that_was_given_up_is_none() -> None:
    rivals = [(1, "r", "a", False, "lapsed"), (2, "r", "b", False, "drafted")]
    occupancy = Occupancy([("a", "lapsed", 1, 0), ("b", "drafted", 1, 0)], rivals, [])
    assert occupancy.also_submitted_by("r", "b") is None
    occupancy.move(1, "a", "lapsed", "drafted", False, False)
    assert occupancy.also_submitted_by("r", "b") == "a"
    occupancy.move(1, "a", "drafted", "withdrawn", False, False)
    assert occupancy.also_submitted_by("r", "b") is None
