"""Its unit took the case back (六.3); its place in the quota is free again."""

from states.room import Label, Room
from states.side_ways import DISQUALIFY, REINSTATE

ROOM = Room(
    name="withdrawn", label=Label("已撤回", "Withdrawn"), end=True, off_line=True, exits=(REINSTATE, DISQUALIFY)
)
