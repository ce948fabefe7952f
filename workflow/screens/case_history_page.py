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
from workflow.screens.event_page import Event, tell_event, tell_why
from workflow.screens.renderer import Renderer
from workflow.wording import show_day


def draw_history(renderer: Renderer, history: HistoryDocument) -> RenderableType:
    """The case in two lines; under each day what happened, by whom, why, on what documents, and what letters said."""
    head = Text(f"{history['id']}  {history['name']}", style="bold")
    state = Text(f"{history['unit']}  {history['applicant']}  ")
    state.append(renderer.name("state", history["state"]), style="bold")
    parts: list[RenderableType] = [head, state]
    shown: Sequence[ReliedOnDocument] = ()
    for day, events in groupby(history["events"], key=lambda event: _day(renderer, event)):
        parts += [Text(""), Text(day, style="bold")]
        for event in events:
            relied_on = event.get("relied_on", shown)
            parts += [_line(renderer, event), *_beneath(renderer, event, relied_on if relied_on != shown else ())]
            shown = relied_on
    counts = {name: len(history[name]) for name in ("events", "letters", "documents")}
    return Group(*parts, Text(""), Text(renderer.say("page.history-counts", **counts), style="dim"))


def _day(renderer: Renderer, event: Event) -> str:
    return show_day(clock.read(event["at"]), renderer.zone, renderer.language)


def _line(renderer: Renderer, event: Event) -> Table:
    actor = event["actor"]
    remarks = [renderer.name("staff", actor["role"])] if actor["role"] != NO_ROLE else []
    if event["batch"] is not None:
        remarks.append(renderer.say("page.of-batch", batch=event["batch"]))
    what = Text(f"{actor['account']}  ", style="dim")
    what.append(tell_event(renderer, event), style="not dim")
    what.append("".join(f"  {remark}" for remark in remarks))
    line = Table.grid(padding=(0, 2))
    line.add_row(Text(f"  {clock.read(event['at']).astimezone(renderer.zone):%H:%M}", style="dim"), what)
    return line


def _beneath(renderer: Renderer, event: Event, relied_on: Sequence[ReliedOnDocument]) -> Iterator[RenderableType]:
    yield from tell_why(renderer, event, 9)
    for document in relied_on:
        role = renderer.name("role", document["role"])
        line = renderer.say("page.relied-on", role=role, file=document["filename"], sha256=document["sha256"][:12])
        yield Padding(Text(line, style="dim"), (0, 0, 0, 9))
    if (fate := event.get("fate")) is not None:
        style = {"sent": "green", "failed": "red", "unknown": "red"}.get(fate["state"], "yellow")
        answer = fate["answer"] if fate["state"] in ("failed", "unknown") else ""
        words = [renderer.name("letter", fate["state"]), renderer.moment(fate["sent_at"]), answer, fate["subject"]]
        yield Padding(Text("  ".join(word for word in words if word), style=style), (0, 0, 0, 9))
