"""What changed between two moments, as people read it."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.as_of_page import say_rule_book
from workflow.screens.clock_page import list_amendments
from workflow.screens.pen import Answer, Pen


def draw_changes(pen: Pen, changes: Answer) -> RenderableType:
    """Rule book and amendments, then tables of cases, quotas, letters and staff; what did not change is left out."""
    span = {name: pen.full_moment(changes[name]) for name in ("since", "until")}
    parts: list[RenderableType] = [Text(pen.say("diff.span", events=changes["events"], **span), style="bold")]
    was, book = changes["rule_book"]["from"], changes["rule_book"]["to"]
    if book is not None and (was is None or was["sha256"] != book["sha256"]):
        parts += [Text(say_rule_book(pen, book)), *list_amendments(pen, changes["amendments"])]
    for name, draw in (("cases", _cases), ("quotas", _quotas), ("letters", _letters), ("staff", _staff)):
        if changes[name]:
            parts += [Text(""), pen.heading(f"diff.{name}", count=len(changes[name])), draw(pen, changes[name])]
    return Group(*parts)


def _cases(pen: Pen, cases: Sequence[Answer]) -> RenderableType:
    table = pen.table("id", "name", "unit", "changes", "state", fixed=("id",))
    for case in cases:
        table.add_row(
            case["case"],
            Text(case["name"]),
            Text(case["unit"]),
            pen.join(pen.name("change", change) for change in case["changes"]),
            _passage(pen, "state", case),
        )
    return table


def _quotas(pen: Pen, quotas: Sequence[Answer]) -> RenderableType:
    table = pen.table("unit", "quota", "used", fixed=("quota", "used"), right=("quota", "used"))
    for each in quotas:
        was, now = each["from"], each["to"]
        table.add_row(Text(each["unit"]), *(_figures(was[name], now[name]) for name in ("quota", "used")))
    return table


def _letters(pen: Pen, letters: Sequence[Answer]) -> RenderableType:
    """A line for all letters of a kind that went the same way."""
    ways = Counter((letter["kind"], letter["from"], letter["to"]) for letter in letters)
    table = pen.table("kind", "state", "letters", right=("letters",))
    for (kind, was, now), count in ways.items():
        table.add_row(pen.name("letter-kind", kind), _passage(pen, "letter", {"from": was, "to": now}), str(count))
    return table


def _staff(pen: Pen, staff: Sequence[Answer]) -> RenderableType:
    table = pen.table("account", "staff-role")
    for each in staff:
        table.add_row(Text(each["account"]), _passage(pen, "staff", each))
    return table


def _passage(pen: Pen, family: str, each: Answer) -> str:
    now = pen.name(family, each["to"])
    return now if each["from"] in (None, each["to"]) else f"{pen.name(family, each['from'])} → {now}"


def _figures(was: int, now: int) -> str:
    return str(now) if was == now else f"{was} → {now}"
