"""The clock set right, as ``audit set-clock`` prints it."""

from typing import TypedDict

from rich.console import RenderableType
from rich.text import Text

from workflow import clock
from workflow.engine.clock_setting import ClockSet
from workflow.screens.renderer import Renderer


class ClockSetDocument(TypedDict):
    """was: the moment on record before; now: the right time."""

    was: str
    now: str


def answer_clock_set(setting: ClockSet) -> ClockSetDocument:
    return {"was": clock.show(setting.was), "now": clock.show(setting.now)}


def draw_clock_set(renderer: Renderer, answer: ClockSetDocument) -> RenderableType:
    """From which moment to which."""
    was, now = (renderer.full_moment(moment) for moment in (answer["was"], answer["now"]))
    return Text(renderer.say("clock.set", was=was, now=now))
