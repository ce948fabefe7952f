"""The review desk: prechecks, scores and surveys from sheets, the sheets to fill, the ranking."""

from workflow.engine.ranking import Ranked
from workflow.review.kinds import KINDS, import_sheet
from workflow.review.ranking import read_ranking
from workflow.review.reviews import import_reviews
from workflow.review.scores import import_scores
from workflow.review.sheet_kind import ImportReport, RefusedRow
from workflow.review.surveys import import_surveys
from workflow.review.template import write_template

__all__ = [
    "KINDS",
    "ImportReport",
    "Ranked",
    "RefusedRow",
    "import_reviews",
    "import_scores",
    "import_sheet",
    "import_surveys",
    "read_ranking",
    "write_template",
]
