"""The machine: passages, windows, refusals; and the check of the graph on made-up rooms."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from states import ROOMS
from states.facts import Facts
from states.machine import MACHINE, START, TRIGGERS, GraphError, check_graph, decide, passages
from states.reasons import Reason
from states.room import THE_STATE_IT_LEFT, Exit, Label, Room
from tests.builders.facts import INSTANT, RULES, facts, ready, with_window

NAMES = tuple(room.name for room in ROOMS)
PASSAGES = tuple(passages())
MAIN_LINE = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected", "archived")
FORWARD = ("recommend", "precheck", "shortlist", "present", "survey", "select", "archive")


def test_the_main_line_is_the_issues() -> None:
    assert (*MAIN_LINE, "lapsed", "declined", "withdrawn", "disqualified") == NAMES
    assert START == "drafted"
    assert set(TRIGGERS) == {*FORWARD, "return", "withdraw", "decline", "disqualify", "lapse", "reinstate"}
    for trigger, source, target in zip(FORWARD, MAIN_LINE[:-1], MAIN_LINE[1:], strict=True):
        assert [(each.source, each.target) for each in PASSAGES if each.exit.trigger == trigger] == [(source, target)]


@pytest.mark.parametrize("state", [*NAMES, "", "Drafted", "nowhere"])
@pytest.mark.parametrize("trigger", TRIGGERS)
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
    assert not MACHINE.models
    assert set(MACHINE.events) == set(TRIGGERS)
    assert set(MACHINE.states) == set(NAMES)


def test_transitions_is_quiet() -> None:
    assert logging.getLogger("transitions").level == logging.WARNING


def room(name: str, *ways: tuple[str, str], start: bool = False, end: bool = False) -> Room:
    exits = tuple(Exit(trigger, target, trigger, "letter") for trigger, target in ways)
    return Room(name, Label(name, name), exits, start=start, end=end)


def test_the_campaign_and_a_small_one_are_sound() -> None:
    check_graph()
    check_graph((room("a", ("go", "b"), start=True), room("b", ("back", "a"), end=True)))


@pytest.mark.parametrize(
    ("rooms", "words"),
    [
        ((), "one start"),
        ((room("a", end=True),), "one start"),
        ((room("a", ("go", "b"), start=True), room("b", start=True, end=True)), "one start"),
        ((room("a", start=True, end=True), room("b", end=True)), r"nothing leads to \['b'\]"),
        ((room("a", ("go", "b"), start=True), room("b")), r"\['b'\] are traps"),
        ((room("a", ("go", "b"), start=True), room("b", ("back", "a"))), "no end can be reached from a"),
        (
            (room("a", ("go", "b"), ("stop", "c"), start=True), room("b", ("on", "b")), room("c", end=True)),
            "no end can be reached from b",
        ),
        ((room("a", ("go", "z"), start=True), room("b", end=True)), "a: go leads to z, which is no room"),
        ((room("a", start=True), room("a", end=True)), "share a name"),
        (
            (room("a", ("go", "b"), ("go", "c"), start=True), room("b", end=True), room("c", end=True)),
            "a: two exits share a trigger",
        ),
        (
            (room("a", ("go", "b"), start=True, end=True), room("b", ("back", "a")), room("c", ("x", "c"), end=True)),
            "nothing leads to",
        ),
    ],
)
def test_rooms_that_make_no_campaign_are_refused(rooms: tuple[Room, ...], words: str) -> None:
    with pytest.raises(GraphError, match=words):
        check_graph(rooms)


def test_a_way_back_leads_to_every_room_that_leads_here() -> None:
    rooms = (
        room("a", ("go", "b"), ("leave", "off"), start=True),
        room("b", ("leave", "off"), end=True),
        room("off", ("back", THE_STATE_IT_LEFT)),
    )
    check_graph(rooms)
    assert [each.target for each in passages(rooms) if each.returns] == ["a", "b"]


def test_a_way_back_from_a_room_nobody_leads_to_saves_nobody() -> None:
    with pytest.raises(GraphError, match=r"nothing leads to \['off'\]"):
        check_graph((room("a", start=True, end=True), room("off", ("back", THE_STATE_IT_LEFT))))


def test_every_guard_is_named_and_quotes_its_clause() -> None:
    guards: set[Callable[[Facts], Reason | None]] = {guard for each in PASSAGES for guard in each.guards}
    for guard in guards:
        assert guard.__doc__, guard.__name__
        assert "“" in guard.__doc__, guard.__name__
