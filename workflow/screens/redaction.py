"""What was erased of a case's forms, as ``audit redact`` prints it."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine import redaction
from workflow.engine.campaign import Campaign
from workflow.screens.renderer import Answer, Renderer


def redact(
    campaign: Campaign, number: str, fields: Sequence[str], why: str | None, with_originals: bool
) -> dict[str, Any]:
    """Erase, and say from which forms, and which stored files may show the same."""
    erased = redaction.redact(campaign, number, fields, why, with_originals)
    files = {key: [each._asdict() for each in getattr(erased, key)] for key in ("originals", "originals_erased")}
    return {**erased._asdict(), **files}


def draw_redaction(renderer: Renderer, answer: Answer) -> RenderableType:
    """What is gone, then what still holds it."""
    fields = renderer.join(renderer.say(f"column.{name}") for name in answer["fields"])
    key = "redaction.done" if answer["fields"] else "redaction.no-field"
    head = Text(renderer.say(key, case=answer["case"], fields=fields))
    parts: list[RenderableType] = [head]
    for key in ("originals_erased", "originals"):
        if answer[key]:
            parts += [Text(renderer.say(f"redaction.{key}"), style="yellow"), _files(renderer, answer[key])]
    return Group(*parts, Text(renderer.say("redaction.copies")))


def _files(renderer: Renderer, files: Sequence[Answer]) -> RenderableType:
    table = renderer.table("role", "file", "sha256", fixed=("role",))
    for each in files:
        table.add_row(renderer.name("role", each["role"]), Text(each["filename"]), each["sha256"][:12])
    return table
