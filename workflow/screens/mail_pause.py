"""The pause of sending, as reports and pages tell it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.post.mail_pause import MailPause, read_pause
from workflow.screens.renderer import Answer, Renderer
from workflow.screens.tables import draw_letters


def answer_pause(pause: MailPause | None) -> dict[str, Any] | None:
    """since, by (an account) and why; None where letters are sent."""
    return None if pause is None else {**pause._asdict(), "since": clock.show(pause.since)}


def say_paused(renderer: Renderer, pause: Mapping[str, Any]) -> Text:
    """Since when, by whom and why, in one line."""
    told = {**pause, "since": renderer.full_moment(pause["since"])}
    return Text(renderer.say("mail.paused", **told), style="yellow")


def draw_outbox_of(campaign: Campaign) -> Callable[[Renderer, Sequence[Answer]], RenderableType]:
    """``draw_letters``, and beneath it the pause, if one lasts."""
    with campaign.reading() as connection:
        pause = answer_pause(read_pause(connection))

    def draw(renderer: Renderer, letters: Sequence[Answer]) -> RenderableType:
        return Group(draw_letters(renderer, letters), *([say_paused(renderer, pause)] if pause else []))

    return draw
