"""What a command answers: a document for programs, a page for people, an exit status."""

from collections.abc import Callable
from typing import Any, NamedTuple

from workflow.screens.renderer import Renderer


class Answer(NamedTuple):
    """document: what --json prints. draw: the page made of it, a rich renderable. status: of the process."""

    document: Any
    draw: Callable[[Renderer, Any], Any]
    status: int = 0


def saying(key: str) -> Callable[[Renderer, Any], str]:
    """A page of one sentence, filled from the document."""

    def draw(renderer: Renderer, document: Any) -> str:
        return renderer.say(key, **document)

    return draw
