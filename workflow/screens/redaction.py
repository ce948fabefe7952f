"""What was erased of a case's forms, as ``audit redact`` prints it."""

from collections.abc import Sequence
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.redaction import Erased, Holding
from workflow.screens.renderer import Renderer


class HoldingDocument(TypedDict):
    sha256: str
    filename: str
    role: str


class ErasedDocument(TypedDict):
    """fields, forms: what was erased, and from which. originals: files that may still show it.

    originals_left: files erased on record and not yet gone. read_on: whether the database's file still holds it.
    """

    case: str
    fields: list[str]
    forms: list[int]
    originals: list[HoldingDocument]
    originals_erased: list[HoldingDocument]
    originals_left: list[HoldingDocument]
    read_on: bool


def answer_erased(erased: Erased) -> ErasedDocument:
    return {
        "case": erased.case,
        "fields": list(erased.fields),
        "forms": list(erased.forms),
        "originals": [_answer_holding(file) for file in erased.originals],
        "originals_erased": [_answer_holding(file) for file in erased.originals_erased],
        "originals_left": [_answer_holding(file) for file in erased.originals_left],
        "read_on": erased.read_on,
    }


def draw_redaction(renderer: Renderer, answer: ErasedDocument) -> RenderableType:
    """What is gone, then what still holds it."""
    fields = renderer.join(renderer.say(f"column.{name}") for name in answer["fields"])
    key = "redaction.done" if answer["fields"] else "redaction.no-field"
    head = Text(renderer.say(key, case=answer["case"], fields=fields))
    parts: list[RenderableType] = [head]
    for key, files in (
        ("originals_left", answer["originals_left"]),
        ("originals_erased", answer["originals_erased"]),
        ("originals", answer["originals"]),
    ):
        if files:
            parts += [
                Text(renderer.say(f"redaction.{key}", case=answer["case"]), style="yellow"),
                _files(renderer, files),
            ]
    if answer["read_on"]:
        parts.append(Text(renderer.say("redaction.read_on"), style="yellow"))
    return Group(*parts, Text(renderer.say("redaction.copies")))


def _files(renderer: Renderer, files: Sequence[HoldingDocument]) -> RenderableType:
    table = renderer.table("role", "file", "sha256", fixed=("role",))
    for file in files:
        table.add_row(renderer.name("role", file["role"]), Text(file["filename"]), file["sha256"][:12])
    return table


def _answer_holding(file: Holding) -> HoldingDocument:
    return {"sha256": file.sha256, "filename": file.filename, "role": file.role}
