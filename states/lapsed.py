"""The draft was not recommended before the window closed (六.5)."""

from states.room import Label, Room
from states.side_ways import DISQUALIFY, REINSTATE

ROOM = Room(name="lapsed", label=Label("逾期失效", "Lapsed"), end=True, off_line=True, exits=(REINSTATE, DISQUALIFY))
