"""The organisers did not take the case further; its unit's place stays used (六.2)."""

from states.room import Label, Place, Room
from states.side_ways import DISQUALIFY, REINSTATE

ROOM = Room(
    name="declined",
    label=Label("未入选", "Declined"),
    end=True,
    off_line=True,
    place=Place.HELD,
    exits=(REINSTATE, DISQUALIFY),
)
