"""A kind of sheet is declared once a floor; each test names the file that the floor below or above waits for."""

import pytest
from sqlmodel import SQLModel

from states.course import COURSE
from workflow.audit.events.judging import FINDINGS, SHEETS, Finding, Score
from workflow.review import KINDS
from workflow.store import judging


def test_the_law_and_the_desk_know_the_same_sheets() -> None:
    judgements = {judgement.name for judgement in COURSE.judgements}
    assert set(KINDS) <= judgements, "no room in states/ takes it"
    assert judgements <= set(KINDS), "workflow/review/kinds.py has no sheet for it"


def test_each_table_of_what_people_found_may_be_written_by_organisers() -> None:
    made = {
        str(table.__tablename__)
        for table in vars(judging).values()
        if isinstance(table, type) and issubclass(table, SQLModel) and table.__module__ == judging.__name__
    }
    assert made == set(judging.TABLES), "TABLES of workflow/store/judging.py lists what stands there"


def test_each_table_has_an_event_that_tells_of_its_rows() -> None:
    told = {shape.TABLE for shape in FINDINGS}
    assert Score in SHEETS
    assert told | {"scores"} == set(judging.TABLES), "SHEETS of workflow/audit/events/judging.py"


@pytest.mark.parametrize("shape", FINDINGS)
def test_an_event_tells_every_column(shape: type[Finding]) -> None:
    kept = set(SQLModel.metadata.tables[shape.TABLE].columns.keys())
    assert set(shape.columns()) == kept - {"id", "case_id"}, "workflow/audit/events/judging.py"
