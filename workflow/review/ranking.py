"""The ranking of the cases that were heard, as the organisers read it."""

from sqlalchemy import bindparam, text

from states.course import COURSE
from workflow.engine.campaign import Campaign
from workflow.engine.ranking import Candidate, Ranked, list_ranked

_QUERY = text(
    "SELECT c.id AS case_id, c.scores, c.score_total, c.unit, c.state, f.name, f.applicant, f.categories "
    "FROM cases c JOIN forms f ON f.id = c.form_id WHERE c.scores > 0 AND c.state IN :ranked"
).bindparams(bindparam("ranked", COURSE.ranked, expanding=True))


def read_ranking(campaign: Campaign) -> list[Ranked]:
    """Every candidate that was scored, best first, ties by case; one query."""
    with campaign.reading() as connection:
        candidates = [Candidate(**row) for row in connection.execute(_QUERY).mappings()]
    return list_ranked(campaign.edition, candidates)
