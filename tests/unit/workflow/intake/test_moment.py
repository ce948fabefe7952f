"""A time is read in the zone it names, and in the campaign's where it names none that is clear."""

from zoneinfo import ZoneInfo

import pytest

from workflow.intake.moment import read_moment

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = "2024-06-30T10:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 30 Jun 2024 18:00:00 +0800",
        "Sun, 30 Jun 2024 18:00:00 +0800 (CST)",
        "Sun, 30 Jun 2024 18:00:00 GMT+0800",
        "Sun, 30 Jun 2024 18:00:00 GMT+08:00",
        "Sun, 30 Jun 2024 18:00:00 UTC +8",
        "Sun, 30 Jun 2024 18:00:00 +8",
        "Sun, 30 Jun 2024 18:00:00 +08:00",
        "Sun, 30 Jun 2024 18:00:00 Asia/Shanghai",
        "Sun, 30-Jun-2024 18:00:00 +0800",
        "Sun, 30 Jun 2024 6:00:00 PM +0800",
        "Sun Jun 30 2024 18:00:00 GMT+0800 (China Standard Time)",
        "2024-06-30T18:00:00+08:00",
        "Sun, 30 Jun 2024 10:00:00 GMT",
        "Sun, 30 Jun 2024 10:00:00 -0000",
        "Sun, 30 Jun 2024 05:00 EST",
        "2024-06-30T10:00:00Z",
    ],
)
def test_a_zone_that_is_clear(text: str) -> None:
    moment = read_moment(text, ZONE)
    assert moment is not None
    assert (moment.at.isoformat(), moment.assumed) == (EVENING, None)


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("Sun, 30 Jun 2024 18:00:00", ""),
        ("Sun, 30 Jun 2024 18:00:00 CST", "CST"),
        ("Sun Jun 30 18:00:00 CST 2024", "CST"),
        ("Sun Jun 30 18:00:00 2024", ""),
        ("Sun, 30 Jun 2024 18:00:00 IST", "IST"),
        ("Sun, 30 Jun 2024 18:00:00 +9900", "+9900"),
        ("Sun, 30 Jun 2024 18:00:00 Mars/Olympus", "Mars/Olympus"),
        ("2024年6月30日 下午6:00", ""),
        ("2024-06-30 18:00:00", ""),
        ("2024/6/30 18:00:00 中国标准时间", "中国标准时间"),
    ],
)
def test_a_zone_that_is_not(text: str, assumed: str) -> None:
    moment = read_moment(text, ZONE)
    assert moment is not None
    assert (moment.at.isoformat(), moment.assumed) == (EVENING, assumed)


@pytest.mark.parametrize(
    "text", ["", "never", "18:00", "30 Jun", "Thu, 99 Jun 2024 18:00:00 +0800", "1 Jan 1970 00:00 Z"]
)
def test_what_is_no_time(text: str) -> None:
    assert read_moment(text, ZONE) is None
