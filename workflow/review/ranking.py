"""The ranking of the cases that were heard, as the organisers read it."""

from sqlalchemy import bindparam, text

from workflow.engine.campaign import Campaign
from workflow.engine.ranking import CANDIDATES, Candidate, Ranked, list_ranked

_QUERY = text(
    "SELECT c.id, c.scores, c.score_total, c.unit, c.state, f.name, f.applicant, f.categories "
    "FROM cases c JOIN forms f ON f.id = c.form_id WHERE c.scores > 0 AND c.state IN :states"
).bindparams(bindparam("states", expanding=True))


def read_ranking(campaign: Campaign) -> list[Ranked]:
    """Every candidate that was scored, best first, ties by case; one query."""
    with campaign.reading() as connection:
        candidates = [Candidate(*row) for row in connection.execute(_QUERY, {"states": list(CANDIDATES)})]
    return list_ranked(campaign.edition, candidates)
