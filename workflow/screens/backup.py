"""Backups made and restored, as ``db backup`` and ``db restore`` print them."""

from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine import backup
from workflow.engine.backup import Copied
from workflow.engine.campaign import Campaign
from workflow.screens.case_page import draw_verification
from workflow.screens.history import answer_verification
from workflow.screens.renderer import Answer, Renderer
from workflow.settings import Settings


def back_up(campaign: Campaign, folder: Path) -> dict[str, Any]:
    """What was copied, and what ``audit verify`` says of the copy."""
    return _answer(backup.back_up(campaign, folder), campaign.language)


def restore(settings: Settings, folder: Path) -> dict[str, Any]:
    """What was brought back, and what ``audit verify`` says of it."""
    return _answer(backup.restore(settings, folder), settings.language)


def _answer(copied: Copied, language: str) -> dict[str, Any]:
    return {
        "place": copied.place,
        "originals": copied.originals,
        "letters": copied.letters,
        **answer_verification(copied.found, language),
    }


def draw_backup(renderer: Renderer, answer: Answer) -> RenderableType:
    """Where the backup lies, and whether it holds."""
    return Group(Text(renderer.say("backup.done", **answer)), draw_verification(renderer, answer))


def draw_restored(renderer: Renderer, answer: Answer) -> RenderableType:
    """What came back, whether it holds, and what to think of before letters go out."""
    lines = [Text(renderer.say("backup.restored", **answer)), draw_verification(renderer, answer)]
    if answer["letters"]:
        lines.append(Text(renderer.say("backup.letters", **answer), style="yellow"))
    return Group(*lines)
