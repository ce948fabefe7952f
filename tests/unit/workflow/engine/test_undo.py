"""Undo: the opposite moves, the letters that must not go out, and the corrections for those that did."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from tests.builders.campaigns import (
    MOMENTS,
    Draft,
    add_drafts,
    at,
    bring,
    judge,
    move,
    plain_drafts,
    problems,
    states,
    wide_edition,
)
from tests.builders.campaigns import found_rehearsal as found
from tests.builders.inbox import read_body
from workflow import clock
from workflow.engine.batch import BatchReport, BatchUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.undo import BatchNotUndoable, undo
from workflow.post.dispatch import send
from workflow.post.handling import LetterUnknown, retry

UNIT, OTHER = "武汉市", "黄石市"
WHY = "盖章有误"


def batch_of(report: BatchReport) -> int:
    assert report.batch is not None
    return report.batch


def letters(campaign: Campaign, unit: str = UNIT) -> list[tuple[int, str, str, list[str]]]:
    """Batch, kind, state and cases of every letter to a unit."""
    query = text("SELECT batch_id, kind, state, cases FROM letters WHERE recipient = :unit ORDER BY id")
    with campaign.reading() as connection:
        rows = connection.execute(query, {"unit": unit}).all()
    return [(row[0], row[1], row[2], orjson.loads(row[3]) if isinstance(row[3], str) else row[3]) for row in rows]


def kinds(campaign: Campaign, *wanted: str) -> list[str]:
    return [kind for _, kind, state, _ in letters(campaign) if state in (wanted or ("queued", "sent"))]


def post(campaign: Campaign) -> None:
    send(campaign, lambda _fate: None)


def codes(report: BatchReport) -> list[tuple[int, list[str]]]:
    return [(refusal.case_id, [reason.code for reason in refusal.reasons]) for refusal in report.refused]


def rows(campaign: Campaign) -> list[Any]:
    with campaign.reading() as connection:
        columns = "id, state, trail, recommended_at, selected_place"
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM cases ORDER BY id"))]


def test_takes_everything_back_but_the_history(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT, OTHER], 6))
    before = rows(campaign)
    number = batch_of(move(campaign, "recommend"))
    report = undo(campaign, number, WHY)
    assert len(report.moved) == 6
    assert report.refused == []
    assert report.trigger == "undo"
    assert rows(campaign) == before
    with campaign.reading() as connection:
        query = text("SELECT undoes, why, asked, moved, refused FROM batches WHERE id = :id")
        assert tuple(connection.execute(query, {"id": report.batch}).one()) == (number, WHY, 6, 6, 0)
    assert problems(campaign) == []


def test_unsent_letters_are_cancelled_and_nobody_is_told(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 2))
    report = undo(campaign, batch_of(move(campaign, "recommend")), WHY)
    assert report.letters == []
    assert kinds(campaign) == []
    assert kinds(campaign, "cancelled") == ["recommended"]
    assert problems(campaign) == []


def test_sent_letters_are_corrected_and_not_sent_again(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 2))
    number = batch_of(move(campaign, "recommend"))
    post(campaign)
    report = undo(campaign, number, WHY)
    assert [(letter.kind, letter.cases) for letter in report.letters] == [("corrected", ("2024-0001", "2024-0002"))]
    assert kinds(campaign) == ["recommended", "corrected"]
    assert problems(campaign) == []


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_a_letter_that_may_be_out_is_corrected_and_stays_where_it_is(campaign: Campaign, state: str) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    number = batch_of(move(campaign, "recommend"))
    _set_state(campaign, state)
    undo(campaign, number, WHY)
    assert kinds(campaign, state, "queued") == ["recommended", "corrected"]
    with pytest.raises(LetterUnknown):
        retry(campaign, [1])


def test_a_letter_that_failed_cannot_be_sent_after_the_undo(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    number = batch_of(move(campaign, "recommend"))
    _set_state(campaign, "failed")
    undo(campaign, number, WHY)
    assert kinds(campaign) == []
    assert kinds(campaign, "cancelled") == ["recommended"]
    with pytest.raises(LetterUnknown):
        retry(campaign, [1])


def test_what_has_moved_on_is_refused_and_keeps_its_letter(campaign: Campaign) -> None:
    """The letter goes out, because the next one builds on it, and is corrected for the others."""
    add_drafts(campaign, plain_drafts([UNIT], 3))
    number = batch_of(move(campaign, "recommend"))
    on = batch_of(move(campaign, "return", [2]))
    report = undo(campaign, number, WHY)
    assert codes(report) == [(2, ["moved-on"])]
    assert [moved.case_id for moved in report.moved] == [1, 3]
    assert [(kind, cases) for _, kind, state, cases in letters(campaign) if state == "queued"] == [
        ("recommended", ["2024-0001", "2024-0002", "2024-0003"]),
        ("returned", ["2024-0002"]),
        ("corrected", ["2024-0001", "2024-0003"]),
    ]
    undo(campaign, on, WHY)
    assert kinds(campaign) == ["recommended", "corrected"]
    assert problems(campaign) == []


def test_a_case_that_stays_is_told_anew(campaign: Campaign) -> None:
    """The freed place was taken, so the withdrawal stands; its letter also spoke of a case that returns."""
    campaign = _full(campaign)
    number = batch_of(move(campaign, "withdraw", [1, 2]))
    move(campaign, "recommend", [9])
    report = undo(campaign, number, WHY)
    assert codes(report) == [(2, ["over-quota"])]
    assert states(campaign)[1] == "recommended"
    assert [(kind, state, cases) for _, kind, state, cases in letters(campaign)][1:] == [
        ("withdrawn", "cancelled", ["2024-0001", "2024-0002"]),
        ("recommended", "queued", ["2024-0009"]),
        ("withdrawn", "queued", ["2024-0002"]),
    ]
    assert problems(campaign) == []


def test_a_unit_whose_cases_all_stay_keeps_its_letter(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT, OTHER], 2))
    number = batch_of(move(campaign, "recommend"))
    move(campaign, "return", [2])
    undo(campaign, number, WHY)
    assert [state for _, kind, state, _ in letters(campaign, OTHER) if kind == "recommended"] == ["queued"]


def test_batches_are_taken_back_one_after_the_other(campaign: Campaign) -> None:
    ordinals = add_drafts(campaign, plain_drafts([UNIT], 2))
    before = rows(campaign)
    campaign = at(campaign, MOMENTS["recommend"])
    first = batch_of(move(campaign, "recommend"))
    campaign = at(campaign, MOMENTS["precheck"])
    second = batch_of(move(campaign, "decline", ordinals))
    assert codes(undo(campaign, first, WHY)) == [(1, ["moved-on"]), (2, ["moved-on"])]
    assert len(undo(campaign, second, WHY).moved) == 2
    assert len(undo(campaign, first, WHY).moved) == 2
    assert rows(campaign) == before
    assert kinds(campaign) == []
    assert problems(campaign) == []


def test_a_batch_is_not_taken_back_past_an_import(campaign: Campaign, tmp_path: Path) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    number = batch_of(move(campaign, "recommend"))
    judge(campaign, "precheck", [1], tmp_path)
    assert codes(undo(campaign, number, WHY)) == [(1, ["moved-on"])]


@pytest.mark.parametrize("posted", [False, True], ids=["unsent", "sent"])
def test_an_undo_can_be_undone(campaign: Campaign, posted: bool) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 2))
    first = batch_of(move(campaign, "recommend"))
    if posted:
        post(campaign)
    after = rows(campaign)
    second = batch_of(undo(campaign, first, WHY))
    third = batch_of(undo(campaign, second, WHY))
    assert rows(campaign) == after
    assert kinds(campaign) == ["recommended"]
    fourth = batch_of(undo(campaign, third, WHY))
    assert set(states(campaign).values()) == {"drafted"}
    assert kinds(campaign) == (["recommended", "corrected"] if posted else [])
    undo(campaign, fourth, WHY)
    assert rows(campaign) == after
    assert kinds(campaign) == ["recommended"]
    assert problems(campaign) == []


def test_what_was_undone_and_redone_is_not_undone_by_its_first_number(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    first = batch_of(move(campaign, "recommend"))
    undo(campaign, batch_of(undo(campaign, first, WHY)), WHY)
    assert codes(undo(campaign, first, WHY)) == [(1, ["moved-on"])]


def test_every_correction_that_was_sent_is_corrected(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    number = batch_of(move(campaign, "recommend"))
    for _ in range(3):
        post(campaign)
        number = batch_of(undo(campaign, number, WHY))
    post(campaign)
    assert kinds(campaign, "sent") == ["recommended", "corrected", "corrected", "corrected"]
    assert problems(campaign) == []


def test_a_withdrawal_is_not_taken_back_over_the_quota(campaign: Campaign) -> None:
    campaign = _full(campaign)
    number = batch_of(move(campaign, "withdraw", [1]))
    move(campaign, "recommend", [9])
    assert codes(undo(campaign, number, WHY)) == [(1, ["over-quota"])]
    assert states(campaign)[1] == "withdrawn"


def test_a_withdrawal_is_not_taken_back_past_another_route(campaign: Campaign) -> None:
    add_drafts(campaign, [Draft(UNIT, "同一案例"), Draft(OTHER, "同一案例")])
    move(campaign, "recommend", [1])
    number = batch_of(move(campaign, "withdraw", [1]))
    move(campaign, "recommend", [2])
    assert codes(undo(campaign, number, WHY)) == [(1, ["other-route"])]


def test_the_fifty_stay_fifty(database_url: str, tmp_path: Path) -> None:
    campaign = found(database_url, tmp_path, wide_edition(capacity=2))
    ordinals = add_drafts(campaign, plain_drafts([UNIT], 3))
    campaign = bring(campaign, ordinals, "surveyed", tmp_path)
    campaign = at(campaign, MOMENTS["select"])
    assert len(move(campaign, "select").moved) == 2
    number = batch_of(move(campaign, "disqualify", [1], why="查证属实：材料虚假"))
    assert len(move(campaign, "select", [3]).moved) == 1
    assert codes(undo(campaign, number, WHY)) == [(1, ["fifty-full"])]
    assert sorted(states(campaign).values()) == ["disqualified", "selected", "selected"]
    assert problems(campaign) == []
    campaign.engine.dispose()


def test_unknown_batches_and_those_that_moved_nothing(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 1))
    with pytest.raises(BatchUnknown):
        undo(campaign, 99, WHY)
    with pytest.raises(BatchNotUndoable):
        undo(campaign, 1, WHY)
    refused = batch_of(move(campaign, "precheck", [1]))
    with pytest.raises(BatchNotUndoable):
        undo(campaign, refused, WHY)


def _full(campaign: Campaign) -> Campaign:
    """Nine drafts of a unit that has eight places, the first eight recommended."""
    add_drafts(campaign, plain_drafts([UNIT], 9))
    assert codes(move(campaign, "recommend")) == [(9, ["over-quota"])]
    return campaign


def _set_state(campaign: Campaign, state: str) -> None:
    with campaign.writing() as (_, connection):
        until = clock.write(campaign.now + timedelta(minutes=10)) if state == "sending" else None
        query = text("UPDATE letters SET state = :state, leased_until = :until")
        connection.execute(query, {"state": state, "until": until})


def read_letters(campaign: Campaign, kind: str) -> list[str]:
    """What every letter of that kind that is to go out says."""
    query = text("SELECT message FROM letters WHERE kind = :kind AND state = 'queued' ORDER BY id")
    with campaign.reading() as connection:
        return [read_body(bytes(message)) for message in connection.execute(query, {"kind": kind}).scalars()]


def test_a_letter_put_in_force_again_gives_its_own_reason(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 2))
    move(campaign, "recommend")
    returned = batch_of(move(campaign, "return", why="简介超过字数，请压缩"))
    undo(campaign, batch_of(undo(campaign, returned, "误办")), "误撤销")
    (letter,) = read_letters(campaign, "returned")
    assert "说明：简介超过字数，请压缩" in letter
    assert "误" not in letter


def test_a_letter_that_leaves_out_what_was_taken_back_gives_its_own_reason(campaign: Campaign) -> None:
    ordinals = add_drafts(campaign, plain_drafts([UNIT], campaign.edition.units[UNIT].quota))
    move(campaign, "recommend")
    returned = batch_of(move(campaign, "return", ordinals[:2], why="缺推荐意见"))
    move(campaign, "recommend", add_drafts(campaign, [Draft(UNIT, "后补案例")]))
    report = undo(campaign, returned, "误点")
    assert [case for case, _ in codes(report)] == [2]
    (letter,) = read_letters(campaign, "returned")
    assert "说明：缺推荐意见" in letter
    assert ("2024-0001" in letter, "2024-0002" in letter) == (False, True)


def test_lapsed_cases_hear_again_what_was_missing(campaign: Campaign) -> None:
    add_drafts(campaign, [Draft(UNIT, "缺扫描件案例", changes={"scans": 0})])
    late = at(campaign, MOMENTS["precheck"])
    lapsed = batch_of(move(late, "lapse"))
    (first,) = read_letters(campaign, "lapsed")
    assert "扫描件" in first
    undo(late, batch_of(undo(late, lapsed, "误办")), "误撤销")
    assert [letter.count("扫描件") for letter in read_letters(campaign, "lapsed")] == [first.count("扫描件")]
