"""Papers that were written for handing out, as a person reads of them."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from workflow.publish.papers.folder import CasePapers
from workflow.screens.renderer import Renderer


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
