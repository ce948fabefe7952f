"""The case is among those that are presented (四, phase two: “进入推选环节，举办案例（项目）汇报展示”)."""

from states.facts import Facts
from states.reasons import Reason
from states.room import SCORE, Exit, Label, Place, Room
from states.side_ways import DECLINE, DISQUALIFY, WITHDRAW


def scored(facts: Facts) -> Reason | None:
    """四, phase two: “举办案例（项目）汇报展示”; a presentation leaves at least one judge's score."""
    return None if facts.scores else Reason("not-presented", "四 第二阶段")


ROOM = Room(
    name="shortlisted",
    label=Label("进入推选", "Shortlisted"),
    place=Place.HELD,
    takes=(SCORE,),
    exits=(
        Exit("present", "presented", "present", "presented", (scored,), asks=SCORE),
        DECLINE,
        WITHDRAW,
        DISQUALIFY,
    ),
)
