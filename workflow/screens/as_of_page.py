"""How things stood at a moment, as people read it."""

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.clock_page import list_amendments
from workflow.screens.past import PastCaseDocument, PastRankingDocument, PastUnitDocument, RuleBookDocument
from workflow.screens.renderer import Renderer
from workflow.screens.tables import draw_ranking


def draw_cases_of(
    rule_book: RuleBookDocument | None,
) -> Callable[[Renderer, Sequence[PastCaseDocument]], RenderableType]:
    """The page of cases that stood under this rule book."""

    def draw(renderer: Renderer, cases: Sequence[PastCaseDocument]) -> RenderableType:
        return Group(_table(renderer, cases), *([] if rule_book is None else _force(renderer, rule_book)))

    return draw


def draw_places(renderer: Renderer, answer: PastUnitDocument) -> RenderableType:
    """A unit's places and the cases that held them, or did not."""
    figures = {"quota": answer["quota"], "used": answer["used"], "left": answer["left"]}
    head = Text(renderer.say("past.places", unit=answer["unit"], **figures), style="bold")
    return Group(head, _table(renderer, answer["cases"]), *_force(renderer, answer["rule_book"]))


def draw_standings(renderer: Renderer, answer: PastRankingDocument) -> RenderableType:
    """The ranking as it stood."""
    return Group(draw_ranking(renderer, answer["ranking"]), *_force(renderer, answer["rule_book"]))


def say_rule_book(renderer: Renderer, rule_book: RuleBookDocument) -> str:
    """A rule book by its name, the beginning of its hash, and since when it was in force."""
    since = renderer.full_moment(rule_book["since"])
    return renderer.say("past.rule-book", edition=rule_book["edition"], sha256=rule_book["sha256"][:12], since=since)


def _force(renderer: Renderer, rule_book: RuleBookDocument) -> list[Text]:
    line = Text(say_rule_book(renderer, rule_book), style="dim")
    return [line, *list_amendments(renderer, rule_book["amendments"])]


def _table(renderer: Renderer, cases: Sequence[PastCaseDocument]) -> RenderableType:
    table = renderer.table(
        "id", "name", "unit", "category", "state", "version", fixed=("id", "state"), right=("version",)
    )
    for case in cases:
        table.add_row(
            case["id"],
            Text(case["name"]),
            Text(case["unit"]),
            renderer.join(case["categories"]),
            renderer.name("state", case["state"]),
            str(case["version"]),
        )
    return Group(table, Text(renderer.say("count.cases", count=len(cases))))
