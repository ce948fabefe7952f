"""Documents of cases: papers written for handing out, and one opened, as a person reads of them."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from workflow.publish.opening import Opened
from workflow.publish.papers.folder import CasePapers
from workflow.screens.renderer import Renderer
from workflow.screens.screen import Verbatim


def draw_papers(renderer: Renderer, answers: Sequence[CasePapers]) -> Group:
    """For each case where its papers lie, and what is not among them."""
    lines = list[RenderableType]()
    for papers in answers:
        lines.append(
            Text(renderer.say("papers.done", case=papers["case"], count=len(papers["files"]), folder=papers["folder"]))
        )
        for left in papers["left_out"]:
            role = renderer.name("role", left["role"])
            said = renderer.say("papers.document", role=role, document=left["document"], why=left["why"])
            lines.append(Padding(Text(said, style="yellow"), (0, 0, 0, 2)))
    return Group(*lines)


def draw_opened(renderer: Renderer, answer: Opened) -> Verbatim:
    """What was opened, or the path where it lies."""
    return Verbatim(renderer.say("show.opened" if answer["opened"] else "show.lies", **answer) + "\n")
