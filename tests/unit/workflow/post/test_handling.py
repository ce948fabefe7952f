"""Letters kept back, let go and cancelled: all that are named or none, on record, and never sent meanwhile."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from notifications.outbox import Choice, Fate
from tests.builders.campaigns import add_drafts, at, move, plain_drafts, problems
from tests.builders.outbox import write_letters
from workflow.edition.words import UnitUnknown
from workflow.engine.apply import advance
from workflow.engine.batch import BatchUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.reason import ReasonNeeded
from workflow.engine.selection import select
from workflow.engine.undo import undo
from workflow.post.dispatch import _Dispatch, send
from workflow.post.handling import (
    LettersUnfit,
    LettersUnsaid,
    LetterUnknown,
    NoSuchLetters,
    cancel,
    hold,
    release,
    retry,
)

UNITS = ("武汉市", "黄石市", "十堰市")
FIRST, SECOND = 1, 2


def letters(campaign: Campaign) -> list[tuple[int, str, bool]]:
    """Number, state, and whether it is held."""
    query = text("SELECT id, state, held_at IS NOT NULL FROM letters ORDER BY id")
    with campaign.reading() as connection:
        return [(row[0], row[1], bool(row[2])) for row in connection.execute(query)]


def told(campaign: Campaign, number: int) -> list[dict[str, Any]]:
    """Every event about a letter, oldest first."""
    key = text("SELECT message_id FROM letters WHERE id = :id")
    leaves = text("SELECT leaf FROM events WHERE kind = 'letter' ORDER BY seq")
    with campaign.reading() as connection:
        message_id = connection.execute(key, {"id": number}).scalar_one()
        events = [orjson.loads(bytes(leaf)) for leaf in connection.execute(leaves).scalars()]
    return [event for event in events if event["letter"] == message_id]


def post(campaign: Campaign, choice: Choice = Choice()) -> list[int]:  # noqa: B008
    reported = send(campaign, lambda _letter: None, choice=choice)
    assert {each.state for each in reported} <= {"sent"}
    return sorted(each.letter for each in reported)


def test_a_held_letter_stays_until_it_is_released(campaign: Campaign) -> None:
    write_letters(campaign, 3)
    assert hold(campaign, [1, 3]) == [1, 3]
    assert letters(campaign) == [(1, "queued", True), (2, "queued", False), (3, "queued", True)]
    assert post(campaign) == [2]
    assert post(campaign) == []
    assert release(campaign, [3]) == [3]
    assert post(campaign) == [3]
    assert [event["to"] for event in told(campaign, 3)] == ["queued", "held", "released", "sending", "sent"]
    assert problems(campaign) == []


@pytest.mark.parametrize(
    ("act", "unfit"),
    [
        (hold, {"sent", "failed", "unknown", "sending", "cancelled", "held"}),
        (release, {"sent", "failed", "unknown", "sending", "cancelled", "queued"}),
        (lambda campaign, ids: cancel(campaign, ids, None, "写错了"), {"sent", "unknown", "sending", "cancelled"}),
    ],
)
def test_all_or_none(campaign: Campaign, act: Callable[[Campaign, list[int]], list[int]], unfit: set[str]) -> None:
    write_letters(campaign, 7)
    desk = _Dispatch(campaign, lambda _letter: None)
    sent, failed, unknown, _ = desk.exchange([], 4)
    desk.exchange([Fate(sent, "sent", ""), Fate(failed, "failed", "550"), Fate(unknown, "unknown", "")], 0)
    cancel(campaign, [5], None, "写错了")
    hold(campaign, [6])
    fates = dict(enumerate(("sent", "failed", "unknown", "sending", "cancelled", "held", "queued"), 1))
    before = letters(campaign)
    for number, fate in fates.items():
        others = [other for other in fates if fates[other] not in unfit]
        if fate in unfit:
            with pytest.raises(LettersUnfit) as refused:
                act(campaign, [*others, number, 99])
            assert refused.value.values == {"letters": [number, 99]}
            assert letters(campaign) == before
    fit = [number for number, fate in fates.items() if fate not in unfit]
    assert act(campaign, fit) == fit
    assert problems(campaign) == []


def test_of_a_batch_those_that_are_fit(campaign: Campaign) -> None:
    write_letters(campaign, 2)
    write_letters(campaign, 3)
    post(campaign, Choice(ids=[4]))
    assert hold(campaign, [], SECOND) == [3, 5]
    with pytest.raises(NoSuchLetters):
        hold(campaign, [], SECOND)
    assert cancel(campaign, [], SECOND, "批次有误") == [3, 5]
    assert told(campaign, 5)[-1]["why"] == "批次有误"
    assert letters(campaign)[:2] == [(1, "queued", False), (2, "queued", False)]
    with pytest.raises(BatchUnknown):
        release(campaign, [], 99)
    assert problems(campaign) == []


def test_letters_or_a_batch_and_a_reason(campaign: Campaign) -> None:
    write_letters(campaign, 1)
    for ids, batch in (([], None), ([1], FIRST)):
        with pytest.raises(LettersUnsaid):
            hold(campaign, ids, batch)
    for why in (None, "", "  "):
        with pytest.raises(ReasonNeeded):
            cancel(campaign, [1], None, why)


def test_what_is_cancelled_is_never_sent_again(campaign: Campaign) -> None:
    write_letters(campaign, 2)
    cancel(campaign, [1], None, "写错了")
    with pytest.raises(LetterUnknown):
        retry(campaign, [1])
    assert post(campaign) == [2]


def test_a_batch_whose_letters_are_held(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts(UNITS, 3))
    asked = select(campaign.edition, "recommend", [], everything=True)
    report = advance(campaign, "recommend", asked, None, hold=True)
    assert [letter.held for letter in report.letters] == [True] * 3
    assert {event["to"] for number in (1, 2, 3) for event in told(campaign, number)} == {"held"}
    assert post(campaign) == []
    assert problems(campaign) == []
    assert report.batch is not None
    undo(campaign, report.batch, "盖章有误")
    assert letters(campaign) == [(number, "cancelled", False) for number in (1, 2, 3)]
    assert problems(campaign) == []


def test_the_correction_of_a_batch_can_be_held_as_well(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts(UNITS, 3))
    report = move(campaign, "recommend")
    assert post(campaign) == [1, 2, 3]
    assert report.batch is not None
    undo(campaign, report.batch, "盖章有误", hold=True)
    assert letters(campaign)[3:] == [(number, "queued", True) for number in (4, 5, 6)]
    assert post(campaign) == []


def test_a_held_letter_that_a_correction_has_overtaken_is_not_let_go(campaign: Campaign) -> None:
    """One of its cases has gone on, so that the undo left the letter and corrected it."""
    add_drafts(campaign, plain_drafts(UNITS[:1], 2))
    report = move(campaign, "recommend")
    assert report.batch is not None
    hold(campaign, [1])
    move(campaign, "withdraw", [1])
    undo(campaign, report.batch, "盖章有误")
    assert [state for _, state, _ in letters(campaign)] == ["queued"] * 3
    with pytest.raises(LettersUnfit):
        release(campaign, [1])
    assert post(campaign) == [2, 3]
    assert cancel(campaign, [1], None, "已有更正通知") == [1]
    assert problems(campaign) == []


def test_only_what_was_chosen_is_sent(campaign: Campaign) -> None:
    add_drafts(campaign, plain_drafts(UNITS, 3))
    first = move(campaign, "recommend").batch
    second = move(campaign, "withdraw").batch
    assert post(campaign, Choice(ids=[2])) == [2]
    assert post(campaign, Choice(batch=second, recipient="武汉市")) == [4]
    assert post(campaign, Choice(recipient="武汉市")) == [1]
    assert post(campaign, Choice(batch=first)) == [3]
    assert [state for _, state, _ in letters(campaign)] == ["sent"] * 4 + ["queued"] * 2
    assert problems(campaign) == []


def test_what_cannot_be_sent_now_is_named(campaign: Campaign) -> None:
    write_letters(campaign, 3)
    hold(campaign, [2])
    for choice, error in (
        (Choice(ids=[1, 2, 9]), LettersUnfit),
        (Choice(batch=9), BatchUnknown),
        (Choice(recipient="无此单位"), UnitUnknown),
    ):
        with pytest.raises(error):
            post(campaign, choice)
    assert {state for _, state, _ in letters(campaign)} == {"queued"}


def test_who_sends_a_few_leaves_the_lapsed_of_others_alone(campaign: Campaign) -> None:
    write_letters(campaign, 2)
    _Dispatch(campaign, lambda _letter: None).exchange([], 1)
    limits = campaign.edition.mail.delivery
    later = at(campaign, campaign.now.replace(hour=campaign.now.hour + 1 + limits.lease_seconds // 3600))
    assert post(later, Choice(ids=[2])) == [2]
    assert [state for _, state, _ in letters(campaign)] == ["sending", "sent"]


@pytest.mark.parametrize(("number", "change"), [(1, "held_at = NULL"), (2, "held_at = queued_at")])
def test_whoever_holds_or_lets_go_behind_the_historys_back_is_found_out(
    campaign: Campaign, number: int, change: str
) -> None:
    write_letters(campaign, 2)
    hold(campaign, [1])
    with campaign.writing() as (_, connection):
        connection.execute(text(f"UPDATE letters SET {change} WHERE id = :id"), {"id": number})
    (problem,) = problems(campaign)
    assert (problem.what, problem.values["column"]) == ("row-differs", "held_at")


def test_a_report_that_was_never_written_is_found_out(campaign: Campaign) -> None:
    write_letters(campaign, 1)
    desk = _Dispatch(campaign, lambda _letter: None)
    (letter,) = desk.exchange([], 1)
    desk.exchange([Fate(letter, "failed", "550")], 0)
    with campaign.writing() as (_, connection):
        connection.execute(text("UPDATE letters SET reported_at = queued_at"))
    (problem,) = problems(campaign)
    assert (problem.what, problem.values["column"]) == ("row-differs", "reported_at")
