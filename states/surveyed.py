"""The case was surveyed; the first fifty that a survey verified are selected (四, phase two)."""

from states.facts import Facts
from states.reasons import Reason
from states.room import SCORE, SURVEY, Exit, Label, Place, Room
from states.side_ways import DECLINE, DISQUALIFY, WITHDRAW


def verified(facts: Facts) -> Reason | None:
    """四, phase two: “调研核实”."""
    if facts.survey is not None and facts.survey.verified:
        return None
    return Reason("survey-not-verified", "四 第二阶段")


def among_the_fifty(facts: Facts) -> Reason | None:
    """四, phase two: “最后推选50个优秀典型案例”. A tie across the last place lets nobody in until broken."""
    capacity = facts.rules.capacity
    if facts.place is not None and facts.place <= capacity and facts.places_taken < capacity:
        return None
    values = {"place": facts.place, "capacity": capacity, "tied": facts.tied, "taken": facts.places_taken}
    unplaced = {} if facts.place is not None else {"cause": "unplaced"}
    return Reason("not-in-the-fifty", "四 第二阶段", {**values, **unplaced})


ROOM = Room(
    name="surveyed",
    label=Label("已调研", "Surveyed"),
    place=Place.HELD,
    ranked=True,
    takes=(SCORE, SURVEY),
    exits=(
        Exit("select", "selected", "select", "selected", (verified, among_the_fifty), notes_place=True),
        DECLINE,
        WITHDRAW,
        DISQUALIFY,
    ),
)
