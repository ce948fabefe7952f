"""Replaying is pure: the same events give the same state, and an event that does not follow is named."""

from typing import Any

import pytest

from tests.builders.history import read_fields, replay_fields
from workflow.audit.events import ordinal_of
from workflow.audit.state import State
from workflow.engine.campaign import Campaign


@pytest.fixture
def events(lived: Campaign) -> list[dict[str, Any]]:
    with lived.reading() as connection:
        return list(read_fields(connection))


def place(events: list[dict[str, Any]], **wanted: Any) -> int:
    """Where the last event like this stands."""
    return max(n for n, event in enumerate(events) if all(event.get(key) == value for key, value in wanted.items()))


def contradictions(state: State) -> set[tuple[str, str, Any]]:
    return {(found.where, found.code, found.values.get("column")) for found in state.contradictions}


def test_the_same_events_give_the_same_state(events: list[dict[str, Any]]) -> None:
    state = replay_fields(events)
    assert state == replay_fields(events)
    assert (state.contradictions, state.counts, state.events) == ([], {}, len(events))
    assert all(batch.asked == batch.moved + batch.refused for batch in state.batches.values())


def test_no_events_imply_nothing() -> None:
    assert replay_fields([]) == State()


def test_a_kind_nobody_knows_changes_nothing(events: list[dict[str, Any]]) -> None:
    state = replay_fields([*events, {**events[-1], "kind": "note"}])
    assert (state.cases, state.contradictions) == (replay_fields(events).cases, [])


@pytest.mark.parametrize(
    ("key", "value", "column"),
    [
        ("from", "drafted", "state"),
        ("version", 99, "version"),
        ("was", ["drafted", None, None], "trail"),
        ("was", ["", None, None], "recommended_at"),
        ("was", ["", "2024-06-29T02:00:00.500000Z", 7], "selected_place"),
    ],
)
def test_a_move_from_where_the_case_was_not(events: list[dict[str, Any]], key: str, value: Any, column: str) -> None:
    position = place(events, kind="move", case="2024-0002")
    events[position] = {**events[position], key: value}
    assert ("cases/2024-0002", "does-not-follow", column) in contradictions(replay_fields(events))


def test_a_refusal_where_the_case_was_not(events: list[dict[str, Any]]) -> None:
    position = place(events, kind="refusal", trigger="precheck")
    events[position] = {**events[position], "state": "selected"}
    where = f"cases/{events[position]['case']}"
    assert contradictions(replay_fields(events)) == {(where, "does-not-follow", "state")}


def test_a_score_that_replaces_another_than_was_given(events: list[dict[str, Any]]) -> None:
    position = place(events, kind="score", case="2024-0002", judge="评委甲")
    assert events[position]["was"] == 8250
    events[position] = {**events[position], "was": 1}
    state = replay_fields(events)
    assert contradictions(state) == {("cases/2024-0002", "does-not-follow", "score")}
    assert state.cases[2].score_total == 9100 + 8250


def test_a_form_that_supersedes_another_than_stood(events: list[dict[str, Any]]) -> None:
    position = place(events, kind="draft", case="2024-0020")
    assert events[position]["supersedes"]
    events[position] = {**events[position], "supersedes": 1}
    assert contradictions(replay_fields(events)) == {("cases/2024-0020", "does-not-follow", "form_id")}


@pytest.mark.parametrize("kind", ["move", "refusal"])
def test_a_batch_that_does_not_add_up(events: list[dict[str, Any]], kind: str) -> None:
    position = place(events, kind=kind, batch=18)
    del events[position]
    assert ("batches/18", "batch-does-not-add-up", None) in contradictions(replay_fields(events))


def test_a_case_that_no_draft_made(events: list[dict[str, Any]]) -> None:
    del events[place(events, kind="draft", case="2024-0003")]
    assert ("cases/2024-0003", "case-unknown", None) in contradictions(replay_fields(events))


def test_a_case_of_another_campaign(events: list[dict[str, Any]]) -> None:
    position = place(events, kind="refusal", trigger="precheck")
    events[position] = {**events[position], "case": "2023-0006"}
    assert ("cases/2023-0006", "case-unknown", None) in contradictions(replay_fields(events))


KINDS = ("init", "intake", "draft", "move", "refusal", "letter", "review", "survey", "score")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        *((kind, "wrong") for kind in KINDS),
        *((kind, "nothing") for kind in (*KINDS, "batch") if kind != "intake"),
    ],
)
def test_hostile_events_are_named_and_stop_nothing(events: list[dict[str, Any]], kind: str, content: str) -> None:
    position = place(events, kind=kind)
    kept = {key: events[position][key] for key in ("seq", "kind", "at", "actor", "edition", "batch")}
    wrong = {key: ["?"] for key in events[position] if key not in kept}
    events[position] = kept if content == "nothing" else {**wrong, **kept}
    state = replay_fields(events)
    assert (f"events/{kept['seq']}", "event-incomplete", None) in contradictions(state)
    assert state.events == len(events)


def test_the_ordinal_in_a_number() -> None:
    assert ordinal_of("2024-0042") == 42
    assert ordinal_of("hubei-2024-12345") == 12345
    with pytest.raises(ValueError, match="invalid literal"):
        ordinal_of("2024-x")
