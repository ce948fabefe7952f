"""Delivery reports and what they came to."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.renderer import Answer, Renderer


def answer_bounces(found: Sequence[Any]) -> list[dict[str, Any]]:
    """Reports as --json prints them (each a ``Found``)."""
    return [{"file": each.file, **each.noted._asdict(), "status": each.noted.status or None} for each in found]


def draw_bounces(renderer: Renderer, bounces: Sequence[Answer]) -> RenderableType:
    """A line a report, what the server said beneath it, and how many came to what."""
    parts: list[RenderableType] = []
    for report in bounces:
        style = {"bounced": "red", "unknown": "yellow"}.get(report["outcome"], "dim")
        head = Text(renderer.name("bounce", report["outcome"]), style=style)
        letter = "—" if report["letter"] is None else str(report["letter"])
        state = "" if report["state"] is None else renderer.name("letter", report["state"])
        head.append(f"  {letter}  {report['to'] or ''}  {state}  {report['file']}".rstrip(), style="not dim")
        said = " ".join(part for part in (report["status"], report["words"]) if part)
        parts += [head, *([Text(f"  {said}", style="dim")] if said else [])]
    became = Counter(report["outcome"] for report in bounces)
    counts = renderer.join(f"{renderer.name('bounce', outcome)} {count}" for outcome, count in sorted(became.items()))
    key = "bounces.done" if bounces else "bounces.none"
    return Group(*parts, Text(renderer.say(key, count=len(bounces), parts=counts)))


def warn_of_bounced(renderer: Renderer, letters: Sequence[Answer]) -> list[RenderableType]:
    """A line for each address that letters came back from and these would go to again."""
    known = {letter["to"]: letter["bounced"] for letter in letters if letter["bounced"]}
    return [
        Text(f"! {renderer.say('letter.came-back', to=to, **bounced)}", style="yellow") for to, bounced in known.items()
    ]
