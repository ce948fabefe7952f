"""A batch, done or proposed, and the answer to one question, as people read them."""

from collections.abc import Callable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.campaign import Campaign
from workflow.screens.bounces import warn_of_bounced
from workflow.screens.cases import list_cases
from workflow.screens.renderer import Answer, Renderer


def draw_batch(renderer: Renderer, report: Answer, names: Mapping[str, Answer]) -> RenderableType:
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
            case = names.get(refusal["case"], {})
            state = renderer.name("state", refusal["state"])
            parts.append(Text(f"{refusal['case']}  {case.get('name', '')}  {case.get('unit', '')}  {state}"))
            parts += renderer.reasons(refusal["reasons"], indent=2, warnings=False)
        parts.append(Text(""))
    if report["letters"]:
        held = all(letter["held"] for letter in report["letters"])
        key = "report.letters-held" if held else "report.letters"
        parts += [renderer.heading(key, count=len(report["letters"])), _letters(renderer, report)]
        parts += [*warn_of_bounced(renderer, report["letters"]), Text("")]
    return Group(*parts, Text(count_batch(renderer, report), style="bold"))


def draw_batch_of(campaign: Campaign) -> Callable[[Renderer, Answer], RenderableType]:
    """``draw_batch`` with the campaign's cases for names."""
    return lambda renderer, report: draw_batch(renderer, report, {case["id"]: case for case in list_cases(campaign)})


def count_batch(renderer: Renderer, report: Answer) -> str:
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


def draw_verdict(renderer: Renderer, verdict: Answer) -> RenderableType:
    """Whether one case may take one step, and every reason."""
    line = renderer.say(
        "explain.allowed" if verdict["allowed"] else "explain.refused",
        case=verdict["case"],
        trigger=renderer.name("trigger", verdict["trigger"]),
        state=renderer.name("state", verdict["from"]),
    )
    return Group(Text(line, style="green" if verdict["allowed"] else "red"), *renderer.reasons(verdict["reasons"]))


def _moved(renderer: Renderer, report: Answer, names: Mapping[str, Answer]) -> RenderableType:
    table = renderer.table("id", "name", "unit", "from", "to", fixed=("id", "from", "to"))
    for move in report["moved"]:
        case = names.get(move["case"], {})
        states = (renderer.name("state", move["from"]), renderer.name("state", move["to"]))
        table.add_row(move["case"], Text(case.get("name", "")), Text(case.get("unit", "")), *states)
    return table


def _letters(renderer: Renderer, report: Answer) -> RenderableType:
    table = renderer.table("recipient", "subject", "cases")
    for letter in report["letters"]:
        recipient = Text(f"{letter['recipient']}\n{letter['to']}")
        table.add_row(recipient, Text(letter["subject"]), " ".join(letter["cases"]))
    return table
