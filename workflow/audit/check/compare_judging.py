"""Scores, and whatever else the rows of sheets found, against the events that recorded them."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby, zip_longest

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import compare_rows, differ, missing
from workflow.audit.events.judging import FINDINGS
from workflow.audit.rows import read_rows
from workflow.audit.state import JudgementState, State

SCORE_COLUMNS = ("hundredths", "note", "recorded_at")


def _compare_findings(connection: Connection, state: State) -> Iterator[Problem]:
    for shape in FINDINGS:
        yield from _compare_history(
            connection, state, shape.TABLE, shape.columns(), state.findings.get(shape.TABLE, {})
        )


def _compare_history(
    connection: Connection,
    state: State,
    table: str,
    columns: tuple[str, ...],
    told: Mapping[int, list[JudgementState]],
) -> Iterator[Problem]:
    """A case's rows, oldest first, are those that its events recorded, in their order."""
    query = f"SELECT case_id, id, {', '.join(columns)} FROM {table} ORDER BY case_id, id"  # noqa: S608
    seen = set()
    for ordinal, rows in groupby(read_rows(connection, query), key=lambda row: row[0]):
        seen.add(ordinal)
        for row, judgement in zip_longest(rows, told.get(ordinal, ())):
            if judgement is None:
                yield Problem(f"{table}/{row[1]}", "row-without-event", None)
            elif row is None:
                yield Problem(f"{table}/{_number(state, ordinal)}", "event-without-row", judgement.since)
            else:
                yield from differ(f"{table}/{row[1]}", judgement.since, columns, row[2:], judgement.row)
    gone = {_number(state, ordinal): entries[-1].since for ordinal, entries in told.items() if ordinal not in seen}
    yield from missing(table, gone, set())


def _compare_scores(connection: Connection, state: State) -> Iterator[Problem]:
    query = f"SELECT case_id, judge, {', '.join(SCORE_COLUMNS)} FROM scores ORDER BY id"  # noqa: S608
    rows = read_rows(connection, query)

    def name(key: tuple[int, str]) -> str:
        ordinal, judge = key
        return f"{_number(state, ordinal)}/{judge}"

    return compare_rows("scores", rows, state.scores, SCORE_COLUMNS, lambda told: told.row, name)


def _number(state: State, ordinal: int) -> str:
    case = state.cases.get(ordinal)
    return case.number if case else str(ordinal)


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (
    _compare_findings,
    _compare_scores,
)
