"""The law as a page: its states, its passages, its words. ``python -m workflow.screens.floor_plan`` prints it."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from states.course import COURSE
from states.doubts import DOUBTS
from states.drafted import out_of_doubt
from states.graph import Passage, passages
from states.room import Guard, Place
from workflow.wording import knows, say

PASSAGES = tuple(passages(COURSE.rooms))
_MAIN_LINE = tuple(COURSE.room_of[state] for state in COURSE.line)
_PLACES = {
    Place.HELD: "held",
    Place.FREED: "none, or freed on entering",
    Place.KEPT: "kept if it was held",
}
_PAGE = """\
# States and passages

This page is generated from `states/` by `python -m workflow.screens.floor_plan`; a test fails when it is stale.

A case moves along the main line by one trigger a step. A passage is open while the moment lies in its window, a
half-open span of the edition, and while none of its guards gives a blocking reason. All guards are asked, so a refusal
names every reason. A warning comes along with a move and never stops it. Any other trigger in a state is refused with
`wrong-state`, any trigger outside its window with `outside-window`.

## The main line

```mermaid
{main_line}
```

## The ways off it, and back

```mermaid
{side_ways}
```

## States

“Place” is the case's place in its unit's quota (六.2, 附件1). “Counts” says whether it stands in the ranking and among
the selected (四), “Records” what may then be recorded of it.

{states}

## Passages

{passages}

## Guards

A guard marked “where a place is taken” is asked only if the target holds a place and the state left does not, one
marked “where a seat is taken” only if the target counts among the selected and the state left does not.

{guards}
"""


class GuardReason(NamedTuple):
    """A reason that a guard can give, as its source spells it."""

    code: str
    blocking: bool


def write_states_page() -> str:
    """Markdown of docs/reference/states.md: two Mermaid diagrams, and tables of states, passages and guards."""
    return _PAGE.format(
        main_line="\n".join(_draw_main_line()),
        side_ways="\n".join(_draw_side_ways()),
        states="\n".join(
            _tabulate(("State", "中文", "English", "Place", "Counts", "Records", "Exits"), _list_states())
        ),
        passages="\n".join(
            _tabulate(("Trigger", "From", "To", "Window", "Letter", "Guards"), map(_describe, _group_passages()))
        ),
        guards="\n".join(_tabulate(("Guard", "Clause", "Reason", "中文", "English"), _list_guards())),
    )


def reasons_given(guard: Guard) -> list[GuardReason]:
    """Read a guard's source for the reasons it can give; one hands on those that intake gave."""
    if guard is out_of_doubt:
        return [GuardReason(code, blocking) for code, blocking in DOUBTS.items()]
    tree = ast.parse(textwrap.dedent(inspect.getsource(guard)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        GuardReason(
            str(ast.literal_eval(call.args[0])), not any(keyword.arg == "blocking" for keyword in call.keywords)
        )
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset))
        if isinstance(call.func, ast.Name) and call.func.id == "Reason"
    ]


def _draw_main_line() -> Iterator[str]:
    yield from ("stateDiagram-v2", "    direction LR")
    for room in _MAIN_LINE:
        yield f'    state "{room.name} {room.label.zh}" as {room.name}'
        if room.start:
            yield f"    [*] --> {room.name}"
    for passage in PASSAGES:
        if {passage.source, passage.target} <= set(COURSE.line) and not passage.exit.returns:
            yield f"    {passage.source} --> {passage.target}: {passage.exit.trigger}"
    yield from (f"    {room.name} --> [*]" for room in _MAIN_LINE if room.end)


def _draw_side_ways() -> Iterator[str]:
    yield from ("stateDiagram-v2", "    direction LR")
    arrows, named = [], []
    for trigger in COURSE.triggers:
        ways = [each for each in PASSAGES if each.exit.trigger == trigger and _leaves_the_line(each)]
        sources = list(dict.fromkeys(each.source for each in ways))
        if not ways:
            continue
        if ways[0].exit.returns:
            named.append(f'    state "the state it left" as left_by_{trigger}')
            arrows += [f"    {source} --> left_by_{trigger}: {trigger}" for source in sources]
            continue
        target = ways[0].target
        named.append(f'    state "{_name_together(sources, target)}" as before_{trigger}')
        arrows.append(f"    before_{trigger} --> {target}: {trigger}")
    for room in COURSE.rooms:
        if room.off_line:
            yield f'    state "{room.name} {room.label.zh}" as {room.name}'
    yield from named
    yield from arrows


def _leaves_the_line(passage: Passage) -> bool:
    return passage.exit.returns or passage.target not in COURSE.line


def _name_together(sources: list[str], target: str) -> str:
    """Name a group of states: ``drafted to surveyed`` where they follow each other on the main line."""
    line = list(COURSE.line)
    if len(sources) == len(COURSE.rooms) - 1 and target not in sources:
        return "any other state"
    if len(sources) == 1:
        return sources[0]
    first = line.index(sources[0]) if sources[0] in line else 0
    return f"{sources[0]} to {sources[-1]}" if line[first : first + len(sources)] == sources else ", ".join(sources)


def _list_states() -> Iterator[tuple[str, ...]]:
    for room in COURSE.rooms:
        mark = " (start)" if room.start else " (end)" if room.end else ""
        exits = ", ".join(f"`{way.trigger}`" for way in room.exits)
        counts = [word for word, is_so in (("ranked", room.ranked), ("among the selected", room.selected)) if is_so]
        records = [judgement.name for judgement in room.takes]
        yield (
            f"`{room.name}`{mark}",
            room.label.zh,
            room.label.en,
            _PLACES[room.place],
            ", ".join(counts),
            ", ".join(records),
            exits,
        )


def _group_passages() -> Iterator[list[Passage]]:
    """Passages that differ in nothing but where they begin and end; a way back stands once for each room it leaves."""
    groups: dict[tuple[object, ...], list[Passage]] = {}
    for passage in sorted(PASSAGES, key=_leaves_the_line):
        source = passage.source if passage.exit.returns else ""
        groups.setdefault((passage.exit, source), []).append(passage)
    yield from groups.values()


def _describe(group: list[Passage]) -> tuple[str, ...]:
    way = group[0].exit
    sources = _code(dict.fromkeys(each.source for each in group))
    target = f"the state it left: {_code(each.target for each in group)}" if way.returns else f"`{way.target}`"
    always = () if way.why is None else (way.why,)
    guards = [f"`{guard.__name__}`" for guard in (*always, *way.guards)]
    for asked, where in ((way.guards_of_seat, "a seat"), (way.guards_of_place, "a place")):
        if any(set(asked) & set(each.guards) for each in group):
            guards += [f"`{guard.__name__}` where {where} is taken" for guard in asked]
    trigger = f"`{way.trigger}` {say(f'trigger.{way.trigger}', 'zh')}"
    return trigger, sources, target, f"`{way.window}`", f"`{way.letter}`", "<br>".join(guards)


def _list_guards() -> Iterator[tuple[str, ...]]:
    guards = dict.fromkeys(guard for each in PASSAGES for guard in each.guards)
    for guard in guards:
        clause = (inspect.getdoc(guard) or "").partition("\n")[0]
        for place, answer in enumerate(reasons_given(guard)):
            head = ("", "") if place else (f"`{guard.__name__}`", clause)
            code = f"`{answer.code}`" if answer.blocking else f"`{answer.code}` (warning)"
            key = f"reason.{answer.code}"
            yield *head, code, *(say(key, language) if knows(key, language) else "" for language in ("zh", "en"))


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _tabulate(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in row)}|"


def main() -> None:
    sys.stdout.write(write_states_page())


if __name__ == "__main__":
    main()
