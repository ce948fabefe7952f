"""A sheet taken in: how many rows counted, and why the others did not."""

from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.campaign import Campaign
from workflow.review import ImportReport
from workflow.screens.reasons import answer_reasons
from workflow.screens.renderer import ReasonDocument, Renderer


class RefusedRowDocument(TypedDict):
    row: int
    reasons: list[ReasonDocument]


class ImportDocument(TypedDict):
    """A sheet taken in: ``accepted`` and the refused are ``rows``."""

    batch: int
    rows: int
    accepted: int
    refused: list[RefusedRowDocument]


def answer_import(campaign: Campaign, report: ImportReport) -> ImportDocument:
    refused: list[RefusedRowDocument] = [
        {"row": refusal.row, "reasons": answer_reasons(campaign, refusal.reasons)} for refusal in report.refused
    ]
    return {"batch": report.batch, "rows": report.rows, "accepted": report.accepted, "refused": refused}


def draw_import(renderer: Renderer, answer: ImportDocument) -> RenderableType:
    """How many rows were taken, and why the others were not."""
    parts: list[RenderableType] = [
        Text(
            renderer.say(
                "import.done", rows=answer["rows"], accepted=answer["accepted"], refused=len(answer["refused"])
            )
        )
    ]
    for refusal in answer["refused"]:
        parts.append(Text(renderer.say("import.row", row=refusal["row"]), style="red"))
        parts += renderer.reasons(refusal["reasons"], indent=2)
    return Group(*parts)
