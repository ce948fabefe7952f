"""What a person agreed to is what is done, and nothing else."""

from pathlib import Path

import pytest

from tests.builders.campaigns import MOMENTS, add_drafts, at, move, plain_drafts, problems, states
from workflow.engine.agreement import Wish, carry_out, carry_out_plan, propose
from workflow.engine.batch import BatchReport, PlanStale
from workflow.engine.campaign import Campaign
from workflow.engine.selection import NothingAsked

UNIT = "武汉市"
ALL = Wish("recommend", (), everything=True)


@pytest.fixture
def ready(campaign: Campaign) -> Campaign:
    """Nine drafts of a unit with eight places."""
    add_drafts(campaign, plain_drafts([UNIT], 9))
    return campaign


def test_a_proposal_changes_nothing(ready: Campaign) -> None:
    proposed = propose(ready, ALL)
    assert (len(proposed.moved), len(proposed.refused), proposed.batch) == (8, 1, None)
    assert set(states(ready).values()) == {"drafted"}


def test_what_was_shown_is_what_is_done(ready: Campaign) -> None:
    shown: list[BatchReport] = []
    done = carry_out(ready, ALL, lambda proposed: not shown.append(proposed))  # type: ignore[func-returns-value]
    assert done is not None
    assert done.moved == shown[0].moved
    assert problems(ready) == []


def test_nothing_is_done_without_a_yes(ready: Campaign) -> None:
    assert carry_out(ready, ALL, lambda _: False) is None
    assert set(states(ready).values()) == {"drafted"}


def test_nobody_is_asked_where_nothing_would_move(ready: Campaign) -> None:
    def ask(_: BatchReport) -> bool:
        raise AssertionError

    done = carry_out(ready, ALL._replace(trigger="precheck", numbers=("2024-0001",), everything=False), ask)
    assert done is not None
    assert (done.moved, len(done.refused)) == ([], 1)


def test_a_verdict_that_changed_while_the_person_looked_stops_it(ready: Campaign) -> None:
    def move_meanwhile(_: BatchReport) -> bool:
        move(ready, "recommend", [9])
        return True

    with pytest.raises(PlanStale):
        carry_out(ready, ALL, move_meanwhile)
    assert [number for number, state in states(ready).items() if state == "recommended"] == [9]


def test_who_asks_nobody_does_it_at_once(ready: Campaign) -> None:
    done = carry_out(ready, ALL._replace(hold=True), None)
    assert done is not None
    assert (len(done.moved), [letter.held for letter in done.letters]) == (8, [True])


def test_a_plan_is_kept_and_carried_out_later(ready: Campaign, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    proposed = propose(ready, ALL._replace(hold=True), plan)
    later = at(ready, MOMENTS["recommend"])
    done = carry_out_plan(later, plan)
    assert done.moved == proposed.moved
    assert [letter.held for letter in done.letters] == [True]


def test_words_that_name_no_case_are_refused_before_anybody_is_asked(ready: Campaign) -> None:
    with pytest.raises(NothingAsked):
        carry_out(ready, Wish("recommend", ()), lambda _: True)
