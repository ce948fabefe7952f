"""A window extended: on record, for all or for one, with its deadlines and letters; never shortened by accident."""

from datetime import datetime

import pytest
from sqlalchemy import text

from tests.builders.campaigns import IN_TIME, Draft, add_drafts, at, move, plain_drafts, problems, states
from tests.builders.clockwork import SUBMISSIONS_CLOSED, count_rows, local, run
from tests.builders.history import read_fields
from workflow import clock
from workflow.deadlines.agenda import read_agenda
from workflow.deadlines.amendment import AmendsNothing, UntilPast, WindowPromised, WindowUnknown, extend
from workflow.edition.load import EditionInvalid
from workflow.edition.words import UnitUnknown
from workflow.engine.campaign import Campaign, current
from workflow.engine.reason import ReasonNeeded
from workflow.engine.staff import RoleNeeded
from workflow.post.dispatch import send

MOMENT = local(6, 26)


def under_amendments(campaign: Campaign) -> Campaign:
    with campaign.reading() as connection:
        return current(campaign, connection)


def test_an_extension_moves_every_deadline_that_follows_from_the_window(campaign: Campaign) -> None:
    amended = extend(at(campaign, MOMENT), "received", local(7, 11), None, "汛期")
    assert {each.deadline: (each.was, each.due) for each in amended.postponed} == {
        "thirteen-days-left": (local(6, 17, 9), local(6, 27, 9)),
        "six-days-left": (local(6, 24, 9), local(7, 4, 9)),
        "two-days-left": (local(6, 28, 9), local(7, 8, 9)),
        "submissions-closed": (SUBMISSIONS_CLOSED, local(7, 11)),
    }
    assert "submissions-closed" not in run(campaign, local(7, 10))
    assert "submissions-closed" in run(campaign, local(7, 11))
    assert problems(campaign) == []


def test_an_extension_is_an_event_a_batch_and_a_letter_to_each_unit(campaign: Campaign) -> None:
    amended = extend(at(campaign, MOMENT), "recommend", local(7, 21), None, "汛期")
    assert [letter.recipient for letter in amended.letters] == list(campaign.edition.units)
    with campaign.reading() as connection:
        (event,) = read_fields(connection, kind="amendment")
        batch = connection.execute(text("SELECT trigger, why, edition_sha256 FROM batches")).one()
    assert (event["window"], event["unit"], event["why"]) == ("recommend", None, "汛期")
    assert (event["was"], event["until"]) == ("2024-07-15T16:00:00Z", "2024-07-20T16:00:00Z")
    assert tuple(batch) == ("amend", "汛期", amended.edition)
    assert under_amendments(campaign).edition.sha256 == amended.edition
    assert under_amendments(campaign).edition.windows["return"].closes == local(7, 21)
    assert problems(campaign) == []


def test_a_unit_may_be_granted_days_of_its_own(campaign: Campaign) -> None:
    late = Draft("武汉市", "迟报案例", received_at=local(7, 5))
    extend(at(campaign, MOMENT), "recommend", local(7, 26), "武汉市", "汛期")
    amended = extend(at(campaign, MOMENT), "received", local(7, 11), "武汉市", "汛期")
    assert [letter.recipient for letter in amended.letters] == ["武汉市"]
    add_drafts(at(campaign, local(7, 6)), [late, *plain_drafts(("武汉市", "黄石市"), 2)])
    closes = run(campaign, local(7, 16))
    assert [each.case_id for each in closes["recommendations-closed"].report.moved] == [3]
    assert set(states(campaign).values()) == {"drafted", "lapsed"}
    assert [each.case_id for each in run(campaign, local(7, 26))["recommendations-closed"].report.moved] == [1, 2]
    assert problems(campaign) == []


def test_reminders_follow_a_units_own_days(campaign: Campaign) -> None:
    run(campaign, local(6, 24))
    extend(at(campaign, MOMENT), "received", local(7, 11), "武汉市", "汛期")
    report = run(campaign, local(6, 28, 9))["two-days-left"].report
    assert "武汉市" not in {letter.recipient for letter in report.letters}
    report = run(campaign, local(7, 8, 9))["two-days-left"].report
    assert {letter.recipient for letter in report.letters} == {"武汉市"}


def test_what_an_extended_window_leaves_is_declined_at_its_own_end(campaign: Campaign) -> None:
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市", "黄石市"), 2))
    move(at(campaign, MOMENT), "recommend", ordinals)
    extend(at(campaign, MOMENT), "precheck", local(10, 11), "黄石市", "复核")
    assert [each.case_id for each in run(campaign, local(10, 1))["selection-closed"].report.moved] == [1]
    assert states(campaign) == {1: "declined", 2: "recommended"}
    assert [each.case_id for each in run(campaign, local(10, 11))["selection-closed"].report.moved] == [2]
    assert problems(campaign) == []


def test_a_promise_is_kept_unless_forced(campaign: Campaign) -> None:
    with pytest.raises(WindowPromised):
        extend(at(campaign, MOMENT), "recommend", local(7, 10), None, "提前")
    assert count_rows(campaign, "batches") == 0
    amended = extend(at(campaign, MOMENT), "recommend", local(7, 10), None, "提前", force=True)
    assert amended.until == local(7, 10)


@pytest.mark.parametrize(
    ("window", "until", "unit", "why", "error"),
    [
        ("recommend", local(7, 20), None, " ", ReasonNeeded),
        ("recommend", local(7, 20), None, None, ReasonNeeded),
        ("recommendations", local(7, 20), None, "汛期", WindowUnknown),
        ("recommend", local(7, 20), "武汉", "汛期", UnitUnknown),
        ("recommend", local(6, 26), None, "汛期", UntilPast),
        ("recommend", local(7, 16), None, "汛期", AmendsNothing),
        ("received", local(7, 17), None, "汛期", EditionInvalid),
        ("recommend", local(7, 20), None, "\x00", EditionInvalid),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    campaign: Campaign, window: str, until: datetime, unit: str | None, why: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        extend(at(campaign, MOMENT), window, until, unit, why)
    assert count_rows(campaign, "batches") == count_rows(campaign, "letters") == 0
    assert count_rows(campaign, "edition_versions") == 1
    assert problems(campaign) == []


def test_only_an_organiser_extends(campaign: Campaign) -> None:
    with campaign.writing() as (_, connection):
        connection.exec_driver_sql("UPDATE staff SET role = 'auditor'")
    with pytest.raises(RoleNeeded):
        extend(at(campaign, MOMENT), "recommend", local(7, 20), None, "汛期")


def test_a_reason_is_kept_word_for_word(campaign: Campaign) -> None:
    why = '系统"升级"\\维护\n第二行 [[units]]'
    extend(at(campaign, MOMENT), "recommend", local(7, 20), "武汉市", why)
    (amendment,) = under_amendments(campaign).edition.amendments
    assert amendment.reason == why


def test_an_open_clock_notices_an_amendment(campaign: Campaign) -> None:
    extend(at(campaign, MOMENT), "recommend", local(7, 21), None, "汛期")
    assert campaign.edition.windows["recommend"].closes == local(7, 16)
    assert "recommendations-closed" not in run(campaign, local(7, 20))


def test_what_fired_before_an_amendment_stays_on_the_calendar(campaign: Campaign) -> None:
    run(campaign, local(7, 1))
    extend(at(campaign, local(7, 2)), "received", local(7, 11), None, "汛期")
    found = [
        (each.deadline.due, each.outcome)
        for each in read_agenda(campaign).appointments
        if each.deadline.name == "submissions-closed"
    ]
    assert found == [(SUBMISSIONS_CLOSED, "fired"), (local(7, 11), None)]


def test_no_work_begun_before_an_amendment_is_decided_by_the_old_rule_book(campaign: Campaign) -> None:
    """Whoever resumed the campaign earlier waits for the lock, and then finds the book that was adopted meanwhile."""
    resumed = at(campaign, local(7, 17))
    (ordinal,) = add_drafts(at(campaign, IN_TIME), plain_drafts(["武汉市"], 1))
    amended = extend(at(campaign, local(7, 10)), "recommend", local(7, 21), None, "汛期")
    assert [moved.case_id for moved in move(resumed, "recommend", [ordinal]).moved] == [ordinal]
    assert send(resumed, lambda _: None)
    assert problems(campaign) == []
    with campaign.reading() as connection:
        later = [event["edition"] for event in read_fields(connection) if event["at"] == clock.show(resumed.now)]
        batches = list(connection.execute(text("SELECT edition_sha256 FROM batches WHERE id > 1")).scalars())
    assert len(later) > 3
    assert {*later, *batches} == {amended.edition}
