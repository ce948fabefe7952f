"""The case was found to meet the five standards (五)."""

from states.room import Exit, Label, Place, Room
from states.side_ways import DECLINE, DISQUALIFY, WITHDRAW

ROOM = Room(
    name="prechecked",
    label=Label("初审通过", "Prechecked"),
    place=Place.HELD,
    exits=(Exit("shortlist", "shortlisted", "shortlist", "shortlisted"), DECLINE, WITHDRAW, DISQUALIFY),
)
