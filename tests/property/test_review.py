"""Whatever judges' sheets hold, the sums stay exact and the rows add up."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from states.course import COURSE
from tests.builders.effort import times
from workflow.edition import find
from workflow.engine.campaign import Campaign, found
from workflow.errors import AnliError
from workflow.review import import_scores, read_ranking
from workflow.review.reviews import review_columns
from workflow.review.sheet import read_sheet
from workflow.settings import Settings

COLUMNS = review_columns(find("hubei-2024"))[:2]
CASES = 4
CASE_NUMBERS = st.integers(1, CASES + 1).map(lambda ordinal: f"2024-{ordinal:04d}")
JUDGES = st.sampled_from(["评委甲", "评委乙", "评委丙", ""])
SCORES = st.one_of(
    st.decimals(0, 100, places=2).map(str),
    st.integers(0, 101).map(str),
    st.sampled_from(["", "x", "99.999", "-1", "1e1"]),
)
SHEETS = st.lists(st.lists(st.tuples(CASE_NUMBERS, JUDGES, SCORES), min_size=1, max_size=12), min_size=1, max_size=4)


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    made = found(Settings(database_url, "maildir:mail", "zh", None, tmp_path), find("hubei-2024"), rehearsal=True)
    with made.writing() as (_, connection):
        for ordinal in range(1, CASES + 1):
            connection.execute(
                text(
                    "INSERT INTO cases (id, state, version, trail, unit, route, received_at, received_proven, "
                    "scores, score_total, recommended_at) VALUES (:id, 'declined', 1, 'shortlisted', '', '', '', "
                    ":proven, 0, 0, '')"
                ),
                {"id": ordinal, "proven": True},
            )
            connection.execute(
                text(
                    "INSERT INTO reviews (id, case_id, reviewer, standards_met, implemented_from, "
                    "implemented_until, mainly_hubei, note, recorded_at) "
                    "VALUES (:id, :id, '', '', '', '', :yes, '', '')"
                ),
                {"id": ordinal, "yes": True},
            )
        connection.execute(text("UPDATE cases SET review_id = id, trail = '', state = 'shortlisted'"))
    yield made
    made.engine.dispose()


def model(sheets: list[list[tuple[str, str, str]]]) -> tuple[dict[tuple[int, str], int], list[int]]:
    """Scores in hundredths as they should stand after the sheets, and how many rows of each are taken."""
    standing: dict[tuple[int, str], int] = {}
    taken = []
    for sheet in sheets:
        seen: set[tuple[int, str]] = set()
        count = 0
        for number, judge, score in sheet:
            key = (int(number[5:]), judge)
            plain = score.replace(".", "", 1).isdigit() and len(score.partition(".")[2]) <= 2
            fresh, seen = key not in seen, seen | {key}
            if judge and fresh and key[0] <= CASES and plain and Decimal(score) <= 100:
                standing[key] = int(Decimal(score) * 100)
                count += 1
        taken.append(count)
    return standing, taken


@settings(max_examples=times(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=SHEETS)
def test_sums_are_those_of_a_plain_model(campaign: Campaign, sheets: list[list[tuple[str, str, str]]]) -> None:
    with campaign.writing() as (_, connection):
        connection.execute(text("DELETE FROM scores"))
        connection.execute(text("UPDATE cases SET scores = 0, score_total = 0, version = 1"))
    standing, taken = model(sheets)
    with TemporaryDirectory() as folder:
        for sheet, expected in zip(sheets, taken, strict=True):
            path = Path(folder) / "scores.csv"
            path.write_text("case,judge,score\n" + "".join(f"{','.join(row)}\n" for row in sheet), encoding="utf-8")
            report = import_scores(campaign, path)
            assert (report.rows, report.accepted, len(report.refused)) == (len(sheet), expected, len(sheet) - expected)
    with campaign.reading() as connection:
        rows = connection.execute(text("SELECT id, scores, score_total, version FROM cases ORDER BY id")).all()
    for case_id, scores, total, _ in rows:
        mine = [hundredths for (case, _), hundredths in standing.items() if case == case_id]
        assert (scores, total) == (len(mine), sum(mine))
    assert sum(version - 1 for *_, version in rows) == sum(taken)
    assert "shortlisted" not in COURSE.ranked
    assert read_ranking(campaign) == []


@settings(max_examples=times(300), deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda written: written.encode("utf-8", "surrogatepass")),
        st.text("case,judge;\t\r\n\"'0 ", max_size=60).map(lambda tail: ("case,judge,score\n" + tail).encode()),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail + b"PK\x05\x06" + bytes(18)),
    )
)
def test_any_bytes_are_a_sheet_or_a_clear_fault(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        path.write_bytes(data)
        with suppress(AnliError):
            assert read_sheet(path, COLUMNS, "zh").rows
