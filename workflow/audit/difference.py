"""What changed between two states of the campaign, case by case and letter by letter."""

from collections.abc import Iterator
from typing import NamedTuple

from workflow.audit.events.judging import FINDINGS
from workflow.audit.state import CaseState, LetterState, State

CAME, MOVED, CORRECTED, JUDGED, MOVED_BACK = CHANGES = ("came", "moved", "corrected", "judged", "moved-back")
"""A case came, stands elsewhere, rests on another form, was judged, or moved and stands again where it stood."""


class CaseChange(NamedTuple):
    """before: None where the case came since."""

    before: CaseState | None
    after: CaseState
    changes: tuple[str, ...]


class LetterChange(NamedTuple):
    """before: None where the letter was queued since. key: its Message-ID."""

    key: str
    before: LetterState | None
    after: LetterState


class StaffChange(NamedTuple):
    """An account's role, before and after; None where it had none."""

    account: str
    before: str | None
    after: str


def compare_cases(before: State, after: State) -> Iterator[CaseChange]:
    """Every case that is not as it was, in the order of their numbers."""
    for ordinal, case in sorted(after.cases.items()):
        earlier = before.cases.get(ordinal)
        changes = _compare(earlier, case, _judgements(before, ordinal) != _judgements(after, ordinal))
        if changes:
            yield CaseChange(earlier, case, changes)


def compare_letters(before: State, after: State) -> Iterator[LetterChange]:
    """Every letter queued since or of another fate, oldest first."""
    for key, letter in after.letters.items():
        earlier = before.letters.get(key)
        if earlier is None or (earlier.state, earlier.attempts) != (letter.state, letter.attempts):
            yield LetterChange(key, earlier, letter)


def compare_staff(before: State, after: State) -> Iterator[StaffChange]:
    """Every account whose role is another, by name."""
    for account, (role, *_) in sorted(after.staff.items()):
        was = before.staff[account][0] if account in before.staff else None
        if was != role:
            yield StaffChange(account, was, role)


def _compare(earlier: CaseState | None, case: CaseState, judged: bool) -> tuple[str, ...]:
    if earlier is None:
        return (CAME,)
    found = {MOVED: earlier.state != case.state, CORRECTED: earlier.form != case.form, JUDGED: judged}
    changes = tuple(change for change, happened in found.items() if happened)
    return changes or ((MOVED_BACK,) if earlier.version != case.version else ())


def _judgements(state: State, ordinal: int) -> tuple[int, ...]:
    case = state.cases.get(ordinal)
    scored = (case.scores, case.score_total) if case else (0, 0)
    found = (len(state.findings.get(shape.TABLE, {}).get(ordinal, ())) for shape in FINDINGS)
    return (*found, *scored)
