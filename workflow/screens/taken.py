"""Mails taken in: what became of each, and what stands in the way of its forms."""

from collections import Counter
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from states.doubts import DOUBTS
from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.intake.tell import FormFound, Taken
from workflow.screens.reasons import answer_reasons
from workflow.screens.renderer import ReasonDocument, Renderer

_FOR_A_PERSON = frozenset(
    {code for code, blocks in DOUBTS.items() if blocks}
    | {"link-expires", "forwarded-for", "other-route", "other-route-submitted"}
)
"""Said of a form or a mail of which a person has to decide something, however well the rest is in order."""


class FormDocument(TypedDict):
    """case: None of a form that made none."""

    name: str
    applicant: str
    categories: list[int]
    case: str | None
    complete: bool
    reasons: list[ReasonDocument]


class TakenDocument(TypedDict):
    """What became of one mail."""

    file: str
    message_id: str
    unit: str | None
    received_at: str | None
    status: str
    reasons: list[ReasonDocument]
    cases: list[str]
    forms: list[FormDocument]


class IntakeDocument(TypedDict):
    submissions: list[TakenDocument]


def answer_taken(campaign: Campaign, taken: Taken) -> TakenDocument:
    return {
        "file": taken.file,
        "message_id": taken.message_id,
        "unit": taken.unit,
        "received_at": clock.show(taken.received_at) if taken.received_at else None,
        "status": taken.status,
        "reasons": answer_reasons(campaign, taken.reasons),
        "cases": [campaign.edition.case_number(case_id) for case_id in taken.cases],
        "forms": [_answer_form(campaign, form) for form in taken.forms],
    }


def answer_intake(taken: list[TakenDocument]) -> IntakeDocument:
    return {"submissions": taken}


def _answer_form(campaign: Campaign, form: FormFound) -> FormDocument:
    return {
        "name": form.name,
        "applicant": form.applicant,
        "categories": list(form.categories),
        "case": campaign.edition.case_number(form.case_id) if form.case_id else None,
        "complete": form.complete,
        "reasons": answer_reasons(campaign, form.reasons),
    }


def draw_taken(renderer: Renderer, taken: TakenDocument) -> RenderableType:
    """What became of one mail, and what stands in the way of each of its forms."""
    style = {"taken": "green", "duplicate": "dim"}.get(taken["status"], "yellow")
    head = Text(renderer.name("status", taken["status"]), style=style)
    head.append(f"  {taken['file']}  {taken['unit'] or ''}", style="bold")
    parts: list[RenderableType] = [head, *renderer.reasons(taken["reasons"], indent=2)]
    of_the_mail = {reason["code"] for reason in taken["reasons"]}
    for form in taken["forms"]:
        line = Text(f"  {form['case'] or '—'}  {form['name']}  {form['applicant']}  ")
        complete = form["complete"]
        line.append(
            renderer.say("form.complete" if complete else "form.incomplete"), style="green" if complete else "red"
        )
        of_its_own = [reason for reason in form["reasons"] if reason["code"] not in of_the_mail]
        parts += [line, *renderer.reasons(of_its_own, indent=4, warnings=False)]
    return Group(*parts)


def waits(taken: TakenDocument) -> bool:
    """Whether a person has something to decide about the mail, or its unit something to send again."""
    if taken["status"] in ("set-aside", "refused"):
        return True
    found = [*taken["reasons"], *(reason for form in taken["forms"] for reason in form["reasons"])]
    of_the_mail = any(reason["blocking"] for reason in taken["reasons"])
    return of_the_mail or any(reason["code"] in _FOR_A_PERSON for reason in found)


def count_taken(renderer: Renderer, answer: IntakeDocument) -> str:
    """How many mails were looked at, and what became of them."""
    became = Counter(mail["status"] for mail in answer["submissions"])
    if not became:
        return renderer.say("intake.none")
    parts = [f"{renderer.name('status', status)} {count}" for status, count in sorted(became.items())]
    counted = renderer.say("intake.done", count=len(answer["submissions"]), parts=renderer.join(parts))
    waiting = sum(map(waits, answer["submissions"]))
    return f"{counted}{renderer.say('intake.waiting', count=waiting)}" if waiting else counted
