"""The history in words: who did what, when, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.renderer import Renderer
from workflow.wording import knows

Event = Mapping[str, Any]
"""As its leaf tells it, its reasons with their sentences."""


def draw_events(renderer: Renderer, events: Sequence[Event]) -> RenderableType:
    """An event a line: number, time, account, what happened; under it the reasons."""
    parts: list[RenderableType] = []
    for event in events:
        line = Text(f"{event['seq']:>5}  {renderer.moment(event['at'])}  {event['actor']['account']}  ", style="dim")
        if number := event.get("case"):
            line.append(f"{number}  ", style="not dim bold")
        line.append(tell_event(renderer, event), style="not dim")
        parts += [line, *tell_why(renderer, event, 9)]
    return Group(*parts, Text(renderer.say("count.events", count=len(events))))


def draw_history(renderer: Renderer, events: Sequence[Event]) -> RenderableType:
    """The events of one case, without its number."""
    parts: list[RenderableType] = []
    for event in events:
        line = Text(f"{renderer.moment(event['at'])}  {event['actor']['account']}  ", style="dim")
        line.append(tell_event(renderer, event), style="not dim")
        parts += [line, *tell_why(renderer, event, 2)]
    return Group(*parts)


def tell_event(renderer: Renderer, event: Event) -> str:
    """One event in one sentence; a kind that has none is named."""
    key = f"happened.{event['kind']}"
    return (
        renderer.say(key, **_words(renderer, event))
        if knows(key, renderer.language)
        else renderer.name("event", event["kind"])
    )


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


def tell_why(renderer: Renderer, event: Event, indent: int) -> list[RenderableType]:
    """The words that were given, and the law's reasons, a line each."""
    why: list[RenderableType] = []
    if event.get("why") and event["kind"] != "refusal":
        why.append(Text(" " * indent + renderer.say("happened.why", why=event["why"]), style="italic"))
    return [*why, *renderer.reasons(event.get("reasons") or [], indent, warnings=event["kind"] == "draft")]


def _words(renderer: Renderer, event: Event) -> Mapping[str, Any]:
    words = dict(event)
    if "trigger" in event:
        words["trigger"] = renderer.name("trigger", event["trigger"])
    family = "letter" if event["kind"] == "letter" else "state"
    words |= {key: renderer.name(family, event[key]) for key in ("from", "to") if key in event}
    if "status" in event:
        words["status"] = renderer.name("status", event["status"])
    if "letter_kind" in event:
        words["letter_kind"] = renderer.name("letter-kind", event["letter_kind"])
    if "deadline" in event:
        words["deadline"] = renderer.name("occasion", event["deadline"])
    if event["kind"] == "firing":
        words["outcome"] = say_outcome(renderer, event["outcome"], event["skipped_because"])
    if event["kind"] == "bounce":
        words["outcome"] = renderer.name("bounce", event["outcome"])
    if "hundredths" in event:
        words["score"] = f"{event['hundredths'] / 100:.2f}"
    if "mode" in event:
        words["mode"] = renderer.name("mode", event["mode"])
    if "verified" in event:
        words["verified"] = renderer.say("survey.verified" if event["verified"] else "survey.not-verified")
    return words
