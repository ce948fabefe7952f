"""What the clock did and will do, as people read it."""

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow import clock
from workflow.screens.calendar import (
    AmendedDocument,
    AmendmentDocument,
    AppointmentDocument,
    CalendarDocument,
    PostponedDocument,
)
from workflow.screens.event_page import say_expected, say_outcome
from workflow.screens.firings import DueDocument, HealthDocument, TickDocument
from workflow.screens.mail_pause import say_paused
from workflow.screens.renderer import Renderer
from workflow.screens.timeline import draw_line
from workflow.wording import show_deadline


def draw_tick(renderer: Renderer, answer: TickDocument) -> RenderableType:
    """What was dealt with, and when the next deadline falls due."""
    return Group(draw_firings(renderer, answer), _next(renderer, answer))


def draw_tick_ahead(renderer: Renderer, answer: TickDocument) -> RenderableType:
    """What would be dealt with, and when the next deadline falls due after that."""
    return Group(draw_ahead(renderer, answer), _next(renderer, answer))


def draw_ahead(renderer: Renderer, answer: TickDocument) -> RenderableType:
    """A line a deadline that would be dealt with, and that nothing was done."""
    return Group(_list(renderer, answer, say_expected), Text(renderer.say("tick.nothing-done"), style="yellow"))


def draw_firings(renderer: Renderer, answer: TickDocument) -> RenderableType:
    """A line a deadline dealt with, and what came of it."""
    return _list(renderer, answer, say_outcome)


def _list(
    renderer: Renderer, answer: TickDocument, say_result: Callable[[Renderer, str, str | None], str]
) -> RenderableType:
    table = renderer.table("due", "deadline", "duty", "result", fixed=("due", "deadline", "duty"))
    for fired in answer["fired"]:
        result = Text(say_result(renderer, fired["outcome"], fired["why"]))
        for column in ("moved", "refused", "letters"):
            if fired[column]:
                result.append(f"\n{renderer.say(f'column.{column}')} {len(fired[column])}")
        table.add_row(
            renderer.moment(fired["due"]), _occasion(renderer, fired), renderer.name("duty", fired["kind"]), result
        )
    return table if answer["fired"] else Text(renderer.say("tick.nothing"))


def draw_health(renderer: Renderer, answer: HealthDocument) -> RenderableType:
    """Whether the clock is alive, in one line, and what that rests on."""
    parts: list[RenderableType] = []
    if answer["machines"]:
        table = renderer.table("machine", "account", "last_tick", "program")
        for machine in answer["machines"]:
            row = (machine["machine"], machine["account"], renderer.moment(machine["at"]), machine["program"])
            table.add_row(*map(Text, row))
        parts.append(table)
    for deadline in answer["overdue"]:
        due = renderer.full_moment(deadline["due"])
        parts.append(Text(renderer.say("doctor.overdue", deadline=_occasion(renderer, deadline), due=due), style="red"))
    if answer["silent"]:
        parts.append(Text(renderer.say("doctor.silent"), style="red"))
    if (ahead := answer["clock_ahead"]) is not None:
        shown = {"now": renderer.full_moment(answer["now"]), "last": renderer.full_moment(ahead["last"])}
        parts.append(Text(renderer.say("error.clock-ahead", count=len(ahead["deadlines"]), **shown), style="red"))
    if answer["mail_paused"]:
        parts.append(say_paused(renderer, answer["mail_paused"]))
    parts += [Text(renderer.say("doctor.bounced", **unreachable), style="yellow") for unreachable in answer["bounced"]]
    parts.append(_next(renderer, answer))
    if answer["ok"]:
        parts.append(Text(renderer.say("doctor.well"), style="green"))
    return Group(*parts)


def draw_calendar(renderer: Renderer, calendar: CalendarDocument) -> RenderableType:
    """The year as a picture in letters, then every deadline, then what was amended."""
    table = renderer.table("due", "deadline", "duty", "outcome", fixed=("due",))
    for deadline in calendar["deadlines"]:
        name = _occasion(renderer, deadline)
        outcome = say_outcome(renderer, deadline["outcome"], deadline["why"]) if deadline["outcome"] else ""
        if deadline["units"]:
            name = f"{name} ({renderer.join(deadline['units'])})"
        table.add_row(renderer.moment(deadline["due"]), name, renderer.name("duty", deadline["kind"]), outcome)
    parts: list[RenderableType] = [Text(draw_line(renderer, calendar), no_wrap=True), Text(""), table]
    return Group(*parts, *list_amendments(renderer, calendar["amendments"]))


def list_amendments(renderer: Renderer, amendments: Sequence[AmendmentDocument]) -> list[Text]:
    """A line each: which window closes when, for whom, and why."""
    lines = []
    for amendment in amendments:
        whose = amendment["unit"] or renderer.say("calendar.all-units")
        window, until = renderer.name("window", amendment["window"]), _deadline(renderer, amendment["until"])
        lines.append(
            Text(renderer.say("calendar.amended", window=window, until=until, unit=whose, why=amendment["why"]))
        )
    return lines


def draw_amended(renderer: Renderer, answer: AmendedDocument) -> RenderableType:
    """What an extension changed: the window, the deadlines that moved, the letters."""
    window, until = renderer.name("window", answer["window"]), _deadline(renderer, answer["until"])
    whose = answer["unit"] or renderer.say("calendar.all-units")
    parts: list[RenderableType] = [Text(renderer.say("calendar.extended", window=window, until=until, unit=whose))]
    for postponed in answer["postponed"]:
        was = renderer.moment(postponed["was"]) or "—"
        parts.append(Text(f"  {_occasion(renderer, postponed)}  {was} → {renderer.moment(postponed['due'])}"))
    return Group(*parts, Text(renderer.say("calendar.letters", count=len(answer["letters"]))))


def _occasion(renderer: Renderer, deadline: DueDocument | AppointmentDocument | PostponedDocument) -> str:
    return renderer.name("occasion", deadline["deadline"])


def _deadline(renderer: Renderer, written: str) -> str:
    return show_deadline(clock.read(written), renderer.zone, renderer.language)


def _next(renderer: Renderer, answer: TickDocument | HealthDocument) -> Text:
    if answer["next"] is None:
        return Text(renderer.say("tick.last"))
    due = renderer.full_moment(answer["next"]["due"])
    return Text(renderer.say("tick.next", deadline=_occasion(renderer, answer["next"]), due=due))
