"""The ranking of the cases that were heard, as the organisers read it."""

from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import bindparam, text

from workflow.engine.campaign import Campaign
from workflow.engine.ranking import CANDIDATES, rank

_QUERY = text(
    "SELECT c.id, c.scores, c.score_total, c.unit, c.state, f.name, f.applicant, f.categories "
    "FROM cases c JOIN forms f ON f.id = c.form_id WHERE c.scores > 0 AND c.state IN :states"
).bindparams(bindparam("states", expanding=True))


class Ranked(NamedTuple):
    """rank, place: as in engine.ranking. score: the mean in points, see show_score. within: place is among capacity.

    category: its number; None where the form does not name exactly one.
    """

    rank: int
    case: str
    name: str
    unit: str
    applicant: str
    category: int | None
    score: str
    scores: int
    tied: bool
    place: int
    state: str
    within: bool


def read_ranking(campaign: Campaign) -> list[Ranked]:
    """Every candidate that was scored, best first, ties by case; one query."""
    edition = campaign.edition
    with campaign.reading() as connection:
        rows = {row.id: row for row in connection.execute(_QUERY, {"states": list(CANDIDATES)})}
    return [
        Ranked(
            standing.rank,
            edition.case_number(standing.case_id),
            (row := rows[standing.case_id]).name,
            row.unit,
            row.applicant,
            int(row.categories) if row.categories.isdecimal() else None,
            show_score(standing.score),
            row.scores,
            standing.tied,
            standing.place,
            row.state,
            standing.place <= edition.capacity,
        )
        for standing in rank((row.id, row.scores, row.score_total) for row in rows.values())
    ]


def show_score(score: Fraction) -> str:
    """Two to four decimals; more are rounded to four, half to even."""
    whole, decimals = divmod(round(score * 10_000), 10_000)
    written = f"{decimals:04d}"
    return f"{whole}.{written[:2]}{written[2:].rstrip('0')}"
