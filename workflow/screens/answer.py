"""What a command answers: a document for programs, a page for people, an exit status."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from workflow.screens.renderer import Renderer

if TYPE_CHECKING:
    from rich.console import RenderableType

Document = TypeVar("Document")
Page: TypeAlias = "RenderableType"


class Answer:
    """document: what --json prints. draw: the page made of it, a rich renderable. status: of the process.

    That the page reads the document's own keys is for the type checker to see, where the two are brought together.
    """

    def __init__(self, document: Document, draw: Callable[[Renderer, Document], Page], status: int = 0) -> None:
        self.document: Any = document
        self.draw: Callable[[Renderer, Any], Page] = draw
        self.status = status


def saying(key: str) -> Callable[[Renderer, Mapping[str, object]], str]:
    """A page of one sentence, filled from the document."""

    def draw(renderer: Renderer, document: Mapping[str, object]) -> str:
        return renderer.say(key, **document)

    return draw
