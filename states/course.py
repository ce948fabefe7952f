"""A course: the rooms that one campaign uses, and all that follows from what they declare."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from states import ROOMS
from states.graph import check_graph, ways_ahead
from states.room import Exit, Judgement, Place, Room


@dataclass(frozen=True)
class Course:
    """The rooms of one campaign: its main line in order, then the rooms off it.

    Raises GraphError for rooms that make no campaign. Everything below gives names of states or triggers, in the
    order of the rooms.
    """

    rooms: tuple[Room, ...]

    def __post_init__(self) -> None:
        check_graph(self.rooms)

    @cached_property
    def room_of(self) -> Mapping[str, Room]:
        return {room.name: room for room in self.rooms}

    @cached_property
    def states(self) -> tuple[str, ...]:
        return tuple(room.name for room in self.rooms)

    @cached_property
    def triggers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(way.trigger for room in self.rooms for way in room.exits))

    @cached_property
    def windows(self) -> tuple[str, ...]:
        """Every window that the course asks of a rule book."""
        return tuple(dict.fromkeys(way.window for room in self.rooms for way in room.exits))

    @cached_property
    def start(self) -> str:
        return self.line[0]

    @cached_property
    def line(self) -> tuple[str, ...]:
        """The main line, from the start on."""
        return tuple(room.name for room in self.rooms if not room.off_line)

    @cached_property
    def off_line(self) -> tuple[str, ...]:
        return tuple(room.name for room in self.rooms if room.off_line)

    @cached_property
    def way_ahead(self) -> Mapping[str, Exit]:
        """For each state of the main line but the last, its exit to the next."""
        return {name: ways[0] for name, ways in ways_ahead(self.rooms).items() if ways}

    @cached_property
    def first_step(self) -> Exit:
        """The exit that makes a draft a recommendation."""
        return self.way_ahead[self.start]

    @cached_property
    def way_out(self) -> Mapping[str, Exit]:
        """For each state that a close may end, the exit by which it does."""
        return {room.name: way for room in self.rooms for way in room.exits if way.at_close}

    @cached_property
    def sending_back(self) -> tuple[str, ...]:
        """The triggers that lead back along the main line."""
        order = {name: place for place, name in enumerate(self.line)}
        ways = [(name, way) for name in self.line for way in self.room_of[name].exits]
        return tuple(
            dict.fromkeys(way.trigger for name, way in ways if order.get(way.target, len(order)) < order[name])
        )

    @cached_property
    def telling_shortfall(self) -> tuple[str, ...]:
        """The triggers whose letters say what kept the case from its way ahead."""
        ways = (way for room in self.rooms for way in room.exits if way.tells_shortfall)
        return tuple(dict.fromkeys(way.trigger for way in ways))

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """The states whose cases stand in the ranking."""
        return tuple(room.name for room in self.rooms if room.ranked)

    @cached_property
    def selected(self) -> tuple[str, ...]:
        """The states whose cases count among the selected."""
        return tuple(room.name for room in self.rooms if room.selected)

    @cached_property
    def given_up(self) -> tuple[str, ...]:
        """The states off the line that free the case's place: who stands there stands in no other unit's way."""
        return tuple(room.name for room in self.rooms if room.off_line and room.place is Place.FREED)

    @cached_property
    def placed(self) -> tuple[str, ...]:
        """The states of the main line in which the case's place in the ranking is on record."""
        return self._from(way for way in self.way_ahead.values() if way.notes_place)

    def with_place(self, place: Place) -> tuple[str, ...]:
        """The states that do this with the case's place in its unit's quota."""
        return tuple(room.name for room in self.rooms if room.place is place)

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """All that may be recorded of a case."""
        return tuple(dict.fromkeys(judgement for room in self.rooms for judgement in room.takes))

    def taking(self, judgement: Judgement) -> tuple[str, ...]:
        """The states in which this judgement may be recorded."""
        return tuple(room.name for room in self.rooms if judgement in room.takes)

    def awaiting(self, judgement: Judgement) -> tuple[str, ...]:
        """The states whose way ahead asks for this judgement."""
        return tuple(name for name, way in self.way_ahead.items() if way.asks == judgement)

    def having(self, judgement: Judgement) -> tuple[str, ...]:
        """The states of the main line in which a case has this judgement on record."""
        return self._from(way for way in self.way_ahead.values() if way.asks == judgement)

    def sources(self, trigger: str) -> tuple[str, ...]:
        """The states in which the trigger may be pulled; none for one that no room has."""
        return self._sources.get(trigger, ())

    @cached_property
    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        return {
            trigger: tuple(room.name for room in self.rooms if any(way.trigger == trigger for way in room.exits))
            for trigger in self.triggers
        }

    def within(self, windows: Collection[str]) -> "Course":
        """The part of this course that a rule book with these windows uses.

        A room of the main line is passed over where the exit that leads to it has no window: the room before it then
        leads to the room after it, by that room's own trigger and guards. Any other exit without a window is left
        out, and so is a room off the line that nothing leads to any more.
        """
        kept = {self.start, *(way.target for way in self.way_ahead.values() if way.window in windows)}
        while found := {way.target for name in kept for way in self._side_ways(name, windows)} - kept:
            kept |= found
        rooms = [self._narrow(room, kept, windows) for room in self.rooms if room.name in kept]
        last = max(place for place, room in enumerate(rooms) if not room.off_line)
        rooms[last] = rooms[last]._replace(end=True)
        return Course(tuple(rooms))

    def _side_ways(self, name: str, windows: Collection[str]) -> Iterator[Exit]:
        ways = (way for way in self.room_of[name].exits if way.window in windows)
        return (way for way in ways if way.target in self.off_line)

    def _narrow(self, room: Room, kept: Collection[str], windows: Collection[str]) -> Room:
        exits = []
        for way in room.exits:
            if way is self.way_ahead.get(room.name):
                exits += self._pass_over(way, kept)
            elif way.window in windows and (way.returns or way.target in kept):
                exits.append(way)
        return room._replace(exits=tuple(exits))

    def _pass_over(self, way: Exit, kept: Collection[str]) -> list[Exit]:
        """The exit that leads to the first room at or after the target of ``way`` that is kept; none after the last."""
        while way.target not in kept:
            if way.target not in self.way_ahead:
                return []
            way = self.way_ahead[way.target]
        return [way]

    def _from(self, ways: Iterable[Exit]) -> tuple[str, ...]:
        """The main line from the first target of ``ways`` on."""
        return self.line[min((self.line.index(way.target) for way in ways), default=len(self.line)) :]


COURSE = Course(ROOMS)
"""The course that uses every room: what this program knows of states and triggers."""
