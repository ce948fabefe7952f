"""What a person settled or corrected, and the batch that says so."""

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.campaign import Campaign
from workflow.intake.desk.settle import Settled
from workflow.screens.renderer import Renderer
from workflow.screens.taken import IntakeDocument, answer_taken, draw_taken


class SettledDocument(IntakeDocument):
    batch: int | None


def answer_settled(campaign: Campaign, settled: Settled) -> SettledDocument:
    return {"batch": settled.report.batch, "submissions": [answer_taken(campaign, settled.taken)]}


def draw_settled(renderer: Renderer, settled: SettledDocument) -> RenderableType:
    """What became of it, and how to take that back."""
    shown = [draw_taken(renderer, taken) for taken in settled["submissions"]]
    return Group(*shown, Text(renderer.say("desk.settled", batch=settled["batch"])))
