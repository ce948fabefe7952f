"""What changed between two moments."""

from collections.abc import Iterator
from typing import Any

from workflow import clock
from workflow.audit.difference import CaseChange, LetterChange, compare_cases, compare_letters, compare_staff
from workflow.audit.history import read_events, read_log
from workflow.edition.moment import read_moment
from workflow.engine.campaign import Campaign
from workflow.engine.past import Past, Places, look_back
from workflow.errors import UsageError
from workflow.screens.as_of import answer_rule_book


class MomentsReversed(UsageError):
    """The first of two moments lies after the second: values are since, until (as they were written)."""

    code = "error.moments-reversed"


def list_changes(campaign: Campaign, since: str, until: str) -> dict[str, Any]:
    """What everything after ``since`` and at or before ``until`` changed: rule book, amendments, cases, letters,
    quotas, staff; and how many events that was.

    Raises MomentUnreadable, MomentsReversed.
    """
    first, last = read_moment(since), read_moment(until)
    if last < first:
        raise MomentsReversed(since=since, until=until)
    with campaign.reading() as connection:
        before, after = look_back(connection, first), look_back(connection, last)
        letters = list(compare_letters(before.state, after.state))
        named = {
            event["letter"]: event["cases"] for event in read_events(connection, (each.after.told for each in letters))
        }
        amendments = [_answer_amendment(event) for event in read_log(connection, kind="amendment")]
    return {
        "since": clock.show(first),
        "until": clock.show(last),
        "events": after.state.events - before.state.events,
        "rule_book": {
            "from": before.rule_book and answer_rule_book(before.rule_book),
            "to": after.rule_book and answer_rule_book(after.rule_book),
        },
        "amendments": [each for each in amendments if first < clock.read(each["at"]) <= last],
        "cases": [_answer_case(change) for change in compare_cases(before.state, after.state)],
        "letters": [_answer_letter(change, named[change.key]) for change in letters],
        "quotas": list(_compare_places(before, after)),
        "staff": [
            {"account": change.account, "from": change.before, "to": change.after}
            for change in compare_staff(before.state, after.state)
        ],
    }


def _answer_amendment(event: dict[str, Any]) -> dict[str, Any]:
    told = {name: event[name] for name in ("seq", "at", "batch", "window", "unit", "was", "until", "why")}
    return {**told, "actor": event["actor"]}


def _answer_case(change: CaseChange) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "case": after.number,
        "name": after.name,
        "unit": after.unit,
        "changes": list(change.changes),
        "from": before and before.state,
        "to": after.state,
        "versions": [before.version if before else 0, after.version],
    }


def _answer_letter(change: LetterChange, cases: list[str]) -> dict[str, Any]:
    letter = change.after
    return {
        "letter": change.key,
        "batch": letter.batch,
        "recipient": letter.recipient,
        "kind": letter.kind,
        "cases": cases,
        "from": change.before and change.before.state,
        "to": letter.state,
        "attempts": letter.attempts,
    }


def _compare_places(before: Past, after: Past) -> Iterator[dict[str, Any]]:
    were, are = before.places(), after.places()
    for unit in dict.fromkeys([*are, *were]):
        was, now = were.get(unit, Places(0, 0)), are.get(unit, Places(0, 0))
        if was != now and (before.rule_book is not None or now.used):
            yield {"unit": unit, "from": was._asdict(), "to": now._asdict()}
