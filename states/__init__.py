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
"""Every state of a campaign that uses them all: the main line in its order, then the states off it."""
