"""Times as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders.clockwork import SHANGHAI, local
from workflow.edition.moment import UntilUnreadable, read_end, read_since, read_until


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2024-07-10", local(7, 11)),
        ("2024-02-29", local(3, 1)),
        ("2024-07-10T18:00", local(7, 10, 18)),
        ("2024-07-10T18:00:00Z", datetime(2024, 7, 10, 18, tzinfo=UTC)),
    ],
)
def test_a_day_lasts_to_its_end(words: str, moment: datetime) -> None:
    assert read_until(words, SHANGHAI) == moment


def test_a_day_lasts_to_its_end_where_the_clocks_change() -> None:
    assert read_until("2024-10-27", ZoneInfo("Europe/Berlin")) == datetime(2024, 10, 27, 23, tzinfo=UTC)


@pytest.mark.parametrize("words", ["", "soon", "2023-02-29", "2024-13-01", "9999-12-31", "2024-07-10T25:00"])
def test_what_is_no_time_is_refused(words: str) -> None:
    with pytest.raises(UntilUnreadable):
        read_until(words, SHANGHAI)
    with pytest.raises(UntilUnreadable):
        read_since(words.replace("9999-12-31", "0001-01-01"), SHANGHAI)


def test_a_day_begins_at_its_midnight() -> None:
    assert read_since("2024-07-10", SHANGHAI) == local(7, 10)
    assert read_since("2024-07-10T18:00", SHANGHAI) == local(7, 10, 18)
    assert read_since("2024-07-10T18:00Z", SHANGHAI) == datetime(2024, 7, 10, 18, tzinfo=UTC)


def test_a_day_ends_just_before_the_next() -> None:
    assert local(7, 11) - read_end("2024-07-10", SHANGHAI) == timedelta(microseconds=1)
    assert read_end("2024-07-10T18:00", SHANGHAI) == local(7, 10, 18)
