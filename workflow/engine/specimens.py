"""Letters that nobody gets: every kind there is, in every shape that a batch can give it, to try templates on."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from notifications.dates import Date
from notifications.letters import CaseLine, LetterContent
from notifications.template import kinds
from states.course import COURSE
from workflow.edition import Edition
from workflow.engine.correspondence import sender_of
from workflow.wording import LANGUAGES, say, say_state, show_day, show_deadline

_WITH_CASES = ("one", "noted", "many")
_NOTE = "anli.example/0123456789abcdef\n1\nAAAA\n\n— anli.example AAAA\n"


class Shape(NamedTuple):
    """What each part of a letter of one kind may be; the specimens are every combination of these.

    cases: none, one, one with notes, many of all sorts. why, sentence, note, dates: whether there is one. points: how
    many.
    """

    cases: Sequence[str] = ("none",)
    why: Sequence[bool] = (False,)
    sentence: bool = True
    points: Sequence[int] = (1,)
    note: Sequence[bool] = (False,)
    dates: Sequence[bool] = (False,)


BY_LAW = Shape(_WITH_CASES, why=(False, True), sentence=False, points=(0,))
"""Of letters that tell of a move, and of corrections of them."""

SHAPES: Mapping[str, Shape] = {
    **{exit_.letter: BY_LAW for room in COURSE.rooms for exit_ in room.exits},
    "corrected": BY_LAW,
    "receipt": Shape(("none", *_WITH_CASES), why=(False, True), sentence=False, points=(0, 1, 3)),
    "announce": Shape(("none", "one", "many"), points=(0, 3), dates=(False, True)),
    "remind": Shape(("none", *_WITH_CASES), points=(1, 3), dates=(False, True)),
    "nudge": Shape(("noted", "many"), points=(1, 3)),
    "amended": Shape(points=(1,), dates=(True,)),
    "checkpoint": Shape(points=(3,), note=(False, True)),
    "undelivered": Shape(points=(3,)),
    "clock-ahead": Shape(points=(2,)),
}
"""By kind of letter: deadlines write sentences and points, batches of the law only cases."""


def write_specimens(edition: Edition, language: str, kind: str) -> Iterator[LetterContent]:
    """Every shape of that kind, with the deadlines of the rule book ahead, partly over, and over."""
    shape = SHAPES[kind]
    moments = {"received_until": edition.received_until, "process_until": edition.process_until}
    shown = {name: show_deadline(moment, edition.zone, language) for name, moment in moments.items()}
    ahead = (shown, {**shown, "received_until": ""}, dict.fromkeys(shown, ""))
    choices = product(shape.cases, shape.why, shape.points, shape.note, shape.dates, ahead)
    for cases, why, points, note, dates, until in choices:
        if not (cases == "none" and points == 0 and not shape.sentence):
            yield _compose(edition, language, kind)._replace(
                cases=_list_cases(edition, language)[cases],
                why=say("specimen.why", language) if why else None,
                sentence=say("specimen.sentence", language) if shape.sentence else "",
                points=[say("specimen.point", language)] * points,
                note=_NOTE if note else "",
                dates=[_date(edition)] if dates else (),
                moments=until,
            )


def all_kinds() -> Iterator[tuple[str, str]]:
    """Every language and kind of letter."""
    return ((language, kind) for language in LANGUAGES for kind in kinds(language))


def _compose(edition: Edition, language: str, kind: str) -> LetterContent:
    english, mail = language == "en", edition.mail
    unit = next(iter(edition.units.values()))
    return LetterContent(
        kind=kind,
        language=language,
        recipient=unit.greeted_in(language),
        address=unit.address,
        identity=("specimen", language, kind),
        cases=(),
        why=None,
        organiser=sender_of(edition, language).name,
        enquiries=(mail.enquiries_en if english else None) or mail.enquiries,
        day=show_day(edition.received_until, edition.zone, language),
        moments={},
        template=getattr(mail.templates, language).get(kind, ""),
    )


def _list_cases(edition: Edition, language: str) -> Mapping[str, Sequence[CaseLine]]:
    course = edition.course
    old, new = say_state(course.start, language), say_state(course.first_step.target, language)
    name, note = say("specimen.case", language), say("specimen.note", language)
    one = CaseLine(edition.case_number(1), name, old, new)
    noted = CaseLine(edition.case_number(2), name, "", new, (note, note))
    return {"none": (), "one": (one,), "noted": (noted,), "many": (one, noted, one)}


def _date(edition: Edition) -> Date:
    phase = next(iter(edition.phases.values()))
    return Date(f"specimen@{edition.mail.message_id_domain}", phase.label, phase.clause, phase.opens, phase.closes)
