"""A batch, done or proposed, as people read it."""

from collections.abc import Callable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.campaign import Campaign
from workflow.screens.batch import BatchDocument
from workflow.screens.cases import CaseDocument, list_cases
from workflow.screens.renderer import Renderer
from workflow.screens.tables import warn_of_bounced


def draw_batch(renderer: Renderer, report: BatchDocument, names: Mapping[str, CaseDocument]) -> RenderableType:
    """Every case with its verdict, every letter, and one line that adds up. ``names``: the cases by number."""
    parts: list[RenderableType] = []
    moved, refused = ("moving", "refusing") if report["batch"] is None else ("moved", "refused")
    if report["moved"]:
        parts += [
            renderer.heading(f"report.{moved}", count=len(report["moved"])),
            _moved(renderer, report, names),
            Text(""),
        ]
    if report["refused"]:
        parts.append(renderer.heading(f"report.{refused}", count=len(report["refused"])))
        for refusal in report["refused"]:
            case = names.get(refusal["case"])
            name, unit = (case["name"], case["unit"]) if case else ("", "")
            state = renderer.name("state", refusal["state"])
            parts.append(Text(f"{refusal['case']}  {name}  {unit}  {state}"))
            parts += renderer.reasons(refusal["reasons"], indent=2, warnings=False)
        parts.append(Text(""))
    if report["letters"]:
        held = all(letter["held"] for letter in report["letters"])
        key = "report.letters-held" if held else "report.letters"
        parts += [renderer.heading(key, count=len(report["letters"])), _letters(renderer, report)]
        parts += [*warn_of_bounced(renderer, report["letters"]), Text("")]
    return Group(*parts, Text(count_batch(renderer, report), style="bold"))


def draw_batch_of(campaign: Campaign) -> Callable[[Renderer, BatchDocument], RenderableType]:
    """``draw_batch`` with the campaign's cases for names."""
    return lambda renderer, report: draw_batch(renderer, report, {case["id"]: case for case in list_cases(campaign)})


def count_batch(renderer: Renderer, report: BatchDocument) -> str:
    """One line: what was asked for, what moved, what was refused, how many letters."""
    moved, refused = len(report["moved"]), len(report["refused"])
    return renderer.say(
        "report.proposed" if report["batch"] is None else "report.done",
        batch=report["batch"],
        trigger=renderer.name("trigger", report["trigger"]),
        asked=moved + refused,
        moved=moved,
        refused=refused,
        letters=len(report["letters"]),
    )


def _moved(renderer: Renderer, report: BatchDocument, names: Mapping[str, CaseDocument]) -> RenderableType:
    table = renderer.table("id", "name", "unit", "from", "to", fixed=("id", "from", "to"))
    for move in report["moved"]:
        case = names.get(move["case"])
        name, unit = (case["name"], case["unit"]) if case else ("", "")
        states = (renderer.name("state", move["from"]), renderer.name("state", move["to"]))
        table.add_row(move["case"], Text(name), Text(unit), *states)
    return table


def _letters(renderer: Renderer, report: BatchDocument) -> RenderableType:
    table = renderer.table("recipient", "subject", "cases")
    for letter in report["letters"]:
        recipient = Text(f"{letter['recipient']}\n{letter['to']}")
        table.add_row(recipient, Text(letter["subject"]), " ".join(letter["cases"]))
    return table
