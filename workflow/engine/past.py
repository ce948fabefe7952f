"""The campaign as it stood at a moment, by its events alone, under the rule book then in force."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from states.course import COURSE
from workflow import clock
from workflow.audit.as_of import cases_as_of
from workflow.audit.state import CaseState, State
from workflow.edition import Edition, parse
from workflow.engine.ranking import Candidate, Ranked, list_ranked

_RULE_BOOK = text("SELECT name, source, adopted_at FROM edition_versions WHERE sha256 = :sha256")


class RuleBook(NamedTuple):
    """An edition, and since when it was in force."""

    edition: Edition
    since: datetime


class UnitPlaces(NamedTuple):
    """A unit's places by the rule book, and how many of its cases held one."""

    quota: int
    used: int


class Past(NamedTuple):
    """rule_book: None before the campaign was founded."""

    moment: datetime
    state: State
    rule_book: RuleBook | None

    def places(self) -> dict[str, UnitPlaces]:
        """Each unit's, in the rule book's order."""
        if self.rule_book is None:
            return {}
        used = Counter(case.unit for case in self.state.cases.values() if case.recommended_at is not None)
        return {name: UnitPlaces(unit.quota, used[name]) for name, unit in self.rule_book.edition.units.items()}

    def ranking(self) -> list[Ranked]:
        """As ``anli ranking`` then gave it."""
        if self.rule_book is None:
            return []
        stood = self.state.cases.items()
        heard = [_candidate(*item) for item in stood if item[1].scores and item[1].state in COURSE.ranked]
        return list_ranked(self.rule_book.edition, heard)


def look_back(connection: Connection, moment: datetime) -> Past:
    """How things stood once everything at or before ``moment`` had happened."""
    state = cases_as_of(connection, moment)
    row = connection.execute(_RULE_BOOK, {"sha256": state.edition}).first()
    if row is None:
        return Past(moment, state, None)
    edition = parse(bytes(row.source), f"{row.name}.toml", adopted=True)
    return Past(moment, state, RuleBook(edition, clock.read(row.adopted_at)))


def _candidate(ordinal: int, case: CaseState) -> Candidate:
    told = (case.unit, case.state, case.name, case.applicant, case.categories)
    return Candidate(ordinal, case.scores, case.score_total, *told)
