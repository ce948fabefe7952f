"""What changed between two moments, as people read it."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.as_of_page import say_rule_book
from workflow.screens.clock_page import list_amendments
from workflow.screens.difference import (
    CaseChangeDocument,
    DifferenceDocument,
    LetterChangeDocument,
    QuotaChangeDocument,
    StaffChangeDocument,
)
from workflow.screens.renderer import Renderer


def draw_changes(renderer: Renderer, changes: DifferenceDocument) -> RenderableType:
    """Rule book and amendments, then tables of cases, quotas, letters and staff; what did not change is left out."""
    span = {"since": renderer.full_moment(changes["since"]), "until": renderer.full_moment(changes["until"])}
    parts: list[RenderableType] = [Text(renderer.say("diff.span", events=changes["events"], **span), style="bold")]
    was, book = changes["rule_book"]["from"], changes["rule_book"]["to"]
    if book is not None and (was is None or was["sha256"] != book["sha256"]):
        parts += [Text(say_rule_book(renderer, book)), *list_amendments(renderer, changes["amendments"])]
    for name, count, table in (
        ("cases", len(changes["cases"]), _cases(renderer, changes["cases"])),
        ("quotas", len(changes["quotas"]), _quotas(renderer, changes["quotas"])),
        ("letters", len(changes["letters"]), _letters(renderer, changes["letters"])),
        ("staff", len(changes["staff"]), _staff(renderer, changes["staff"])),
    ):
        if count:
            parts += [Text(""), renderer.heading(f"diff.{name}", count=count), table]
    return Group(*parts)


def _cases(renderer: Renderer, cases: Sequence[CaseChangeDocument]) -> RenderableType:
    table = renderer.table("id", "name", "unit", "changes", "state", fixed=("id",))
    for case in cases:
        table.add_row(
            case["case"],
            Text(case["name"]),
            Text(case["unit"]),
            renderer.join(renderer.name("change", change) for change in case["changes"]),
            _passage(renderer, "state", case["from"], case["to"]),
        )
    return table


def _quotas(renderer: Renderer, quotas: Sequence[QuotaChangeDocument]) -> RenderableType:
    table = renderer.table("unit", "quota", "used", fixed=("quota", "used"), right=("quota", "used"))
    for quota in quotas:
        was, now = quota["from"], quota["to"]
        table.add_row(Text(quota["unit"]), _figures(was["quota"], now["quota"]), _figures(was["used"], now["used"]))
    return table


def _letters(renderer: Renderer, letters: Sequence[LetterChangeDocument]) -> RenderableType:
    """A line for all letters of a kind that went the same way."""
    ways = Counter((letter["kind"], letter["from"], letter["to"]) for letter in letters)
    table = renderer.table("kind", "state", "letters", right=("letters",))
    for (kind, was, now), count in ways.items():
        table.add_row(renderer.name("letter-kind", kind), _passage(renderer, "letter", was, now), str(count))
    return table


def _staff(renderer: Renderer, staff: Sequence[StaffChangeDocument]) -> RenderableType:
    table = renderer.table("account", "staff-role")
    for member in staff:
        table.add_row(Text(member["account"]), _passage(renderer, "staff", member["from"], member["to"]))
    return table


def _passage(renderer: Renderer, family: str, was: str | None, now: str) -> str:
    name = renderer.name(family, now)
    return name if was in (None, now) else f"{renderer.name(family, was)} → {name}"


def _figures(was: int, now: int) -> str:
    return str(now) if was == now else f"{was} → {now}"
