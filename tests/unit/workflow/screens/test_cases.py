"""What a form says is shown: a new column of ``forms`` is found again in ``show``, as a document and as a page."""

from inspect import getsource

import pytest

from workflow.screens import case_page
from workflow.screens.cases import WholeCaseDocument
from workflow.store import Form

INSIDE = {
    *("case_id", "submission_id", "filename", "documents", "media", "scans"),
    *("doubts", "headings_missing", "applicant_opinion", "recommender_opinion"),
    *("applicant_opinion_text", "recommender_opinion_text"),
}
"""Columns that are shown by what follows from them (papers, problems), or that stand in the originals alone."""

LEFT_TO_THE_DOCUMENT = {"category", "received_proven", "content", "recommended_at"}
"""What the page says by another of its lines, or is too long for it."""


@pytest.mark.parametrize("column", sorted(set(Form.model_fields) - INSIDE))
def test_what_a_form_says_is_in_the_document(column: str) -> None:
    assert column in WholeCaseDocument.__required_keys__, (
        "workflow/screens/cases.py: WholeCaseDocument, and the query that fills it"
    )


@pytest.mark.parametrize("key", sorted(WholeCaseDocument.__required_keys__ - LEFT_TO_THE_DOCUMENT))
def test_what_the_document_has_is_on_the_page(key: str) -> None:
    assert f'"{key}"' in getsource(case_page), "workflow/screens/case_page.py"
