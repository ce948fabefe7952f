"""The arrows between rooms, and the proof that they make a campaign."""

from collections.abc import Iterator
from typing import NamedTuple

from states.room import Exit, Guard, Place, Room


class GraphError(Exception):
    """The rooms do not make a campaign: the message names the room and what is wrong with it."""


class Passage(NamedTuple):
    """An exit of one room to one other. guards: all that are asked of a case that passes."""

    source: str
    exit: Exit
    target: str
    guards: tuple[Guard, ...]


def passages(rooms: tuple[Room, ...]) -> Iterator[Passage]:
    """Every passage between the rooms.

    An exit that returns is one passage to each room that has an exit to where it starts.
    """
    room_of = {room.name: room for room in rooms}
    for room in rooms:
        for way in room.exits:
            for target in _targets(rooms, room, way):
                yield Passage(room.name, way, target, _guards(way, room, room_of.get(target)))


def _targets(rooms: tuple[Room, ...], room: Room, way: Exit) -> list[str]:
    if not way.returns:
        return [way.target]
    return [origin.name for origin in rooms if any(other.target == room.name for other in origin.exits)]


def _guards(way: Exit, source: Room, target: Room | None) -> tuple[Guard, ...]:
    guards = way.guards if way.why is None else (way.why, *way.guards)
    if target is not None and target.selected and not source.selected:
        guards += way.guards_of_seat
    if target is not None and target.place is Place.HELD and source.place is not Place.HELD:
        guards += way.guards_of_place
    return guards


def ways_ahead(rooms: tuple[Room, ...]) -> dict[str, list[Exit]]:
    """The exits of each room of the main line that lead further along it."""
    order = {room.name: place for place, room in enumerate(room for room in rooms if not room.off_line)}
    return {
        room.name: [way for way in room.exits if order.get(way.target, -1) > order[room.name]]
        for room in rooms
        if not room.off_line
    }


def check_graph(rooms: tuple[Room, ...]) -> None:
    """Raise GraphError unless the rooms make a campaign.

    There is one start, every room can be reached, none is a trap, from each an end can be reached, and each room of
    the main line but the last leads to the next one and to no other ahead of it.
    """
    _check_names(rooms)
    names = [room.name for room in rooms]
    starts = [room.name for room in rooms if room.start]
    if len(starts) != 1:
        raise GraphError(f"a campaign has one start, not {starts}")
    forward: dict[str, set[str]] = {name: set() for name in names}
    for passage in passages(rooms):
        if passage.target not in forward:
            raise GraphError(f"{passage.source}: {passage.exit.trigger} leads to {passage.target}, which is no room")
        forward[passage.source].add(passage.target)
    if unreachable := set(names) - _reach(starts[0], forward):
        raise GraphError(f"nothing leads to {sorted(unreachable)}")
    if traps := [room.name for room in rooms if not room.end and not room.exits]:
        raise GraphError(f"{traps} are traps: no exit, and no end")
    ends = {room.name for room in rooms if room.end}
    for room in rooms:
        if not room.end and not _reach(room.name, forward) & ends:
            raise GraphError(f"no end can be reached from {room.name}")
    _check_line(rooms)


def _check_names(rooms: tuple[Room, ...]) -> None:
    names = [room.name for room in rooms]
    if len(set(names)) != len(names):
        raise GraphError(f"two rooms share a name: {sorted(names)}")
    for room in rooms:
        triggers = [way.trigger for way in room.exits]
        if len(set(triggers)) != len(triggers):
            raise GraphError(f"{room.name}: two exits share a trigger: {sorted(triggers)}")


def _check_line(rooms: tuple[Room, ...]) -> None:
    line = [room for room in rooms if not room.off_line]
    if not line or not line[0].start:
        raise GraphError("the main line does not begin at the start")
    following = [[room.name] for room in line[1:]] + [[]]
    ahead = ways_ahead(rooms)
    for room, expected in zip(line, following, strict=True):
        if [way.target for way in ahead[room.name]] != expected:
            raise GraphError(f"{room.name} does not lead to the next room of the main line, and only there")
        if any(way.returns for way in room.exits):
            raise GraphError(f"{room.name} is on the main line: there is no state that a case left to come here")


def _reach(start: str, forward: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    queue = [start]
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            queue.extend(forward[name])
    return seen
