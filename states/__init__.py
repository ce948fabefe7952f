"""The law of the campaign: which state follows which, when, and by what clause of the notice. Pure."""

from states import (
    archived,
    declined,
    disqualified,
    drafted,
    lapsed,
    prechecked,
    presented,
    recommended,
    selected,
    shortlisted,
    surveyed,
    withdrawn,
)
from states.room import Room

ROOMS: tuple[Room, ...] = (
    drafted.ROOM,
    recommended.ROOM,
    prechecked.ROOM,
    shortlisted.ROOM,
    presented.ROOM,
    surveyed.ROOM,
    selected.ROOM,
    archived.ROOM,
    lapsed.ROOM,
    declined.ROOM,
    withdrawn.ROOM,
    disqualified.ROOM,
)
"""The floor plan, in the order of the campaign: the main line, then the ways off it."""
