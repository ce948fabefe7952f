"""The case is in the library (四, phase three: “纳入全省网络文明建设创新实践案例（项目）库”)."""

from states.room import Label, Place, Room
from states.side_ways import DISQUALIFY

ROOM = Room(
    name="archived",
    label=Label("已入库", "Archived"),
    end=True,
    place=Place.HELD,
    ranked=True,
    selected=True,
    exits=(DISQUALIFY,),
)
