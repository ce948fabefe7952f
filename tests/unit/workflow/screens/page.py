"""A page as a person reads it."""

from typing import Any
from zoneinfo import ZoneInfo

from workflow.screens.answer import Answer
from workflow.screens.renderer import Renderer
from workflow.screens.screen import render


def read_page(answer: Answer, language: str = "zh") -> str:
    """The lines of the answer's page."""
    renderer = Renderer(language, ZoneInfo("Asia/Shanghai"), 120)
    page: Any = answer.draw(renderer, answer.document)
    return render(page, None)
