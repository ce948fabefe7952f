"""What people found of a case, row by row of the sheets they filled in."""

from collections.abc import Mapping
from typing import ClassVar

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


class Review(OfSheet, kw_only=True, tag="review"):
    """A precheck was recorded."""

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

    def change(self, state: State) -> None:
        standards = ",".join(map(str, self.standards_met))
        self.judge_case(state)
        columns = (self.reviewer, standards, self.implemented_from, self.implemented_until, self.mainly_hubei)
        state.reviews.setdefault(ordinal_of(self.case), []).append(self.recorded(*columns))


class Survey(OfSheet, kw_only=True, tag="survey"):
    """A survey was recorded."""

    mode: str
    """`online` or `onsite`"""
    surveyor: str
    """who surveyed it"""
    verified: bool
    """whether it verified the case"""

    NAMES: ClassVar[Mapping[str, str]] = {"mode": "mode"}

    def change(self, state: State) -> None:
        self.judge_case(state)
        row = self.recorded(self.mode, self.verified, self.surveyor)
        state.surveys.setdefault(ordinal_of(self.case), []).append(row)


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
