"""How things stood at a moment: cases, a unit's places, the ranking, and the rule book then in force."""

from collections.abc import Iterable
from typing import Any

from workflow import clock
from workflow.audit.history import read_log
from workflow.audit.state import CaseState
from workflow.edition.moment import read_moment
from workflow.edition.words import UnitUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.past import Past, RuleBook, look_back
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.errors import AnliError
from workflow.screens.answer import Answer
from workflow.screens.as_of_page import draw_cases_of, draw_places, draw_standings
from workflow.screens.calendar import answer_amendments
from workflow.screens.complaint import WordsTooMany


class NotYetFounded(AnliError):
    """At that moment there was no campaign yet, and no rule book: values are time."""

    code = "error.not-yet-founded"


class CaseNotYet(AnliError):
    """The case came later than the moment asked about: values are case, time."""

    code = "error.case-not-yet"


def answer_as_of(
    campaign: Campaign, time: str, case: str | None = None, unit: str | None = None, ranking: bool = False
) -> Answer:
    """Cases as they stood once everything at or before ``time`` had happened: all, or one; else a unit, or the ranking.

    Raises MomentUnreadable for what is no time with a zone, WordsTooMany where more than one thing is asked,
    CaseNotYet, CaseUnknown, UnitUnknown, and NotYetFounded for what rests on a rule book where there was none.
    """
    asked = [word for word in (case, unit, "--ranking" if ranking else None) if word is not None]
    if len(asked) > 1:
        raise WordsTooMany(words=asked[1:], command="anli audit as-of")
    moment = read_moment(time)
    with campaign.reading() as connection:
        past = look_back(connection, moment)
        stood = [one for _, one in sorted(past.state.cases.items()) if case in (None, one.number)]
        if case is not None and not stood:
            came_later = any(read_log(connection, ordinal(campaign.edition, case)))
            raise CaseNotYet(case=case, time=time) if came_later else CaseUnknown(case=case)
    if unit is None and not ranking:
        return Answer(answer_cases(past, stood), draw_cases_of(past.rule_book and answer_rule_book(past.rule_book)))
    if past.rule_book is None:
        raise NotYetFounded(time=time)
    head = {"time": clock.show(moment), "rule_book": answer_rule_book(past.rule_book)}
    if ranking:
        return Answer({**head, "ranking": [row._asdict() for row in past.ranking()]}, draw_standings)
    return Answer({**head, **_answer_unit(past, str(unit))}, draw_places)


def answer_rule_book(book: RuleBook) -> dict[str, Any]:
    """The rule book by name and hash, since when it was in force, and what had been amended by then."""
    return {
        "edition": book.edition.name,
        "sha256": book.edition.sha256,
        "since": clock.show(book.since),
        "amendments": answer_amendments(book.edition),
    }


def answer_cases(past: Past, cases: Iterable[CaseState]) -> list[dict[str, Any]]:
    """Cases as lists show them, as they stood; ``edition``: the hash of the rule book then in force."""
    return [
        {
            "id": case.number,
            "name": case.name,
            "applicant": case.applicant,
            "unit": case.unit,
            "category": int(case.categories) if case.categories.isdecimal() else None,
            "categories": [int(part) for part in case.categories.split(",") if part],
            "state": case.state,
            "version": case.version,
            "received_at": clock.show(clock.read(case.received_at)),
            "received_proven": case.received_proven,
            "selected_place": case.selected_place,
            "edition": past.state.edition,
        }
        for case in cases
    ]


def _answer_unit(past: Past, unit: str) -> dict[str, Any]:
    places = past.places().get(unit)
    if places is None:
        raise UnitUnknown(unit=unit)
    own = [case for _, case in sorted(past.state.cases.items()) if case.unit == unit]
    left = max(places.quota - places.used, 0)
    return {"unit": unit, "quota": places.quota, "used": places.used, "left": left, "cases": answer_cases(past, own)}
