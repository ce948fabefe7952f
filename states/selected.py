"""The case is one of the fifty (四, phase two: “最后推选50个优秀典型案例”)."""

from states.room import Exit, Label, Place, Room
from states.side_ways import DISQUALIFY

ROOM = Room(
    name="selected",
    label=Label("入选", "Selected"),
    place=Place.HELD,
    ranked=True,
    selected=True,
    exits=(Exit("archive", "archived", "archive", "archived"), DISQUALIFY),
)
