"""What changed between two moments."""

from collections.abc import Iterator
from typing import Any, TypedDict

from workflow import clock
from workflow.audit.difference import CaseChange, LetterChange, compare_cases, compare_letters, compare_staff
from workflow.audit.events import Amendment, Letter
from workflow.audit.history import Wanted, read_letters_written, read_log
from workflow.edition.moment import read_end, read_since
from workflow.engine.campaign import Campaign
from workflow.engine.past import Past, UnitPlaces, look_back
from workflow.errors import UsageError
from workflow.screens.calendar import AmendmentDocument
from workflow.screens.past import RuleBookDocument, answer_rule_book

_Change = TypedDict("_Change", {"from": str | None, "to": str})


class _Figures(TypedDict):
    quota: int
    used: int


RuleBooksDocument = TypedDict("RuleBooksDocument", {"from": RuleBookDocument | None, "to": RuleBookDocument | None})
QuotaChangeDocument = TypedDict("QuotaChangeDocument", {"unit": str, "from": _Figures, "to": _Figures})


class CaseChangeDocument(_Change):
    """changes: what happened to it, in words of CHANGES. versions: before (0 of one that came since) and after."""

    case: str
    name: str
    unit: str
    changes: list[str]
    versions: list[int]


class LetterChangeDocument(_Change):
    """letter: its Message-ID. cases: their numbers."""

    letter: str
    batch: int | None
    recipient: str
    kind: str
    cases: list[str]
    attempts: int


class StaffChangeDocument(_Change):
    account: str


class RecordedAmendmentDocument(AmendmentDocument):
    """An amendment as the history tells it; was: the close before."""

    seq: int
    at: str
    batch: int
    was: str
    actor: dict[str, Any]


class DifferenceDocument(TypedDict):
    since: str
    until: str
    events: int
    rule_book: RuleBooksDocument
    amendments: list[RecordedAmendmentDocument]
    cases: list[CaseChangeDocument]
    letters: list[LetterChangeDocument]
    quotas: list[QuotaChangeDocument]
    staff: list[StaffChangeDocument]


class MomentsReversed(UsageError):
    """The first of two moments lies after the second: values are since, until (as they were written)."""

    code = "error.moments-reversed"


def list_changes(campaign: Campaign, since: str, until: str) -> DifferenceDocument:
    """What everything after ``since`` and at or before ``until`` changed: rule book, amendments, cases, letters,
    quotas, staff; and how many events that was.

    Of a day ``since`` is the beginning, ``until`` the end. Raises UntilUnreadable, MomentsReversed.
    """
    zone = campaign.edition.zone
    first, last = read_since(since, zone), read_end(until, zone)
    if last < first:
        raise MomentsReversed(since=since, until=until)
    with campaign.reading() as connection:
        before, after = look_back(connection, first), look_back(connection, last)
        letters = list(compare_letters(before.state, after.state))
        written = read_letters_written(connection, [change.after.written for change in letters])
        amendments = [
            _answer_amendment(event)
            for event in read_log(connection, Wanted(kind="amendment"))
            if isinstance(event, Amendment) and first < clock.read(event.at) <= last
        ]
    return {
        "since": clock.show(first),
        "until": clock.show(last),
        "events": after.state.events - before.state.events,
        "rule_book": {
            "from": answer_rule_book(before.rule_book) if before.rule_book else None,
            "to": answer_rule_book(after.rule_book) if after.rule_book else None,
        },
        "amendments": amendments,
        "cases": [_answer_case(change) for change in compare_cases(before.state, after.state)],
        "letters": [_answer_letter(change, written.get(change.after.written)) for change in letters],
        "quotas": list(_compare_places(before, after)),
        "staff": [
            {"account": change.account, "from": change.before, "to": change.after}
            for change in compare_staff(before.state, after.state)
        ],
    }


def _answer_amendment(event: Amendment) -> RecordedAmendmentDocument:
    return {
        "seq": event.seq,
        "at": event.at,
        "batch": event.batch or 0,
        "window": event.window,
        "unit": event.unit,
        "was": event.was,
        "until": event.until,
        "why": event.why,
        "actor": event.actor.fields(),
    }


def _answer_case(change: CaseChange) -> CaseChangeDocument:
    before, after = change.before, change.after
    return {
        "case": after.number,
        "name": after.name,
        "unit": after.unit,
        "changes": list(change.changes),
        "from": before.state if before else None,
        "to": after.state,
        "versions": [before.version if before else 0, after.version],
    }


def _answer_letter(change: LetterChange, written: Letter | None) -> LetterChangeDocument:
    letter = change.after
    return {
        "letter": change.key,
        "batch": letter.batch,
        "recipient": letter.recipient,
        "kind": letter.kind,
        "cases": list(written.numbers) if written else [],
        "from": change.before.state if change.before else None,
        "to": letter.state,
        "attempts": letter.attempts,
    }


def _compare_places(before: Past, after: Past) -> Iterator[QuotaChangeDocument]:
    were, are = before.places(), after.places()
    for unit in dict.fromkeys([*are, *were]):
        was, now = were.get(unit, UnitPlaces(0, 0)), are.get(unit, UnitPlaces(0, 0))
        if was != now and (before.rule_book is not None or now.used):
            yield {
                "unit": unit,
                "from": {"quota": was.quota, "used": was.used},
                "to": {"quota": now.quota, "used": now.used},
            }
