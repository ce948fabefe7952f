"""Delivery reports and what they came to."""

from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.intake.bounces import Found
from workflow.screens.renderer import Renderer


class ReportDocument(TypedDict):
    """A delivery report; letter, to, state: of the letter it is about, where one is known."""

    file: str
    letter: int | None
    to: str | None
    state: str | None
    status: str | None
    words: str
    outcome: str


def answer_bounces(found: Sequence[Found]) -> list[ReportDocument]:
    """Reports in the order they were read."""
    return [
        {
            "file": report.file,
            "letter": report.noted.letter,
            "to": report.noted.to,
            "state": report.noted.state,
            "status": report.noted.status or None,
            "words": report.noted.words,
            "outcome": report.noted.outcome,
        }
        for report in found
    ]


def draw_bounces(renderer: Renderer, bounces: Sequence[ReportDocument]) -> RenderableType:
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
