"""So many letters a minute, and what providers are known to take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.pace import MINUTE, Pace
from notifications.providers import BY_DOMAIN, RELAY, Limits, limits_of


@given(st.integers(1, 20), st.lists(st.floats(0, 30), max_size=100))
def test_no_minute_ever_holds_too_many(per_minute: int, steps: list[float]) -> None:
    now, taken = 0.0, []
    pace = Pace(per_minute, lambda: now)
    for step in steps:
        now += step
        room = pace.room()
        assert room is not None
        assert 0 <= room <= per_minute
        if room:
            pace.take()
            taken.append(now)
    for first in taken:
        assert sum(first <= each < first + MINUTE for each in taken) <= per_minute


def test_without_a_limit_there_is_always_room() -> None:
    pace = Pace(None)
    pace.take()
    assert pace.room() is None


@pytest.mark.parametrize(
    ("host", "limits"),
    [
        ("smtp.163.com", BY_DOMAIN["163.com"]),
        ("SMTP.QQ.com", BY_DOMAIN["qq.com"]),
        ("smtp.exmail.qq.com", BY_DOMAIN["exmail.qq.com"]),
        ("smtp.not163.com", RELAY),
        ("163.com.mail.example", RELAY),
        ("localhost", RELAY),
    ],
)
def test_a_provider_is_known_by_its_domain(host: str, limits: Limits) -> None:
    assert limits_of(host) == limits
