"""The case was struck out because of verified evidence (六.3)."""

from states.room import Label, Place, Room
from states.side_ways import REINSTATE

ROOM = Room(
    name="disqualified",
    label=Label("取消资格", "Disqualified"),
    end=True,
    off_line=True,
    place=Place.KEPT,
    exits=(REINSTATE,),
)
