"""One case's history, day by day."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workflow import clock
from workflow.audit.actor import NO_ROLE
from workflow.screens.case_history import HistoryDocument, ReliedOnDocument
from workflow.screens.event_page import tell_event, tell_why
from workflow.screens.renderer import Renderer
from workflow.screens.shown_event import ShownEvent
from workflow.visible import reveal
from workflow.wording import show_day


def draw_history(renderer: Renderer, history: HistoryDocument) -> RenderableType:
    """The case in two lines; under each day what happened, by whom, why, on what documents, and what letters said."""
    head = Text(f"{history['id']}  {history['name']}", style="bold")
    state = Text(f"{history['unit']}  {history['applicant']}  ")
    state.append(renderer.name("state", history["state"]), style="bold")
    parts: list[RenderableType] = [head, state]
    documents: Sequence[ReliedOnDocument] = ()
    for day, events in groupby(history["events"], key=lambda shown: _day(renderer, shown)):
        parts += [Text(""), Text(day, style="bold")]
        for shown in events:
            relied_on = shown.get("relied_on", documents)
            parts += [_line(renderer, shown), *_beneath(renderer, shown, relied_on if relied_on != documents else ())]
            documents = relied_on
    counts = {name: len(history[name]) for name in ("events", "letters", "documents")}
    return Group(*parts, Text(""), Text(renderer.say("page.history-counts", **counts), style="dim"))


def _day(renderer: Renderer, shown: ShownEvent) -> str:
    return show_day(clock.read(shown.event.at), renderer.zone, renderer.language)


def _line(renderer: Renderer, shown: ShownEvent) -> Table:
    event = shown.event
    remarks = [renderer.name("staff", event.actor.role)] if event.actor.role != NO_ROLE else []
    if event.batch is not None:
        remarks.append(renderer.say("page.of-batch", batch=event.batch))
    what = Text(f"{event.actor.account}  ", style="dim")
    what.append(tell_event(renderer, event), style="not dim")
    what.append("".join(f"  {remark}" for remark in remarks))
    line = Table.grid(padding=(0, 2))
    line.add_row(Text(f"  {clock.read(event.at).astimezone(renderer.zone):%H:%M}", style="dim"), what)
    return line


def _beneath(renderer: Renderer, shown: ShownEvent, relied_on: Sequence[ReliedOnDocument]) -> Iterator[RenderableType]:
    yield from tell_why(renderer, shown, 9)
    for document in relied_on:
        role = renderer.name("role", document["role"])
        line = renderer.say("page.relied-on", role=role, file=document["filename"], sha256=document["sha256"][:12])
        yield Padding(Text(line, style="dim"), (0, 0, 0, 9))
    if (fate := shown.get("fate")) is not None:
        style = {"sent": "green", "failed": "red", "unknown": "red"}.get(fate["state"], "yellow")
        answer = fate["answer"] if fate["state"] in ("failed", "unknown") else ""
        words = [renderer.name("letter", fate["state"]), renderer.moment(fate["sent_at"]), answer, fate["subject"]]
        yield Padding(Text("  ".join(reveal(word) for word in words if word), style=style), (0, 0, 0, 9))
