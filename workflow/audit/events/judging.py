"""What people found of a case, row by row of the sheets they filled in."""

from collections.abc import Mapping
from typing import Any, ClassVar

from workflow.audit.events.event import OfCase, ordinal_of, stored
from workflow.audit.state import CaseState, JudgementState, State


class OfSheet(OfCase, kw_only=True):
    """A row of a sheet about one case."""

    note: str
    """what they remarked"""
    row: int
    """the row's number in the sheet"""
    sheet: str
    """the sheet's hash"""
    version: int
    """the case's version after it"""

    def judge_case(self, state: State) -> CaseState:
        case = self.known(state)
        if self.version != case.version + 1:
            values = {"column": "version", "found": self.version - 1, "expected": case.version}
            self.contradict(state, self.where, "does-not-follow", **values)
        case.version, case.since = self.version, self.seq
        return case

    def recorded(self, *columns: object) -> JudgementState:
        return JudgementState((*columns, self.note, stored(self.at)), self.seq)


class Finding(OfSheet, kw_only=True):
    """A row that is kept beside the earlier ones about its case, in a table that has a column for each of its fields.

    TABLE: that table, of ``workflow/store/judging.py``.
    """

    TABLE: ClassVar[str]

    @classmethod
    def found(cls) -> tuple[str, ...]:
        """What it tells and other rows of sheets do not."""
        return tuple(name for name in cls.__struct_fields__ if name not in OfSheet.__struct_fields__)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns that it tells, in the order of ``JudgementState.row``."""
        return (*cls.found(), "note", "recorded_at")

    def change(self, state: State) -> None:
        self.judge_case(state)
        row = self.recorded(*(_kept(getattr(self, name)) for name in self.found()))
        state.findings.setdefault(self.TABLE, {}).setdefault(ordinal_of(self.case), []).append(row)


def _kept(value: Any) -> object:
    """A field as its column keeps it: numbers joined by commas, anything else as it is."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


class Review(Finding, kw_only=True, tag="review"):
    """A precheck was recorded."""

    TABLE = "reviews"

    implemented_from: str
    """the first day of implementation"""
    implemented_until: str
    """the last day of implementation"""
    mainly_hubei: bool
    """whether it serves mainly Hubei"""
    reviewer: str
    """who checked it"""
    standards_met: list[int]
    """the numbers of the standards met (五)"""


class Survey(Finding, kw_only=True, tag="survey"):
    """A survey was recorded."""

    TABLE = "surveys"

    mode: str
    """`online` or `onsite`"""
    surveyor: str
    """who surveyed it"""
    verified: bool
    """whether it verified the case"""

    NAMES: ClassVar[Mapping[str, str]] = {"mode": "mode"}


class Score(OfSheet, kw_only=True, tag="score"):
    """A judge's score was recorded."""

    hundredths: int
    """the score, in hundredths of a point"""
    judge: str
    """whose"""
    was: int | None
    """the judge's earlier score of the case, in hundredths; null for the first"""

    def change(self, state: State) -> None:
        key = (ordinal_of(self.case), self.judge)
        earlier = state.scores.get(key)
        was, *_ = earlier.row if earlier else (None,)
        if self.was != was:
            values = {"column": "score", "found": self.was, "expected": was}
            self.contradict(state, self.where, "does-not-follow", **values)
        case = self.judge_case(state)
        case.scores += earlier is None
        case.score_total += self.hundredths - (was or 0)
        state.scores[key] = self.recorded(self.hundredths)


SHEETS: tuple[type[OfSheet], ...] = (Review, Score, Survey)
"""What tells of the rows of sheets, in the order in which filters list it."""

FINDINGS: tuple[type[Finding], ...] = tuple(shape for shape in SHEETS if issubclass(shape, Finding))
