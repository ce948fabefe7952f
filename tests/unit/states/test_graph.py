"""The graph: what its check refuses, on made-up rooms; and where an exit that returns leads."""

import pytest

from states.course import COURSE
from states.graph import GraphError, check_graph, passages
from states.room import THE_STATE_IT_LEFT, Exit, Label, Room


def room(name: str, *ways: tuple[str, str], start: bool = False, end: bool = False, off_line: bool = False) -> Room:
    exits = tuple(Exit(trigger, target, trigger, "letter") for trigger, target in ways)
    return Room(name, Label(name, name), exits, start=start, end=end, off_line=off_line)


def test_the_campaign_and_a_small_one_are_sound() -> None:
    check_graph(COURSE.rooms)
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
        (
            (
                room("off", ("in", "a"), off_line=True),
                room("b", end=True),
                room("a", ("go", "b"), ("leave", "off"), start=True),
            ),
            "does not begin at the start",
        ),
        (
            (room("a", ("go", "b"), ("skip", "c"), start=True), room("b", ("on", "c")), room("c", end=True)),
            "a does not lead to the next room of the main line, and only there",
        ),
        (
            (room("a", ("skip", "c"), start=True), room("b", ("on", "c")), room("c", ("back", "b"), end=True)),
            "a does not lead to the next room of the main line, and only there",
        ),
        (
            (room("a", ("go", "b"), start=True), room("b", ("back", THE_STATE_IT_LEFT), end=True)),
            "b is on the main line: there is no state that a case left",
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
        room("off", ("back", THE_STATE_IT_LEFT), off_line=True),
    )
    check_graph(rooms)
    assert [each.target for each in passages(rooms) if each.exit.returns] == ["a", "b"]


def test_a_way_back_from_a_room_nobody_leads_to_saves_nobody() -> None:
    with pytest.raises(GraphError, match=r"nothing leads to \['off'\]"):
        check_graph((room("a", start=True, end=True), room("off", ("back", THE_STATE_IT_LEFT))))
