"""Judges' scores of the cases that are heard (四, phase two), taken in from a sheet; exact to the hundredth."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, text

from states import room
from workflow.audit.events import Score
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.review.columns import CASE, JUDGE, NOTE, SCORE, Column
from workflow.review.reading import RowReader
from workflow.review.sheet_kind import Accepted, ImportReport, SheetKind, import_filled

_GIVEN = text("SELECT case_id, judge, hundredths FROM scores WHERE case_id BETWEEN :first AND :last")
_GIVE = text(
    "INSERT INTO scores (case_id, judge, hundredths, note, recorded_at) "
    "VALUES (:case, :judge, :hundredths, :note, :at) ON CONFLICT (case_id, judge) DO UPDATE "
    "SET hundredths = excluded.hundredths, note = excluded.note, recorded_at = excluded.recorded_at"
)
_ADD_UP = text(
    "UPDATE cases SET scores = (SELECT count(*) FROM scores s WHERE s.case_id = cases.id), "
    "score_total = (SELECT sum(s.hundredths) FROM scores s WHERE s.case_id = cases.id), version = version + :rows "
    "WHERE id = :case"
)


class ScoreGiven(NamedTuple):
    """A judge's score in hundredths of a point."""

    judge: str
    hundredths: int
    note: str


def import_scores(campaign: Campaign, path: Path) -> ImportReport:
    """Record a sheet of scores; a judge's new score of a case takes the place of the old one.

    Raises the faults of fault.py, changing nothing.
    """
    return import_filled(SCORES, campaign, path)


def score_columns(_edition: Edition) -> tuple[Column, ...]:
    return (CASE, JUDGE, SCORE, NOTE)


def read_score(row: RowReader) -> ScoreGiven:
    return ScoreGiven(row.name("judge"), row.score("score"), row.note())


def _record(connection: Connection, at: str, accepted: Sequence[Accepted[ScoreGiven]]) -> list[Score]:
    rows_of = Counter(case_id for _, case_id, _, _ in accepted)
    given = {
        (row.case_id, row.judge): row.hundredths
        for row in connection.execute(_GIVEN, {"first": min(rows_of), "last": max(rows_of)})
    }
    rows = [
        {"case": case_id, "judge": score.judge, "hundredths": score.hundredths, "note": score.note, "at": at}
        for _, case_id, score, _ in accepted
    ]
    connection.execute(_GIVE, rows)
    connection.execute(_ADD_UP, [{"case": case_id, "rows": rows} for case_id, rows in sorted(rows_of.items())])
    return [
        Score(
            **place,
            hundredths=score.hundredths,
            judge=score.judge,
            note=score.note,
            was=given.get((case_id, score.judge)),
        )
        for _, case_id, score, place in accepted
    ]


SCORES = SheetKind(
    trigger="import-scores",
    judgement=room.SCORE,
    keys=("judge",),
    columns=score_columns,
    read=read_score,
    record=_record,
)
