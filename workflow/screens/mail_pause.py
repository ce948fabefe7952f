"""The pause of sending, as reports and pages tell it."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.post.mail_pause import MailPause, read_pause
from workflow.screens.letters import LetterDocument
from workflow.screens.renderer import Renderer
from workflow.screens.tables import draw_letters


class PauseDocument(TypedDict):
    """by: an account."""

    since: str
    by: str
    why: str


def answer_pause(pause: MailPause) -> PauseDocument:
    return {"since": clock.show(pause.since), "by": pause.by, "why": pause.why}


def say_paused(renderer: Renderer, pause: PauseDocument) -> Text:
    """Since when, by whom and why, in one line."""
    since = renderer.full_moment(pause["since"])
    return Text(renderer.say("mail.paused", since=since, by=pause["by"], why=pause["why"]), style="yellow")


def draw_outbox_of(campaign: Campaign) -> Callable[[Renderer, Sequence[LetterDocument]], RenderableType]:
    """``draw_letters``, and beneath it the pause, if one lasts."""
    with campaign.reading() as connection:
        pause = read_pause(connection)

    def draw(renderer: Renderer, letters: Sequence[LetterDocument]) -> RenderableType:
        return Group(draw_letters(renderer, letters), *([say_paused(renderer, answer_pause(pause))] if pause else []))

    return draw
