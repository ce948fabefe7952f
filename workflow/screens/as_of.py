"""How things stood at a moment: cases, a unit's places, the ranking, and the rule book then in force."""

from workflow import clock
from workflow.audit.history import Wanted, read_log
from workflow.edition.moment import read_end
from workflow.edition.words import UnitUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.past import Past, look_back
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.errors import AnliError
from workflow.screens.answer import Answer
from workflow.screens.as_of_page import draw_cases_of, draw_places, draw_standings
from workflow.screens.complaint import WordsTooMany
from workflow.screens.past import (
    DatedDocument,
    PastRankingDocument,
    PastUnitDocument,
    UnitDocument,
    answer_cases,
    answer_rule_book,
)
from workflow.screens.ranking import answer_ranking


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

    Raises UntilUnreadable for what is neither a day nor a time, WordsTooMany where more than one thing is asked,
    CaseNotYet, CaseUnknown, UnitUnknown, and NotYetFounded for what rests on a rule book where there was none.
    """
    asked = [word for word in (case, unit, "--ranking" if ranking else None) if word is not None]
    if len(asked) > 1:
        raise WordsTooMany(words=asked[1:], command="anli audit as-of")
    moment = read_end(time, campaign.edition.zone)
    with campaign.reading() as connection:
        past = look_back(connection, moment)
        stood = [known for _, known in sorted(past.state.cases.items()) if case in (None, known.number)]
        if case is not None and not stood:
            came_later = any(read_log(connection, Wanted(ordinal(campaign.edition, case))))
            raise CaseNotYet(case=case, time=time) if came_later else CaseUnknown(case=case)
    if unit is None and not ranking:
        return Answer(answer_cases(past, stood), draw_cases_of(past.rule_book and answer_rule_book(past.rule_book)))
    if past.rule_book is None:
        raise NotYetFounded(time=time)
    head: DatedDocument = {"time": clock.show(moment), "rule_book": answer_rule_book(past.rule_book)}
    if ranking:
        ranked: PastRankingDocument = {**head, "ranking": answer_ranking(past.ranking())}
        return Answer(ranked, draw_standings)
    placed: PastUnitDocument = {**head, **_answer_unit(past, str(unit))}
    return Answer(placed, draw_places)


def _answer_unit(past: Past, unit: str) -> UnitDocument:
    places = past.places().get(unit)
    if places is None:
        raise UnitUnknown(unit=unit, known=list(past.places()))
    own = [case for _, case in sorted(past.state.cases.items()) if case.unit == unit]
    left = max(places.quota - places.used, 0)
    return {"unit": unit, "quota": places.quota, "used": places.used, "left": left, "cases": answer_cases(past, own)}
