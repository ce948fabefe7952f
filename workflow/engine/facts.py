"""Rows -> Facts: one query for the cases asked for, read as columns and in the order of their numbers."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, text

from states.facts import Facts, Picture, Review, Survey, Video
from states.reasons import Reason
from workflow.edition import Edition
from workflow.engine.occupancy import Occupancy
from workflow.engine.selection import Selection

ROWS_AT_ONCE = 2_000


class CaseRow(NamedTuple):
    """One case as stored; moments are RFC 3339 text, ``documents`` SHA-256 joined by spaces."""

    id: int
    state: str
    version: int
    trail: str
    unit: str
    route: str
    received_at: str
    received_proven: bool
    recommended_at: str | None
    scores: int
    selected_place: int | None
    name: str
    applicant: str
    contact_person: str
    contact_phone: str
    address: str
    categories: str
    summary_characters: int
    content_characters: int
    headings_missing: str
    applicant_opinion: bool
    recommender_opinion: bool
    scans: int
    media: str
    documents: str
    doubts: str
    review_id: int | None
    standards_met: str | None
    implemented_from: str | None
    implemented_until: str | None
    mainly_hubei: bool | None
    survey_id: int | None
    mode: str | None
    verified: bool | None

    @property
    def left_state(self) -> str | None:
        return self.trail.rpartition("/")[2] or None


# What was erased had been given, and counts as given.
# A review made before the case was last recommended judged another form: it no longer counts.
_COLUMNS = """
SELECT c.id, c.state, c.version, c.trail, c.unit, c.route, c.received_at, c.received_proven, c.recommended_at,
  c.scores, c.selected_place,
  f.name, f.applicant,
  coalesce(p.contact_person, 'erased') AS contact_person, coalesce(p.contact_phone, 'erased') AS contact_phone,
  coalesce(p.address, 'erased') AS address,
  f.categories, f.summary_characters, f.content_characters, f.headings_missing,
  f.applicant_opinion, f.recommender_opinion, f.scans, f.media, f.documents, f.doubts,
  r.id AS review_id, r.standards_met, r.implemented_from, r.implemented_until, r.mainly_hubei,
  s.id AS survey_id, s.mode, s.verified
FROM cases c JOIN forms f ON f.id = c.form_id
LEFT JOIN personal p ON p.form_id = f.id
LEFT JOIN reviews r ON r.id = c.review_id AND r.recorded_at >= c.recommended_at
LEFT JOIN surveys s ON s.id = c.survey_id
WHERE """


def read_cases(connection: Connection, selection: Selection) -> Iterator[CaseRow]:
    """The cases asked for, in the order of their numbers; one query, streamed."""
    condition, values = selection.condition
    query = text(f"{_COLUMNS}{condition} ORDER BY c.id")
    query = query.bindparams(*(bindparam(key, expanding=True) for key, value in values.items() if type(value) is list))
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query, values)
    for rows in result.partitions(ROWS_AT_ONCE):
        yield from map(CaseRow._make, rows)


def gather_facts(row: CaseRow, occupancy: Occupancy, edition: Edition, now: datetime, why: str | None) -> Facts:
    """What the guards may look at, for one case at one moment."""
    unit = edition.units.get(row.unit)
    quota = unit.quota if unit else None
    pictures, videos = _read_media(row.media) if row.media else ((), ())
    standing = occupancy.standings.get(row.id)
    return Facts(
        row.state,
        row.left_state,
        now,
        edition.rules_of(row.unit),
        why,
        row.unit,
        row.name,
        row.applicant,
        row.contact_person,
        row.contact_phone,
        row.address,
        _numbers(row.categories),
        row.summary_characters,
        row.content_characters,
        _names(row.headings_missing),
        bool(row.applicant_opinion),
        bool(row.recommender_opinion),
        row.scans,
        pictures,
        videos,
        _read_doubts(row.doubts) if row.doubts else (),
        datetime.fromisoformat(row.received_at),
        bool(row.received_proven),
        row.recommended_at is not None,
        quota,
        None if quota is None else quota - occupancy.used[row.unit],
        occupancy.recommended_by(row.route, row.unit),
        occupancy.also_submitted_by(row.route, row.unit),
        _review(row),
        row.scores,
        _survey(row),
        standing.place if standing else None,
        standing.tied if standing else False,
        occupancy.places_taken,
    )


def write_media(pictures: tuple[Picture, ...], videos: tuple[Video, ...]) -> str:
    """Measured media as ``read`` by the batch path; empty where there are none."""
    if not pictures and not videos:
        return ""
    return orjson.dumps([[list(picture) for picture in pictures], [list(video) for video in videos]]).decode()


def write_doubts(doubts: tuple[Reason, ...]) -> str:
    """Doubts as ``forms`` keeps them, a JSON list of code, clause, blocking and values; empty where there are none."""
    if not doubts:
        return ""
    return orjson.dumps([{**doubt._asdict(), "values": dict(doubt.values)} for doubt in doubts]).decode()


def _read_doubts(written: str) -> tuple[Reason, ...]:
    return tuple(Reason(**doubt) for doubt in orjson.loads(written))


def _read_media(written: str) -> tuple[tuple[Picture, ...], tuple[Video, ...]]:
    pictures, videos = orjson.loads(written)
    return tuple(map(Picture._make, pictures)), tuple(map(Video._make, videos))


def _review(row: CaseRow) -> Review | None:
    if row.review_id is None or row.implemented_from is None or row.implemented_until is None:
        return None
    return Review(
        row.review_id,
        _numbers(row.standards_met or ""),
        _day(row.implemented_from),
        _day(row.implemented_until),
        bool(row.mainly_hubei),
    )


def _survey(row: CaseRow) -> Survey | None:
    if row.survey_id is None or row.mode is None:
        return None
    return Survey(row.survey_id, row.mode, bool(row.verified))


@cache
def _numbers(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in written.split(",") if part)


@cache
def _names(written: str) -> tuple[str, ...]:
    return tuple(written.split(",")) if written else ()


@cache
def _day(written: str) -> date:
    return date.fromisoformat(written)
