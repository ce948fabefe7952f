"""How things stood at a moment, as people read it."""

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.clock_page import list_amendments
from workflow.screens.pen import Answer, Pen
from workflow.screens.tables import draw_ranking


def draw_cases_of(rule_book: Answer | None) -> Callable[[Pen, Sequence[Answer]], RenderableType]:
    """The page of cases that stood under this rule book."""

    def draw(pen: Pen, cases: Sequence[Answer]) -> RenderableType:
        return Group(_table(pen, cases), *([] if rule_book is None else _force(pen, rule_book)))

    return draw


def draw_places(pen: Pen, answer: Answer) -> RenderableType:
    """A unit's places and the cases that held them, or did not."""
    places = {key: answer[key] for key in ("unit", "quota", "used", "left")}
    head = Text(pen.say("past.places", **places), style="bold")
    return Group(head, _table(pen, answer["cases"]), *_force(pen, answer["rule_book"]))


def draw_standings(pen: Pen, answer: Answer) -> RenderableType:
    """The ranking as it stood."""
    return Group(draw_ranking(pen, answer["ranking"]), *_force(pen, answer["rule_book"]))


def say_rule_book(pen: Pen, rule_book: Answer) -> str:
    """A rule book by its name, the beginning of its hash, and since when it was in force."""
    since = pen.full_moment(rule_book["since"])
    return pen.say("past.rule-book", edition=rule_book["edition"], sha256=rule_book["sha256"][:12], since=since)


def _force(pen: Pen, rule_book: Answer) -> list[Text]:
    line = Text(say_rule_book(pen, rule_book), style="dim")
    return [line, *list_amendments(pen, rule_book["amendments"])]


def _table(pen: Pen, cases: Sequence[Answer]) -> RenderableType:
    table = pen.table("id", "name", "unit", "category", "state", "version", fixed=("id", "state"), right=("version",))
    for case in cases:
        table.add_row(
            case["id"],
            Text(case["name"]),
            Text(case["unit"]),
            pen.join(case["categories"]),
            pen.name("state", case["state"]),
            str(case["version"]),
        )
    return Group(table, Text(pen.say("count.cases", count=len(cases))))
