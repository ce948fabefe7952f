"""What the clock did and will do, as people read it."""

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.publish.pen import Answer, Pen


def draw_tick(pen: Pen, answer: Answer) -> RenderableType:
    """A line a deadline dealt with, and when the next one falls due."""
    table = pen.table("deadline", "duty", "due", "outcome", "moved", "refused", "letters", right=_FIGURES)
    for fired in answer["fired"]:
        table.add_row(
            fired["deadline"],
            pen.name("duty", fired["kind"]),
            pen.moment(fired["due"]),
            say_outcome(pen, fired["outcome"], fired["why"]),
            *(str(len(fired[column])) for column in _FIGURES),
        )
    parts: list[RenderableType] = [table] if answer["fired"] else [Text(pen.say("tick.nothing"))]
    return Group(*parts, _next(pen, answer))


def say_outcome(pen: Pen, outcome: str, why: str | None) -> str:
    """``fired``, or ``skipped`` with why, in words."""
    said = pen.name("outcome", outcome)
    return f"{said} ({pen.name('skipped', why)})" if why else said


def draw_health(pen: Pen, answer: Answer) -> RenderableType:
    """Whether the clock is alive, in one line, and what that rests on."""
    parts: list[RenderableType] = []
    if answer["machines"]:
        table = pen.table("machine", "account", "last_tick", "program")
        for machine in answer["machines"]:
            row = (machine["machine"], machine["account"], pen.moment(machine["at"]), machine["program"])
            table.add_row(*map(Text, row))
        parts.append(table)
    for deadline in answer["overdue"]:
        due = pen.full_moment(deadline["due"])
        parts.append(Text(pen.say("doctor.overdue", deadline=deadline["deadline"], due=due), style="red"))
    if answer["silent"]:
        parts.append(Text(pen.say("doctor.silent"), style="red"))
    parts.append(_next(pen, answer))
    if answer["ok"]:
        parts.append(Text(pen.say("doctor.well"), style="green"))
    return Group(*parts)


def _next(pen: Pen, answer: Answer) -> Text:
    if answer["next"] is None:
        return Text(pen.say("tick.last"))
    due = pen.full_moment(answer["next"]["due"])
    return Text(pen.say("tick.next", deadline=answer["next"]["deadline"], due=due))


_FIGURES = ("moved", "refused", "letters")
