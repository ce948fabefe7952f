"""Backups made and restored, as ``db backup`` and ``db restore`` print them."""

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.backup import Copied
from workflow.screens.case_page import draw_verification
from workflow.screens.history import VerificationDocument, answer_verification
from workflow.screens.renderer import Renderer


class CopiedDocument(VerificationDocument):
    """What was copied or brought back, and what ``audit verify`` says of it. letters: those that wait to be sent."""

    place: str
    originals: int
    letters: int


def answer_copied(copied: Copied, language: str) -> CopiedDocument:
    return {
        "place": copied.place,
        "originals": copied.originals,
        "letters": copied.letters,
        **answer_verification(copied.found, language),
    }


def draw_backup(renderer: Renderer, answer: CopiedDocument) -> RenderableType:
    """Where the backup lies, and whether it holds."""
    return Group(Text(renderer.say("backup.done", **answer)), draw_verification(renderer, answer))


def draw_restored(renderer: Renderer, answer: CopiedDocument) -> RenderableType:
    """What came back, whether it holds, and what to think of before letters go out."""
    lines = [Text(renderer.say("backup.restored", **answer)), draw_verification(renderer, answer)]
    if answer["letters"]:
        lines.append(Text(renderer.say("backup.letters", **answer), style="yellow"))
    return Group(*lines)
