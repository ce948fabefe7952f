"""A course: what follows from what rooms declare, and the part of the law that a rule book's windows leave."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st

import states
from states.course import COURSE, Course
from states.graph import passages
from states.machine import law_of
from states.reasons import Reason
from states.room import SCORE, SURVEY, Exit, Place, Room
from tests.builders.facts import facts, ready

LATER = ("prechecked", "shortlisted", "presented", "surveyed", "selected", "archived")


def without(*windows: str) -> Course:
    return COURSE.within(set(COURSE.windows) - set(windows))


def triggers(course: Course, state: str) -> list[str]:
    return [way.trigger for way in course.room_of[state].exits]


def test_the_line_and_the_ways_off_it() -> None:
    assert COURSE.line == ("drafted", "recommended", *LATER)
    assert COURSE.off_line == ("lapsed", "declined", "withdrawn", "disqualified")
    assert COURSE.states == (*COURSE.line, *COURSE.off_line)
    assert [way.target for way in COURSE.way_ahead.values()] == list(COURSE.line[1:])
    assert {state: way.trigger for state, way in COURSE.way_out.items()} == {
        "drafted": "lapse",
        **dict.fromkeys(("recommended", *LATER[:4]), "decline"),
    }
    assert (COURSE.start, COURSE.first_step.trigger, COURSE.sending_back) == ("drafted", "recommend", ("return",))


def test_what_the_rooms_say_of_their_cases() -> None:
    assert COURSE.ranked == ("presented", "surveyed", "selected", "archived")
    assert COURSE.selected == COURSE.placed == ("selected", "archived")
    assert COURSE.given_up == ("lapsed", "withdrawn")
    assert COURSE.with_place(Place.HELD) == ("recommended", *LATER, "declined")
    assert COURSE.with_place(Place.FREED) == ("drafted", "lapsed", "withdrawn")
    assert COURSE.with_place(Place.KEPT) == ("disqualified",)
    assert COURSE.telling_shortfall == ("lapse",)
    assert [COURSE.taking(each) for each in COURSE.judgements] == [
        ("recommended",),
        ("shortlisted", "presented", "surveyed"),
        ("presented", "surveyed"),
    ]
    assert [COURSE.awaiting(each) for each in COURSE.judgements] == [("recommended",), ("shortlisted",), ("presented",)]
    assert [COURSE.having(each) for each in COURSE.judgements] == [LATER, LATER[2:], LATER[3:]]


def test_who_is_ranked_has_a_score_and_who_is_selected_a_place() -> None:
    assert set(COURSE.ranked) <= set(COURSE.having(SCORE))
    assert set(COURSE.selected) <= set(COURSE.ranked) & set(COURSE.placed)


def test_where_a_trigger_starts() -> None:
    assert COURSE.sources("survey") == ("presented",)
    assert COURSE.sources("reinstate") == COURSE.off_line
    assert COURSE.sources("praise") == ()


def test_a_rule_book_with_every_window_uses_every_room() -> None:
    assert COURSE.within(COURSE.windows) == COURSE
    assert COURSE.within([*COURSE.windows, "praise"]) == COURSE


def test_a_room_without_a_window_is_passed_over() -> None:
    course = without("survey")
    assert course.line == ("drafted", "recommended", "prechecked", "shortlisted", "presented", "selected", "archived")
    assert triggers(course, "presented") == ["select", "decline", "withdraw", "disqualify"]
    assert course.way_ahead["presented"] == COURSE.way_ahead["surveyed"]
    assert course.having(SURVEY) == course.awaiting(SURVEY) == ()
    assert course.having(SCORE) == ("presented", "selected", "archived")


def test_rooms_that_follow_each_other_are_passed_over_together() -> None:
    course = without("shortlist", "present", "survey")
    assert course.line == ("drafted", "recommended", "prechecked", "selected", "archived")
    assert course.way_ahead["prechecked"].trigger == "select"


def test_a_line_without_its_last_room_ends_at_the_one_before() -> None:
    course = without("archive")
    assert course.line[-1] == "selected"
    assert course.room_of["selected"].end
    assert triggers(course, "selected") == ["disqualify"]


def test_a_way_off_the_line_without_a_window_takes_its_room_along() -> None:
    assert "withdrawn" not in without("withdraw").states
    assert without("decline", "lapse", "withdraw", "disqualify").off_line == ()


def test_rooms_off_the_line_stay_off_it_where_nobody_may_return() -> None:
    course = without("reinstate")
    assert course.off_line == COURSE.off_line
    assert all("reinstate" not in triggers(course, state) for state in course.off_line)


@given(st.sets(st.sampled_from(COURSE.windows)))
def test_any_windows_leave_a_campaign(windows: set[str]) -> None:
    """The graph is proven where a course is made; here, that nothing is in it but what has a window, and all of that
    which can be reached."""
    course = COURSE.within(windows)
    assert set(course.windows) <= windows
    assert [name for name in COURSE.line if name in course.line] == list(course.line)
    entered = {
        COURSE.way_ahead[before].target for before in COURSE.line[:-1] if COURSE.way_ahead[before].window in windows
    }
    assert set(course.line) == {COURSE.start, *entered}
    for state, way in ((room.name, way) for room in course.rooms for way in _aside(course, room)):
        assert way in COURSE.room_of[state].exits
    assert law_of(course).machine.events.keys() == set(course.triggers)


def _aside(course: Course, room: Room) -> Iterable[Exit]:
    return (way for way in room.exits if way is not course.way_ahead.get(room.name))


@pytest.mark.parametrize("state", COURSE.states)
def test_a_step_that_is_not_in_the_course_is_refused_by_that_reason(state: str) -> None:
    law = law_of(without("survey"))
    verdict = law.decide(facts(state=state), "survey")
    assert (verdict.target, verdict.way) == (None, None)
    assert verdict.reasons == (Reason("not-in-this-course", "四", {"trigger": "survey"}),)
    with pytest.raises(KeyError):
        law.decide(facts(state=state), "praise")


def test_the_step_after_a_room_passed_over_asks_its_own_guards() -> None:
    law = law_of(without("survey"))
    case = ready("presented", "select", survey=None)
    assert [reason.code for reason in law.decide(case, "select").reasons] == ["survey-not-verified"]
    assert law.decide(ready("presented", "select"), "select").target == "selected"


def test_a_seat_is_asked_for_where_one_is_taken() -> None:
    asked = {
        (each.source, each.target)
        for each in passages(COURSE.rooms)
        if each.exit.returns and any(guard.__name__ == "seat_left" for guard in each.guards)
    }
    assert asked == {("disqualified", "selected"), ("disqualified", "archived")}


def test_every_room_that_has_a_file_is_in_the_campaign() -> None:
    files = [import_module(f"states.{module.name}") for module in iter_modules(states.__path__)]
    rooms = {file.ROOM for file in files if hasattr(file, "ROOM")}
    assert rooms == set(states.ROOMS), "states/__init__.py lists the rooms"
