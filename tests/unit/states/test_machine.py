"""The machine: passages, windows, refusals."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from states import ROOMS
from states.course import COURSE
from states.graph import passages
from states.reasons import Reason
from states.room import Guard
from tests.builders.facts import INSTANT, LAW, RULES, decide, facts, ready, with_window

NAMES = tuple(room.name for room in ROOMS)
PASSAGES = tuple(passages(COURSE.rooms))
MAIN_LINE = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected", "archived")
FORWARD = ("recommend", "precheck", "shortlist", "present", "survey", "select", "archive")


def test_the_main_line_is_the_issues() -> None:
    assert (*MAIN_LINE, "lapsed", "declined", "withdrawn", "disqualified") == NAMES
    assert COURSE.start == "drafted"
    assert set(COURSE.triggers) == {*FORWARD, "return", "withdraw", "decline", "disqualify", "lapse", "reinstate"}
    for trigger, source, target in zip(FORWARD, MAIN_LINE[:-1], MAIN_LINE[1:], strict=True):
        assert [(each.source, each.target) for each in PASSAGES if each.exit.trigger == trigger] == [(source, target)]


@pytest.mark.parametrize("state", [*NAMES, "", "Drafted", "nowhere"])
@pytest.mark.parametrize("trigger", COURSE.triggers)
def test_a_trigger_is_a_passage_or_the_wrong_state(state: str, trigger: str) -> None:
    targets = [each.target for each in PASSAGES if (each.source, each.exit.trigger) == (state, trigger)]
    for left in [*targets] if trigger == "reinstate" and targets else [None]:
        verdict = decide(ready(state, trigger, left_state=left, now=RULES.windows[trigger].closes - INSTANT), trigger)
        assert (verdict.trigger, verdict.source) == (trigger, state)
        if targets:
            assert verdict.target in targets
        else:
            sources = [name for name in NAMES if any((p.source, p.exit.trigger) == (name, trigger) for p in PASSAGES)]
            values: dict[str, str | list[str]] = {"state": state, "trigger": trigger, "states": sources}
            assert verdict.target is None
            assert verdict.reasons == (Reason("wrong-state", "四", values),)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda each: f"{each.exit.trigger}-{each.source}-{each.target}")
def test_a_window_is_half_open(passage: Any) -> None:
    trigger, name = passage.exit.trigger, passage.exit.window
    opens, closes = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC)
    case = ready(passage.source, trigger, left_state=passage.target, rules=with_window(name, opens, closes))
    assert decide(case._replace(now=opens), trigger).target == passage.target
    assert decide(case._replace(now=closes - INSTANT), trigger).target == passage.target
    for moment in (opens - INSTANT, closes):
        verdict = decide(case._replace(now=moment), trigger)
        assert verdict.target is None
        reason = next(reason for reason in verdict.reasons if reason.code == "outside-window")
        assert reason.blocking
        assert reason.clause == RULES.windows[name].clause
        assert reason.values == {"opens": opens.isoformat(), "closes": closes.isoformat()}


def test_a_window_is_told_beside_every_other_reason() -> None:
    verdict = decide(facts(now=RULES.windows["recommend"].closes, name="", scans=0, address=""), "recommend")
    assert [reason.code for reason in verdict.reasons] == [
        "outside-window",
        "name-missing",
        "address-missing",
        "scan-missing",
    ]


def test_warnings_come_along_with_a_move() -> None:
    verdict = decide(facts(address="", received_proven=False), "recommend")
    assert verdict.target == "recommended"
    assert [reason.code for reason in verdict.reasons] == ["address-missing", "received-time-unproven"]


def test_a_refusal_has_no_letter_and_leaves_no_trace() -> None:
    refused = decide(facts(name=""), "recommend")
    assert (refused.target, refused.letter, refused.allowed) == (None, None, False)
    assert decide(facts(), "recommend").reasons == ()


def test_an_unknown_trigger_is_a_key_error() -> None:
    for trigger in ("", "Recommend", "to_archived", "initial"):
        with pytest.raises(KeyError):
            decide(facts(), trigger)


def test_the_machine_keeps_no_case() -> None:
    assert not LAW.machine.models
    assert set(LAW.machine.events) == set(COURSE.triggers)
    assert set(LAW.machine.states) == set(NAMES)


def test_transitions_is_quiet() -> None:
    assert logging.getLogger("transitions").level == logging.WARNING


def test_every_guard_is_named_and_quotes_its_clause() -> None:
    guards: set[Guard] = {guard for each in PASSAGES for guard in each.guards}
    for guard in guards:
        assert guard.__doc__, guard.__name__
        assert "“" in guard.__doc__, guard.__name__
