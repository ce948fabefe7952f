"""A page as a person reads it."""

from typing import Any
from zoneinfo import ZoneInfo

from workflow.screens.answer import Answer
from workflow.screens.pen import Pen
from workflow.screens.screen import render


def read_page(answer: Answer, language: str = "zh") -> str:
    """The lines of the answer's page."""
    pen = Pen(language, ZoneInfo("Asia/Shanghai"), 120)
    page: Any = answer.draw(pen, answer.document)
    return render(page, None)
