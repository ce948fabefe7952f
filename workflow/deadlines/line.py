"""The way ahead of each state, and the way out once that way is closed."""

from states import ROOMS
from workflow.engine.plan import OFF_THE_LINE

_ORDER = {room.name: place for place, room in enumerate(ROOMS)}
_WAYS_OUT = ("lapse", "decline")

FORWARD = {
    room.name: way
    for room in ROOMS
    for way in room.exits
    if _ORDER.get(way.target, -1) > _ORDER[room.name] and way.target not in OFF_THE_LINE
}
"""For each state of the main line but the last, its exit to the next."""

WAY_OUT = {room.name: way.trigger for room in ROOMS for way in room.exits if way.trigger in _WAYS_OUT}
"""For each state that a close may end, the trigger that ends it: a draft lapses, what was recommended is declined."""
