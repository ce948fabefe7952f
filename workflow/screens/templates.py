"""Whether every letter can be written: the built-in templates and the rule book's own, on every kind of batch."""

from collections.abc import Iterator
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from notifications.grammar import TemplateUnfit
from notifications.letters import render
from workflow.edition import Edition
from workflow.edition.places import line_within
from workflow.engine.correspondence import sender_of
from workflow.engine.specimens import all_kinds, write_specimens
from workflow.screens.renderer import Renderer


class _Place(TypedDict):
    """The file of a template, and its key in the rule book; None of one that is built in."""

    file: str
    key: str | None


class TemplateProblemDocument(_Place):
    """line: where it failed. variable: one that no letter has. said: the template's own words about it."""

    line: int
    variable: str
    said: str


class TemplateDocument(_Place):
    """letters: how many were tried."""

    language: str
    kind: str
    letters: int
    problems: list[TemplateProblemDocument]


def check_templates(edition: Edition, file: str) -> list[TemplateDocument]:
    """For each language and kind of letter: the file and key of its template, the letters tried, and what failed."""
    return [_try(edition, file, language, kind) for language, kind in all_kinds()]


def _try(edition: Edition, file: str, language: str, kind: str) -> TemplateDocument:
    own = kind in getattr(edition.mail.templates, language)
    tried, problems = 0, list[TemplateProblemDocument]()
    for letter in write_specimens(edition, language, kind):
        tried += 1
        try:
            render(letter, sender_of(edition, language), edition.received_until)
        except TemplateUnfit as unfit:
            problem = _locate(edition, file, (language, kind), unfit)
            if problem not in problems:
                problems.append(problem)
    place = _place(file, language, kind, own)
    return {"language": language, "kind": kind, **place, "letters": tried, "problems": problems}


def _place(file: str, language: str, kind: str, own: bool) -> _Place:
    if own:
        return {"file": file, "key": f"mail.templates.{language}.{kind}"}
    return {"file": f"notifications/templates/{language}/{kind}.txt", "key": None}


def _locate(edition: Edition, file: str, name: tuple[str, str], unfit: TemplateUnfit) -> TemplateProblemDocument:
    own = bool(unfit.values["own"])
    line = unfit.line
    if own:
        line = line_within(edition.source.decode("utf-8-sig"), ("mail", "templates", *name), unfit.line)
    said, variable = str(unfit.values["said"]), str(unfit.values["variable"])
    return {**_place(file, *name, own), "line": line, "variable": variable, "said": said}


def draw_templates(renderer: Renderer, templates: list[TemplateDocument]) -> RenderableType:
    """What failed, line by line; then how much was tried."""
    return Group(
        *(Text(line, style="red") for line in _complain(renderer, templates)), Text(_sum_up(renderer, templates))
    )


def _complain(renderer: Renderer, templates: list[TemplateDocument]) -> Iterator[str]:
    for template in templates:
        for problem in template["problems"]:
            key = "templates.undefined" if problem["variable"] else "templates.failed"
            place = ", ".join(filter(None, [problem["file"], problem["key"]]))
            shown = {"line": problem["line"], "variable": problem["variable"], "said": problem["said"]}
            yield renderer.say(key, file=place, kind=template["kind"], **shown)


def _sum_up(renderer: Renderer, templates: list[TemplateDocument]) -> str:
    own = sum(template["key"] is not None for template in templates)
    letters = sum(template["letters"] for template in templates)
    unfit = sum(bool(template["problems"]) for template in templates)
    return renderer.say("templates.checked", templates=len(templates), own=own, letters=letters, unfit=unfit)
