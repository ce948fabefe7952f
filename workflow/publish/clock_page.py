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
    if answer["next"] is None:
        return Group(*parts, Text(pen.say("tick.last")))
    due = pen.full_moment(answer["next"]["due"])
    return Group(*parts, Text(pen.say("tick.next", deadline=answer["next"]["deadline"], due=due)))


def say_outcome(pen: Pen, outcome: str, why: str | None) -> str:
    """``fired``, or ``skipped`` with why, in words."""
    said = pen.name("outcome", outcome)
    return f"{said} ({pen.name('skipped', why)})" if why else said


_FIGURES = ("moved", "refused", "letters")
