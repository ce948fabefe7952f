"""What the clock did and will do, as people read it."""

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow import clock
from workflow.screens.event_page import say_expected, say_outcome
from workflow.screens.mail_pause import say_paused
from workflow.screens.pen import Answer, Pen
from workflow.screens.timeline import draw_line
from workflow.wording import show_deadline


def draw_tick(pen: Pen, answer: Answer) -> RenderableType:
    """What was dealt with, and when the next deadline falls due."""
    return Group(draw_firings(pen, answer), _next(pen, answer))


def draw_tick_ahead(pen: Pen, answer: Answer) -> RenderableType:
    """What would be dealt with, and when the next deadline falls due after that."""
    return Group(draw_ahead(pen, answer), _next(pen, answer))


def draw_ahead(pen: Pen, answer: Answer) -> RenderableType:
    """A line a deadline that would be dealt with, and that nothing was done."""
    return Group(_list(pen, answer, say_expected), Text(pen.say("tick.nothing-done"), style="yellow"))


def draw_firings(pen: Pen, answer: Answer) -> RenderableType:
    """A line a deadline dealt with, and what came of it."""
    return _list(pen, answer, say_outcome)


def _list(pen: Pen, answer: Answer, say_result: Callable[[Pen, str, str | None], str]) -> RenderableType:
    table = pen.table("due", "deadline", "duty", "result", fixed=("due", "deadline", "duty"))
    for fired in answer["fired"]:
        result = Text(say_result(pen, fired["outcome"], fired["why"]))
        for column in ("moved", "refused", "letters"):
            if fired[column]:
                result.append(f"\n{pen.say(f'column.{column}')} {len(fired[column])}")
        table.add_row(pen.moment(fired["due"]), _occasion(pen, fired), pen.name("duty", fired["kind"]), result)
    return table if answer["fired"] else Text(pen.say("tick.nothing"))


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
        parts.append(Text(pen.say("doctor.overdue", deadline=_occasion(pen, deadline), due=due), style="red"))
    if answer["silent"]:
        parts.append(Text(pen.say("doctor.silent"), style="red"))
    if answer["mail_paused"]:
        parts.append(say_paused(pen, answer["mail_paused"]))
    parts += [Text(pen.say("doctor.bounced", **each), style="yellow") for each in answer["bounced"]]
    parts.append(_next(pen, answer))
    if answer["ok"]:
        parts.append(Text(pen.say("doctor.well"), style="green"))
    return Group(*parts)


def draw_calendar(pen: Pen, calendar: Answer) -> RenderableType:
    """The year as a picture in letters, then every deadline, then what was amended."""
    table = pen.table("due", "deadline", "duty", "outcome", fixed=("due",))
    for deadline in calendar["deadlines"]:
        name = _occasion(pen, deadline)
        outcome = say_outcome(pen, deadline["outcome"], deadline["why"]) if deadline["outcome"] else ""
        if deadline["units"]:
            name = f"{name} ({pen.join(deadline['units'])})"
        table.add_row(pen.moment(deadline["due"]), name, pen.name("duty", deadline["kind"]), outcome)
    parts: list[RenderableType] = [Text(draw_line(pen, calendar), no_wrap=True), Text(""), table]
    return Group(*parts, *list_amendments(pen, calendar["amendments"]))


def list_amendments(pen: Pen, amendments: Sequence[Answer]) -> list[Text]:
    """A line each: which window closes when, for whom, and why."""
    lines = []
    for each in amendments:
        whose = each["unit"] or pen.say("calendar.all-units")
        window, until = pen.name("window", each["window"]), _deadline(pen, each["until"])
        lines.append(Text(pen.say("calendar.amended", window=window, until=until, unit=whose, why=each["why"])))
    return lines


def draw_amended(pen: Pen, answer: Answer) -> RenderableType:
    """What an extension changed: the window, the deadlines that moved, the letters."""
    window, until = pen.name("window", answer["window"]), _deadline(pen, answer["until"])
    whose = answer["unit"] or pen.say("calendar.all-units")
    parts: list[RenderableType] = [Text(pen.say("calendar.extended", window=window, until=until, unit=whose))]
    for each in answer["postponed"]:
        was = pen.moment(each["was"]) or "—"
        parts.append(Text(f"  {_occasion(pen, each)}  {was} → {pen.moment(each['due'])}"))
    return Group(*parts, Text(pen.say("calendar.letters", count=len(answer["letters"]))))


def _occasion(pen: Pen, deadline: Answer) -> str:
    return pen.name("occasion", deadline["deadline"])


def _deadline(pen: Pen, written: str) -> str:
    return show_deadline(clock.read(written), pen.zone, pen.language)


def _next(pen: Pen, answer: Answer) -> Text:
    if answer["next"] is None:
        return Text(pen.say("tick.last"))
    due = pen.full_moment(answer["next"]["due"])
    return Text(pen.say("tick.next", deadline=_occasion(pen, answer["next"]), due=due))
