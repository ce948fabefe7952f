"""The history in words: who did what, when, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.audit.events import Clock, Draft, Event, Firing, Refusal, Score, Survey
from workflow.screens.renderer import Renderer
from workflow.screens.shown_event import ShownEvent
from workflow.wording import knows


def draw_events(renderer: Renderer, events: Sequence[ShownEvent]) -> RenderableType:
    """An event a line: number, time, account, what happened; under it the reasons."""
    parts: list[RenderableType] = []
    for shown in events:
        event = shown.event
        line = Text(f"{event.seq:>5}  {renderer.moment(event.at)}  {event.actor.account}  ", style="dim")
        if event.number is not None:
            line.append(f"{event.number}  ", style="not dim bold")
        line.append(tell_event(renderer, event), style="not dim")
        parts += [line, *tell_why(renderer, shown, 9)]
    return Group(*parts, Text(renderer.say("count.events", count=len(events))))


def draw_history(renderer: Renderer, events: Sequence[ShownEvent]) -> RenderableType:
    """The events of one case, without its number."""
    parts: list[RenderableType] = []
    for shown in events:
        line = Text(f"{renderer.moment(shown.event.at)}  {shown.event.actor.account}  ", style="dim")
        line.append(tell_event(renderer, shown.event), style="not dim")
        parts += [line, *tell_why(renderer, shown, 2)]
    return Group(*parts)


def tell_event(renderer: Renderer, event: Event) -> str:
    """One event in one sentence; a kind that has none is named."""
    key = f"happened.{event.kind}"
    if knows(key, renderer.language):
        return renderer.say(key, **_words(renderer, event))
    return renderer.name("event", event.kind)


def say_outcome(renderer: Renderer, outcome: str, why: str | None) -> str:
    """``fired``, or ``skipped`` with why, in words."""
    return (
        renderer.say("outcome.skipped-because", why=renderer.name("skipped", why))
        if why
        else renderer.name("outcome", outcome)
    )


def say_expected(renderer: Renderer, outcome: str, why: str | None) -> str:
    """As ``say_outcome``, of what has not happened yet."""
    return (
        renderer.say("expected.skipped-because", why=renderer.name("skipped", why))
        if why
        else renderer.name("expected", outcome)
    )


def tell_why(renderer: Renderer, shown: ShownEvent, indent: int) -> list[RenderableType]:
    """The words that were given, and the law's reasons, a line each."""
    why: list[RenderableType] = []
    if shown.event.given and not isinstance(shown.event, Refusal):
        why.append(Text(" " * indent + renderer.say("happened.why", why=shown.event.given), style="italic"))
    return [*why, *renderer.reasons(shown.reasons, indent, warnings=isinstance(shown.event, Draft))]


def _words(renderer: Renderer, event: Event) -> Mapping[str, Any]:
    """What the event tells, by the names that people know it by."""
    words = {
        field: renderer.name(event.NAMES[field], value) if field in event.NAMES else value
        for field, value in event.fields().items()
    }
    match event:
        case Clock():
            words["was"] = renderer.full_moment(event.was)
        case Firing():
            words["outcome"] = say_outcome(renderer, event.outcome, event.skipped_because)
        case Score():
            words["score"] = f"{event.hundredths / 100:.2f}"
        case Survey():
            words["verified"] = renderer.say("survey.verified" if event.verified else "survey.not-verified")
    return words
