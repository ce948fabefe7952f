"""Prechecks against the standards (五), taken in from a sheet."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, text

from states import room
from workflow.audit.events import Review
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.review.columns import (
    CASE,
    IMPLEMENTED_FROM,
    IMPLEMENTED_UNTIL,
    MAINLY_HUBEI,
    NOTE,
    REVIEWER,
    Column,
    standard_columns,
)
from workflow.review.reading import RowReader
from workflow.review.sheet_kind import Accepted, ImportReport, Placed, SheetKind, import_filled

_INSERT = text(
    "INSERT INTO reviews "
    "(case_id, reviewer, standards_met, implemented_from, implemented_until, mainly_hubei, note, recorded_at) "
    "VALUES (:case, :reviewer, :standards, :since, :until, :mainly_hubei, :note, :at)"
)
_POINT = text(
    "UPDATE cases SET review_id = (SELECT max(id) FROM reviews WHERE case_id = cases.id), version = version + 1 "
    "WHERE id = :case"
)


class ReviewFound(NamedTuple):
    """What a reviewer found; both days are included."""

    reviewer: str
    standards_met: tuple[int, ...]
    implemented_from: date
    implemented_until: date
    mainly_hubei: bool
    note: str


def import_reviews(campaign: Campaign, path: Path) -> ImportReport:
    """Record a sheet of prechecks; a case's newest review is the one that counts, older ones are kept.

    Raises the faults of fault.py, changing nothing.
    """
    return import_filled(REVIEWS, campaign, path)


def review_columns(edition: Edition) -> tuple[Column, ...]:
    return (
        CASE,
        REVIEWER,
        *standard_columns(edition),
        IMPLEMENTED_FROM,
        IMPLEMENTED_UNTIL,
        MAINLY_HUBEI,
        NOTE,
    )


def read_review(row: RowReader) -> ReviewFound:
    clause = row.edition.implementation.clause
    found = ReviewFound(
        row.name("reviewer"),
        tuple(
            number
            for number, standard in row.edition.standards.items()
            if row.answer(f"standard_{number}", standard.clause)
        ),
        row.day("implemented_from", clause, end=False),
        row.day("implemented_until", clause, end=True),
        row.answer("mainly_hubei", clause),
        row.note(),
    )
    if date.min < found.implemented_until < found.implemented_from:
        since, until = f"{found.implemented_from:%Y-%m-%d}", f"{found.implemented_until:%Y-%m-%d}"
        row.refuse("period-reversed", clause, first=since, last=until)
    return found


def _record(connection: Connection, at: str, accepted: Sequence[Accepted[ReviewFound]]) -> list[Review]:
    rows = [
        {
            "case": case_id,
            "reviewer": found.reviewer,
            "standards": ",".join(map(str, found.standards_met)),
            "since": found.implemented_from.isoformat(),
            "until": found.implemented_until.isoformat(),
            "mainly_hubei": found.mainly_hubei,
            "note": found.note,
            "at": at,
        }
        for _, case_id, found, _ in accepted
    ]
    connection.execute(_INSERT, rows)
    connection.execute(_POINT, [{"case": case_id} for _, case_id, _, _ in accepted])
    return [_tell(row.finding, row.place) for row in accepted]


def _tell(found: ReviewFound, place: Placed) -> Review:
    return Review(
        **place,
        implemented_from=found.implemented_from.isoformat(),
        implemented_until=found.implemented_until.isoformat(),
        mainly_hubei=found.mainly_hubei,
        note=found.note,
        reviewer=found.reviewer,
        standards_met=list(found.standards_met),
    )


REVIEWS = SheetKind(
    trigger="import-reviews",
    judgement=room.REVIEW,
    keys=(),
    columns=review_columns,
    read=read_review,
    record=_record,
    missing="r.recorded_at IS NULL OR r.recorded_at < c.recommended_at",
)
