"""What changed between two moments, as people read it."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.as_of_page import say_rule_book
from workflow.screens.clock_page import list_amendments
from workflow.screens.renderer import Answer, Renderer


def draw_changes(renderer: Renderer, changes: Answer) -> RenderableType:
    """Rule book and amendments, then tables of cases, quotas, letters and staff; what did not change is left out."""
    span = {name: renderer.full_moment(changes[name]) for name in ("since", "until")}
    parts: list[RenderableType] = [Text(renderer.say("diff.span", events=changes["events"], **span), style="bold")]
    was, book = changes["rule_book"]["from"], changes["rule_book"]["to"]
    if book is not None and (was is None or was["sha256"] != book["sha256"]):
        parts += [Text(say_rule_book(renderer, book)), *list_amendments(renderer, changes["amendments"])]
    for name, draw in (("cases", _cases), ("quotas", _quotas), ("letters", _letters), ("staff", _staff)):
        if changes[name]:
            parts += [
                Text(""),
                renderer.heading(f"diff.{name}", count=len(changes[name])),
                draw(renderer, changes[name]),
            ]
    return Group(*parts)


def _cases(renderer: Renderer, cases: Sequence[Answer]) -> RenderableType:
    table = renderer.table("id", "name", "unit", "changes", "state", fixed=("id",))
    for case in cases:
        table.add_row(
            case["case"],
            Text(case["name"]),
            Text(case["unit"]),
            renderer.join(renderer.name("change", change) for change in case["changes"]),
            _passage(renderer, "state", case),
        )
    return table


def _quotas(renderer: Renderer, quotas: Sequence[Answer]) -> RenderableType:
    table = renderer.table("unit", "quota", "used", fixed=("quota", "used"), right=("quota", "used"))
    for each in quotas:
        was, now = each["from"], each["to"]
        table.add_row(Text(each["unit"]), *(_figures(was[name], now[name]) for name in ("quota", "used")))
    return table


def _letters(renderer: Renderer, letters: Sequence[Answer]) -> RenderableType:
    """A line for all letters of a kind that went the same way."""
    ways = Counter((letter["kind"], letter["from"], letter["to"]) for letter in letters)
    table = renderer.table("kind", "state", "letters", right=("letters",))
    for (kind, was, now), count in ways.items():
        table.add_row(
            renderer.name("letter-kind", kind), _passage(renderer, "letter", {"from": was, "to": now}), str(count)
        )
    return table


def _staff(renderer: Renderer, staff: Sequence[Answer]) -> RenderableType:
    table = renderer.table("account", "staff-role")
    for each in staff:
        table.add_row(Text(each["account"]), _passage(renderer, "staff", each))
    return table


def _passage(renderer: Renderer, family: str, each: Answer) -> str:
    now = renderer.name(family, each["to"])
    return now if each["from"] in (None, each["to"]) else f"{renderer.name(family, each['from'])} → {now}"


def _figures(was: int, now: int) -> str:
    return str(now) if was == now else f"{was} → {now}"
