"""What stood at a moment, as --json prints it: the rule book in force, cases, a unit's places, the ranking."""

from collections.abc import Iterable
from typing import TypedDict

from workflow import clock
from workflow.audit.state import CaseState
from workflow.engine.past import Past, RuleBook
from workflow.screens.calendar import AmendmentDocument, answer_amendments
from workflow.screens.ranking import RankedDocument


class RuleBookDocument(TypedDict):
    """The rule book by name and hash, since when it was in force, and what had been amended by then."""

    edition: str
    sha256: str
    since: str
    amendments: list[AmendmentDocument]


class PastCaseDocument(TypedDict):
    """A case as it stood; edition: the hash of the rule book then in force."""

    id: str
    name: str
    applicant: str
    unit: str
    category: int | None
    categories: list[int]
    state: str
    version: int
    received_at: str
    received_proven: bool
    selected_place: int | None
    edition: str


class DatedDocument(TypedDict):
    time: str
    rule_book: RuleBookDocument


class PastRankingDocument(DatedDocument):
    ranking: list[RankedDocument]


class UnitDocument(TypedDict):
    unit: str
    quota: int
    used: int
    left: int
    cases: list[PastCaseDocument]


class PastUnitDocument(DatedDocument, UnitDocument):
    """A unit's places, and its cases."""


def answer_rule_book(book: RuleBook) -> RuleBookDocument:
    return {
        "edition": book.edition.name,
        "sha256": book.edition.sha256,
        "since": clock.show(book.since),
        "amendments": answer_amendments(book.edition),
    }


def answer_cases(past: Past, cases: Iterable[CaseState]) -> list[PastCaseDocument]:
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
