"""The calendar on a copy: everything is foreseen, nothing is touched."""

from datetime import timedelta

import pytest

from tests.builders.campaigns import IN_TIME, add_drafts, at, plain_drafts, problems, states
from tests.builders.clockwork import count_rows, local
from workflow.deadlines.amendment import UntilPast
from workflow.deadlines.rehearsal import plan_rehearsal, rehearse
from workflow.deadlines.tick import Fired, tick
from workflow.edition.moment import UntilUnreadable
from workflow.engine.campaign import Campaign

TABLES = ("events", "batches", "firings", "letters", "cases", "heartbeats")


def test_it_foresees_what_the_clock_then_does(campaign: Campaign) -> None:
    add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市", "黄石市"), 4))
    here = at(campaign, local(6, 20))
    list(tick(here))
    counted = {table: count_rows(campaign, table) for table in TABLES}
    foreseen = list(rehearse(here, *plan_rehearsal(here, None, None, 24)))
    assert {table: count_rows(campaign, table) for table in TABLES} == counted
    assert set(states(campaign).values()) == {"drafted"}
    done: list[Fired] = []
    for day in range(170):
        done += tick(at(campaign, local(6, 20) + timedelta(days=day)))
    assert [(each.deadline, each.outcome, each.report.moved) for each in done] == [
        (each.deadline, each.outcome, each.report.moved) for each in foreseen
    ]
    assert all(each.report.batch is None for each in foreseen)
    assert problems(campaign) == []


def test_words_become_a_span(campaign: Campaign) -> None:
    assert plan_rehearsal(campaign, "2024-06-01", "2024-07-01T12:00", 6) == (
        local(6, 1),
        local(7, 1, 12),
        timedelta(hours=6),
    )
    with pytest.raises(UntilPast):
        plan_rehearsal(campaign, "2024-07-01", "2024-06-01", 6)
    with pytest.raises(UntilUnreadable):
        plan_rehearsal(campaign, "July", None, 6)
    with pytest.raises(ValueError, match="forward"):
        list(rehearse(campaign, local(6, 1), local(6, 2), timedelta(0)))
