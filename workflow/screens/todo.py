"""The tray: what waits for a person, each with the command that settles it."""

import shlex
from collections.abc import Sequence
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.intake.desk.tray import Blank, Waiting, Word
from workflow.screens.renderer import Renderer
from workflow.wording import say, say_reason


class TodoDocument(TypedDict):
    """submission, case: None where it is about none in particular. command: typed as it is, gaps filled in."""

    kind: str
    since: str
    submission: int | None
    case: str | None
    message: str
    command: str


def answer_todo(campaign: Campaign, waiting: Sequence[Waiting]) -> list[TodoDocument]:
    edition, language = campaign.edition, campaign.language
    return [
        {
            "kind": each.kind,
            "since": clock.show(each.since),
            "submission": each.submission,
            "case": None if each.case is None else edition.case_number(each.case),
            "message": " ".join(
                say_reason(reason.code, reason.values, language, edition.zone) for reason in each.reasons
            ),
            "command": write_command(each.command, language),
        }
        for each in waiting
    ]


def write_command(words: Sequence[Word], language: str) -> str:
    """A command as it is typed; what a person has to fill in is named in the language's own word."""
    return " ".join(["anli", *(_write_word(word, language) for word in words)])


def _write_word(word: Word, language: str) -> str:
    parts = word if isinstance(word, tuple) else (word,)
    return "".join(
        say(f"blank.{part.value}", language) if isinstance(part, Blank) else shlex.quote(part) for part in parts
    )


def draw_todo(renderer: Renderer, todo: Sequence[TodoDocument]) -> RenderableType:
    """Of each since when and what, what is said of it, and the command; at the end how many there are."""
    parts: list[RenderableType] = []
    for each in todo:
        head = Text(f"{renderer.moment(each['since'])}  ", style="dim")
        style = "red" if each["kind"] == "blocking-doubt" else "yellow"
        head.append(renderer.name("todo", each["kind"]), style=f"not dim {style}")
        about = [each["case"] or "", "" if each["submission"] is None else f"№ {each['submission']}"]
        head.append("".join(f"  {word}" for word in about if word), style="not dim")
        parts += [
            head,
            Padding(Text(each["message"]), (0, 0, 0, 2)),
            Padding(Text(each["command"], style="bold"), (0, 0, 0, 2)),
        ]
    return Group(*parts, Text(renderer.say("count.todo", count=len(todo))))
