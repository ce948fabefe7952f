"""Surveys, online or on site (四, phase two: “组织调研组开展线上、线下调研核实”), taken in from a sheet."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, text

from states import room
from workflow.audit.events import Survey
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.review.columns import CASE, MODE, NOTE, SURVEYOR, VERIFIED, Column
from workflow.review.reading import CLAUSE, RowReader
from workflow.review.sheet_kind import Accepted, ImportReport, SheetKind, import_filled

_INSERT = text(
    "INSERT INTO surveys (case_id, mode, verified, surveyor, note, recorded_at) "
    "VALUES (:case, :mode, :verified, :surveyor, :note, :at)"
)
_POINT = text(
    "UPDATE cases SET survey_id = (SELECT max(id) FROM surveys WHERE case_id = cases.id), version = version + 1 "
    "WHERE id = :case"
)


class SurveyFound(NamedTuple):
    """What the surveyors found; mode is ``online`` or ``onsite``."""

    mode: str
    verified: bool
    surveyor: str
    note: str


def import_surveys(campaign: Campaign, path: Path) -> ImportReport:
    """Record a sheet of surveys; a case's newest survey is the one that counts, older ones are kept.

    Raises the faults of fault.py, changing nothing.
    """
    return import_filled(SURVEYS, campaign, path)


def survey_columns(_edition: Edition) -> tuple[Column, ...]:
    return (CASE, MODE, VERIFIED, SURVEYOR, NOTE)


def read_survey(row: RowReader) -> SurveyFound:
    return SurveyFound(row.mode("mode"), row.answer("verified", CLAUSE), row.name("surveyor"), row.note())


def _record(connection: Connection, at: str, accepted: Sequence[Accepted[SurveyFound]]) -> list[Survey]:
    connection.execute(_INSERT, [{"case": case_id, **found._asdict(), "at": at} for _, case_id, found, _ in accepted])
    connection.execute(_POINT, [{"case": case_id} for _, case_id, _, _ in accepted])
    return [Survey(**place, **found._asdict()) for _, _, found, place in accepted]


SURVEYS = SheetKind(
    trigger="import-surveys",
    judgement=room.SURVEY,
    keys=(),
    columns=survey_columns,
    read=read_survey,
    record=_record,
    missing="c.survey_id IS NULL",
)
