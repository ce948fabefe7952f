"""The history in words: who did what, when, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.pen import Answer, Pen
from workflow.wording import knows


def draw_events(pen: Pen, events: Sequence[Answer]) -> RenderableType:
    """An event a line: number, time, account, what happened; under it the reasons."""
    parts: list[RenderableType] = []
    for event in events:
        line = Text(f"{event['seq']:>5}  {pen.moment(event['at'])}  {event['actor']['account']}  ", style="dim")
        if number := event.get("case"):
            line.append(f"{number}  ", style="not dim bold")
        line.append(tell_event(pen, event), style="not dim")
        parts += [line, *tell_why(pen, event, 9)]
    return Group(*parts, Text(pen.say("count.events", count=len(events))))


def draw_history(pen: Pen, events: Sequence[Answer]) -> RenderableType:
    """The events of one case, without its number."""
    parts: list[RenderableType] = []
    for event in events:
        line = Text(f"{pen.moment(event['at'])}  {event['actor']['account']}  ", style="dim")
        line.append(tell_event(pen, event), style="not dim")
        parts += [line, *tell_why(pen, event, 2)]
    return Group(*parts)


def tell_event(pen: Pen, event: Answer) -> str:
    """One event in one sentence; a kind that has none is named."""
    key = f"happened.{event['kind']}"
    return pen.say(key, **_words(pen, event)) if knows(key, pen.language) else pen.name("event", event["kind"])


def say_outcome(pen: Pen, outcome: str, why: str | None) -> str:
    """``fired``, or ``skipped`` with why, in words."""
    return pen.say("outcome.skipped-because", why=pen.name("skipped", why)) if why else pen.name("outcome", outcome)


def say_expected(pen: Pen, outcome: str, why: str | None) -> str:
    """As ``say_outcome``, of what has not happened yet."""
    return pen.say("expected.skipped-because", why=pen.name("skipped", why)) if why else pen.name("expected", outcome)


def tell_why(pen: Pen, event: Answer, indent: int) -> list[RenderableType]:
    """The words that were given, and the law's reasons, a line each."""
    why: list[RenderableType] = []
    if event.get("why") and event["kind"] != "refusal":
        why.append(Text(" " * indent + pen.say("happened.why", why=event["why"]), style="italic"))
    return [*why, *pen.reasons(event.get("reasons") or [], indent, warnings=event["kind"] == "draft")]


def _words(pen: Pen, event: Answer) -> Mapping[str, Any]:
    words = dict(event)
    if "trigger" in event:
        words["trigger"] = pen.name("trigger", event["trigger"])
    family = "letter" if event["kind"] == "letter" else "state"
    words |= {key: pen.name(family, event[key]) for key in ("from", "to") if key in event}
    if "status" in event:
        words["status"] = pen.name("status", event["status"])
    if "letter_kind" in event:
        words["letter_kind"] = pen.name("letter-kind", event["letter_kind"])
    if "deadline" in event:
        words["deadline"] = pen.name("occasion", event["deadline"])
    if event["kind"] == "firing":
        words["outcome"] = say_outcome(pen, event["outcome"], event["skipped_because"])
    if event["kind"] == "bounce":
        words["outcome"] = pen.name("bounce", event["outcome"])
    if "hundredths" in event:
        words["score"] = f"{event['hundredths'] / 100:.2f}"
    if "mode" in event:
        words["mode"] = pen.name("mode", event["mode"])
    if "verified" in event:
        words["verified"] = pen.say("survey.verified" if event["verified"] else "survey.not-verified")
    return words
