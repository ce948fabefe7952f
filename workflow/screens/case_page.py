"""One case on one page, and whether the history holds."""

from collections.abc import Iterator, Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workflow.screens.case_papers import PaperDocument
from workflow.screens.cases import WholeCaseDocument
from workflow.screens.event_page import draw_history
from workflow.screens.history import VerificationDocument
from workflow.screens.renderer import Renderer
from workflow.screens.tables import draw_letters

_Plain = Literal["id", "name", "applicant", "unit", "contact_person", "contact_phone", "address"]
_PLAIN: tuple[_Plain, ...] = ("id", "name", "applicant", "unit", "contact_person", "contact_phone", "address")
_Figure = Literal["summary_characters", "content_characters", "selected_place", "version"]
_FIGURES: tuple[_Figure, ...] = ("summary_characters", "content_characters", "selected_place", "version")


def draw_case(renderer: Renderer, case: WholeCaseDocument) -> RenderableType:
    """What the form says, what is wrong with it, its documents, history and letters."""
    parts: list[RenderableType] = [_facts(renderer, case)]
    if case["problems"]:
        parts += [Text(""), renderer.heading("column.problems"), *renderer.reasons(case["problems"], 2)]
    parts += [Text(""), renderer.heading("page.summary"), Text(case["summary"])]
    parts += [Text(""), renderer.heading("page.content"), *_content(case)]
    parts += [Text(""), renderer.heading("page.documents"), _documents(renderer, case["documents"])]
    parts += [Text(""), renderer.heading("page.history"), draw_history(renderer, case["history"])]
    if case["letters"]:
        parts += [Text(""), renderer.heading("page.letters"), draw_letters(renderer, case["letters"])]
    return Group(*parts)


def draw_verification(renderer: Renderer, answer: VerificationDocument) -> RenderableType:
    """Whether the history holds, its root, and everything that does not fit."""
    key, style = ("audit.verified", "green") if answer["ok"] else ("audit.not-verified", "red")
    head = Text(renderer.say(key, events=answer["events"], count=len(answer["problems"])), style=style)
    lines = [Text(f"✗ {problem['where']}  {problem['message']}", style="red") for problem in answer["problems"]]
    if answer["erased"]["fields"] or answer["erased"]["originals"]:
        lines.append(Text(renderer.say("audit.erased", **answer["erased"])))
    return Group(head, *lines, Text(renderer.say("audit.root", root=answer["root"]), style="dim"))


def _facts(renderer: Renderer, case: WholeCaseDocument) -> Table:
    facts = Table.grid(padding=(0, 2))
    for key in _PLAIN:
        if (said := case[key]) is None:
            facts.add_row(
                Text(renderer.say(f"column.{key}"), style="dim"), Text(renderer.say("page.erased"), style="dim")
            )
        elif said:
            facts.add_row(Text(renderer.say(f"column.{key}"), style="dim"), Text(said))
    facts.add_row(Text(renderer.say("column.categories"), style="dim"), renderer.join(case["categories"]))
    facts.add_row(
        Text(renderer.say("column.state"), style="dim"), Text(renderer.name("state", case["state"]), style="bold")
    )
    facts.add_row(Text(renderer.say("column.received"), style="dim"), renderer.full_moment(case["received_at"]))
    for figure in _FIGURES:
        if case[figure] is not None:
            facts.add_row(Text(renderer.say(f"column.{figure}"), style="dim"), str(case[figure]))
    return facts


def _content(case: WholeCaseDocument) -> Iterator[RenderableType]:
    """Each heading, and what stands beneath it."""
    for section in case["sections"]:
        if section["heading"]:
            yield Text(section["heading"], style="bold")
        yield from (Padding(Text(line), (0, 0, 0, 2)) for line in section["paragraphs"])


def _documents(renderer: Renderer, documents: Sequence[PaperDocument]) -> Table:
    table = renderer.table(
        "document", "purpose", "size", "sha256", fixed=("purpose", "size", "sha256"), right=("size",)
    )
    for document in documents:
        table.add_row(
            Text(document["filename"]),
            renderer.name("role", document["role"]),
            f"{document['size']:,}",
            document["sha256"][:12],
            style=None if document["current"] else "dim",
        )
    return table
