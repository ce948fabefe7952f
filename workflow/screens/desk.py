"""What a person settled or corrected, and the batch that says so."""

from typing import Any, TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.campaign import Campaign
from workflow.intake.desk.correct import Corrected
from workflow.intake.desk.settle import Settled
from workflow.screens.batch import QueuedDocument, answer_queued
from workflow.screens.reasons import answer_reasons
from workflow.screens.renderer import ReasonDocument, Renderer
from workflow.screens.taken import IntakeDocument, answer_taken, draw_taken


class SettledDocument(IntakeDocument):
    batch: int | None


def answer_settled(campaign: Campaign, settled: Settled) -> SettledDocument:
    return {"batch": settled.report.batch, "submissions": [answer_taken(campaign, settled.taken)]}


def draw_settled(renderer: Renderer, settled: SettledDocument) -> RenderableType:
    """What became of it, and how to take that back."""
    shown = [draw_taken(renderer, taken) for taken in settled["submissions"]]
    return Group(*shown, Text(renderer.say("desk.settled", batch=settled["batch"])))


class ChangeDocument(TypedDict):
    field: str
    old: Any
    new: Any


class ConsequenceDocument(TypedDict):
    """What becomes of a way out of the case's state. was, becomes: whether the law allows it; reasons: from now on."""

    case: str
    trigger: str
    was: bool
    becomes: bool
    reasons: list[ReasonDocument]


class CorrectedDocument(TypedDict):
    """batch: None of one that is only proposed."""

    batch: int | None
    case: str
    changes: list[ChangeDocument]
    verdicts: list[ConsequenceDocument]
    letters: list[QueuedDocument]


def answer_corrected(campaign: Campaign, case: str, corrected: Corrected) -> CorrectedDocument:
    """Old and new of what it says of a person are for who may correct them, and stand in no event."""
    version = corrected.version
    return {
        "batch": corrected.report.batch,
        "case": case,
        "changes": [{"field": change.field, "old": change.old, "new": change.new} for change in version.changes],
        "verdicts": [
            {
                "case": case,
                "trigger": each.trigger,
                "was": each.was,
                "becomes": each.becomes,
                "reasons": answer_reasons(campaign, each.reasons),
            }
            for each in version.consequences
        ],
        "letters": [answer_queued(letter) for letter in corrected.report.letters],
    }


def draw_corrected(renderer: Renderer, corrected: CorrectedDocument) -> RenderableType:
    """Field by field what it was and is, what that changes, who is written to, and how to take it back."""
    parts: list[RenderableType] = [Text(corrected["case"], style="bold")]
    for change in corrected["changes"]:
        old = "—" if change["old"] in (None, "") else change["old"]
        parts.append(Text(f"  {renderer.name('field', change['field'])}  {old} → {change['new']}"))
    for verdict in corrected["verdicts"]:
        key = "desk.allowed" if verdict["becomes"] else "desk.refused"
        parts.append(Text(f"  {renderer.say(key, trigger=renderer.name('trigger', verdict['trigger']))}"))
        parts += renderer.reasons(verdict["reasons"], indent=4, warnings=False)
    for letter in corrected["letters"]:
        parts.append(Text(f"  {renderer.say('desk.letter', to=letter['recipient'], subject=letter['subject'])}"))
    key = "desk.would-correct" if corrected["batch"] is None else "desk.corrected"
    return Group(*parts, Text(renderer.say(key, batch=corrected["batch"])))
