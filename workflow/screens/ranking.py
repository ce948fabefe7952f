"""The ranking, now or as it stood, as --json prints it."""

from collections.abc import Iterable
from typing import TypedDict

from workflow.engine.ranking import Ranked


class RankedDocument(TypedDict):
    """rank, place: of those that score as high, the first and the last. score: points. within: among the selected."""

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


def answer_ranking(ranking: Iterable[Ranked]) -> list[RankedDocument]:
    """Best first, as they come."""
    return [
        {
            "rank": row.rank,
            "case": row.case,
            "name": row.name,
            "unit": row.unit,
            "applicant": row.applicant,
            "category": row.category,
            "score": row.score,
            "scores": row.scores,
            "tied": row.tied,
            "place": row.place,
            "state": row.state,
            "within": row.within,
        }
        for row in ranking
    ]
