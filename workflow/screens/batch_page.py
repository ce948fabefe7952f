"""A batch, done or proposed, and the answer to one question, as people read them."""

from collections.abc import Callable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.campaign import Campaign
from workflow.screens.bounces import warn_of_bounced
from workflow.screens.cases import list_cases
from workflow.screens.pen import Answer, Pen


def draw_batch(pen: Pen, report: Answer, names: Mapping[str, Answer]) -> RenderableType:
    """Every case with its verdict, every letter, and one line that adds up. ``names``: the cases by number."""
    parts: list[RenderableType] = []
    moved, refused = ("moving", "refusing") if report["batch"] is None else ("moved", "refused")
    if report["moved"]:
        parts += [pen.heading(f"report.{moved}", count=len(report["moved"])), _moved(pen, report, names), Text("")]
    if report["refused"]:
        parts.append(pen.heading(f"report.{refused}", count=len(report["refused"])))
        for refusal in report["refused"]:
            case = names.get(refusal["case"], {})
            state = pen.name("state", refusal["state"])
            parts.append(Text(f"{refusal['case']}  {case.get('name', '')}  {case.get('unit', '')}  {state}"))
            parts += pen.reasons(refusal["reasons"], indent=2, warnings=False)
        parts.append(Text(""))
    if report["letters"]:
        held = all(letter["held"] for letter in report["letters"])
        key = "report.letters-held" if held else "report.letters"
        parts += [pen.heading(key, count=len(report["letters"])), _letters(pen, report)]
        parts += [*warn_of_bounced(pen, report["letters"]), Text("")]
    return Group(*parts, Text(count_batch(pen, report), style="bold"))


def draw_batch_of(campaign: Campaign) -> Callable[[Pen, Answer], RenderableType]:
    """``draw_batch`` with the campaign's cases for names."""
    return lambda pen, report: draw_batch(pen, report, {case["id"]: case for case in list_cases(campaign)})


def count_batch(pen: Pen, report: Answer) -> str:
    """One line: what was asked for, what moved, what was refused, how many letters."""
    moved, refused = len(report["moved"]), len(report["refused"])
    return pen.say(
        "report.proposed" if report["batch"] is None else "report.done",
        batch=report["batch"],
        trigger=pen.name("trigger", report["trigger"]),
        asked=moved + refused,
        moved=moved,
        refused=refused,
        letters=len(report["letters"]),
    )


def draw_verdict(pen: Pen, verdict: Answer) -> RenderableType:
    """Whether one case may take one step, and every reason."""
    line = pen.say(
        "explain.allowed" if verdict["allowed"] else "explain.refused",
        case=verdict["case"],
        trigger=pen.name("trigger", verdict["trigger"]),
        state=pen.name("state", verdict["from"]),
    )
    return Group(Text(line, style="green" if verdict["allowed"] else "red"), *pen.reasons(verdict["reasons"]))


def _moved(pen: Pen, report: Answer, names: Mapping[str, Answer]) -> RenderableType:
    table = pen.table("id", "name", "unit", "from", "to", fixed=("id", "from", "to"))
    for move in report["moved"]:
        case = names.get(move["case"], {})
        states = (pen.name("state", move["from"]), pen.name("state", move["to"]))
        table.add_row(move["case"], Text(case.get("name", "")), Text(case.get("unit", "")), *states)
    return table


def _letters(pen: Pen, report: Answer) -> RenderableType:
    table = pen.table("recipient", "subject", "cases")
    for letter in report["letters"]:
        recipient = Text(f"{letter['recipient']}\n{letter['to']}")
        table.add_row(recipient, Text(letter["subject"]), " ".join(letter["cases"]))
    return table
