"""Next year's edition is a new file and no new code."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from states import ROOMS
from workflow.edition import Edition, find

FILE = Path(__file__).with_name("example-2025.toml")


@pytest.fixture(scope="module")
def edition() -> Edition:
    return find(str(FILE))


def test_other_categories_and_capacity(edition: Edition) -> None:
    assert edition.rules().categories == (1, 2, 3, 4, 5, 6, 7)
    assert edition.rules().capacity == edition.capacity == 40
    assert edition.rules().standards == (1,)
    assert edition.rules().limits.summary_characters == 100


def test_other_phases_in_another_zone(edition: Edition) -> None:
    assert list(edition.phases) == ["call", "judging"]
    assert edition.phases["call"].opens == datetime(2025, 2, 28, 18, tzinfo=UTC)
    assert edition.phases["judging"].closes == datetime(2025, 6, 30, 12, tzinfo=UTC)
    assert edition.received_until == datetime(2025, 4, 30, 12, tzinfo=UTC)
    assert edition.process_until == datetime(2025, 4, 30, 18, tzinfo=UTC)
    assert set(edition.windows) == {way.window for room in ROOMS for way in room.exits}


def test_other_units(edition: Edition) -> None:
    assert {unit.name: (unit.kind, unit.quota, unit.language) for unit in edition.units.values()} == {
        "示例县": ("county", 3, "zh"),
        "示例学校": ("school", 2, "en"),
    }


def test_what_the_file_leaves_out_is_empty(edition: Edition) -> None:
    assert (edition.deadlines, edition.topics, edition.requirements, edition.staff) == ((), (), (), ())
    assert edition.title_en is None


def test_cases_are_numbered_by_its_own_year(edition: Edition) -> None:
    assert edition.case_number(42) == "2025-0042"
    with pytest.raises(ValueError, match="2024-0042"):
        edition.case_ordinal("2024-0042")
