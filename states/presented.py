"""The case was presented and scored; a survey will verify what it says of itself (四, phase two)."""

from states.facts import Facts
from states.reasons import Reason
from states.room import SCORE, SURVEY, Exit, Label, Place, Room
from states.side_ways import DECLINE, DISQUALIFY, WITHDRAW


def surveyed(facts: Facts) -> Reason | None:
    """四, phase two: “组织调研组开展线上、线下调研核实”."""
    return None if facts.survey else Reason("survey-missing", "四 第二阶段")


ROOM = Room(
    name="presented",
    label=Label("已汇报展示", "Presented"),
    place=Place.HELD,
    ranked=True,
    takes=(SCORE, SURVEY),
    exits=(
        Exit("survey", "surveyed", "survey", "surveyed", (surveyed,), asks=SURVEY),
        DECLINE,
        WITHDRAW,
        DISQUALIFY,
    ),
)
