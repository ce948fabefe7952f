"""A clock that leaps over a month and a deadline: nothing is written, the organisers are told once, one accepts it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.builders.campaigns import FOUNDED, add_drafts, plain_drafts, problems, states
from tests.builders.clockwork import letters, local
from workflow.deadlines.doctor import examine
from workflow.deadlines.tick import tick, tick_once
from workflow.deadlines.watch import watch
from workflow.edition import find
from workflow.engine.campaign import Campaign, found, resume
from workflow.engine.clock_setting import ClockRight, set_clock
from workflow.engine.jump import ClockAhead
from workflow.errors import AnliError
from workflow.post.dispatch import send
from workflow.post.mail_pause import pause
from workflow.settings import Settings
from workflow.store import server_clock

AHEAD = local(6, 20) + timedelta(days=3652)
HOUR = timedelta(hours=1)


class Real(NamedTuple):
    """A real campaign, opened anew as each command does, and the hands of its clock."""

    wake: Callable[[], Campaign]
    turn: Callable[[datetime], None]


@pytest.fixture
def real(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Real]:
    def turn(moment: datetime) -> None:
        monkeypatch.setattr(server_clock, "now", lambda _connection: moment)

    settings = Settings(database_url, f"maildir:{tmp_path / 'mail'}", "zh", None, tmp_path / "originals")
    turn(FOUNDED)
    opened = [found(settings, find("hubei-2024"), rehearsal=False)]

    def wake() -> Campaign:
        opened.append(resume(settings))
        return opened[-1]

    yield Real(wake, turn)
    for campaign in opened:
        campaign.engine.dispose()


def warnings(campaign: Campaign) -> list[str]:
    return [row["state"] for row in letters(campaign) if row["kind"] == "clock-ahead"]


def test_a_machine_that_shows_2034_locks_nobody_out(real: Real) -> None:
    ordinals = add_drafts(real.wake(), plain_drafts(("武汉市",), 2))
    tick_once(real.wake())
    real.turn(AHEAD)
    with pytest.raises(ClockAhead):
        pause(real.wake(), "试试")
    for _ in range(2):
        with pytest.raises(ClockAhead) as waits:
            tick_once(real.wake())
        with pytest.raises(ClockAhead):
            send(real.wake(), lambda _letter: None)
        assert warnings(real.wake()) == ["sent"]
    count = waits.value.values["count"]
    assert isinstance(count, int)
    assert count > 5
    health = examine(real.wake())
    assert not health.ok
    assert health.jump is not None
    assert len(health.jump.passed) == count
    real.turn(FOUNDED + HOUR)
    add_drafts(real.wake(), plain_drafts(("黄石市",), 1))
    assert set(states(real.wake()).values()) == {"drafted"}
    assert len(states(real.wake())) == len(ordinals) + 1
    assert examine(real.wake()).ok
    assert problems(real.wake()) == []


def test_after_a_long_outage_an_organiser_accepts_the_clock_and_all_is_caught_up(real: Real) -> None:
    add_drafts(real.wake(), plain_drafts(("武汉市",), 1))
    tick_once(real.wake())
    with pytest.raises(ClockRight):
        set_clock(real.wake(), "没有必要")
    real.turn(local(10, 5))
    with pytest.raises(ClockAhead):
        tick_once(real.wake())
    set_clock(real.wake(), "机房停电三个月")
    assert tick_once(real.wake()).fired
    assert set(states(real.wake()).values()) == {"lapsed"}
    assert problems(real.wake()) == []
    pause(real.wake(), "核对")


def test_a_quiet_clock_that_looks_is_no_doubtful_one(real: Real) -> None:
    """Nobody does anything for months, and heartbeats are all that is left."""
    for day in range(0, 90, 20):
        real.turn(FOUNDED + timedelta(days=day))
        tick_once(real.wake())


def test_a_month_without_a_deadline_is_no_leap(real: Real) -> None:
    real.turn(local(12, 2))
    with pytest.raises(ClockAhead):
        tick_once(real.wake())
    set_clock(real.wake(), "停机")
    tick_once(real.wake())
    real.turn(AHEAD)
    assert tick_once(real.wake()).fired == []
    pause(real.wake(), "十年以后")


def test_the_watch_waits_and_goes_on_by_itself_once_the_clock_is_accepted(real: Real) -> None:
    real.turn(local(10, 5))
    campaign = real.wake()
    troubles: list[AnliError] = []
    fired: list[str] = []
    rounds = iter(range(4))

    def sleep(seconds: float) -> bool:
        if seconds and next(rounds) == 2:
            set_clock(real.wake(), "停机三个月")
        return seconds > 0 and bool(fired)

    watch(campaign, campaign.time, sleep, lambda each: fired.append(each.deadline), troubles.append)
    assert {type(trouble) for trouble in troubles} == {ClockAhead}
    assert len(troubles) == 3
    assert fired
    assert warnings(campaign) == ["queued"]


def test_a_look_ahead_needs_no_accepted_clock(real: Real) -> None:
    real.turn(local(10, 5))
    assert tick_once(real.wake(), dry_run=True).fired
    with pytest.raises(ClockAhead):
        list(tick(real.wake()))
