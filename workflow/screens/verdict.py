"""The answer of the law to one question: whether a case may take a step, and every reason."""

from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from states.verdict import Verdict
from workflow.engine.campaign import Campaign
from workflow.screens.reasons import answer_reasons
from workflow.screens.renderer import ReasonDocument, Renderer

VerdictDocument = TypedDict(
    "VerdictDocument",
    {"case": str, "trigger": str, "allowed": bool, "from": str, "to": str | None, "reasons": list[ReasonDocument]},
)


def answer_verdict(campaign: Campaign, case: str, verdict: Verdict) -> VerdictDocument:
    return {
        "case": case,
        "trigger": verdict.trigger,
        "allowed": verdict.allowed,
        "from": verdict.source,
        "to": verdict.target,
        "reasons": answer_reasons(campaign, verdict.reasons),
    }


def draw_verdict(renderer: Renderer, verdict: VerdictDocument) -> RenderableType:
    """Whether one case may take one step, and every reason."""
    line = renderer.say(
        "explain.allowed" if verdict["allowed"] else "explain.refused",
        case=verdict["case"],
        trigger=renderer.name("trigger", verdict["trigger"]),
        state=renderer.name("state", verdict["from"]),
    )
    return Group(Text(line, style="green" if verdict["allowed"] else "red"), *renderer.reasons(verdict["reasons"]))
