"""The watch sleeps until something falls due, looks again within a minute, and survives troubles that pass."""

from datetime import datetime, timedelta

from tests.builders.campaigns import at
from tests.builders.clockwork import OPENING, local, run
from workflow.audit.order import ClockWentBack
from workflow.deadlines.amendment import extend
from workflow.deadlines.doctor import examine
from workflow.deadlines.tick import Fired
from workflow.deadlines.watch import LONGEST_SLEEP, timepiece, watch
from workflow.engine.campaign import Campaign
from workflow.errors import AnliError


class Wall:
    """A clock on the wall whose hands move when somebody sleeps; it stops everything at ``end``."""

    def __init__(self, now: datetime, end: datetime) -> None:
        self.now, self.end, self.slept = now, end, list[float]()

    def time(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> bool:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        return self.now >= self.end


def keep_watch(campaign: Campaign, wall: Wall) -> tuple[list[Fired], list[AnliError]]:
    fired: list[Fired] = []
    troubles: list[AnliError] = []
    watch(campaign, wall.time, wall.pause, fired.append, troubles.append)
    return fired, troubles


def test_it_wakes_at_the_moment_and_sleeps_no_longer_than_a_minute(campaign: Campaign) -> None:
    wall = Wall(local(5, 28, 8, 55), local(5, 28, 9, 5))
    fired, troubles = keep_watch(campaign, wall)
    assert [(each.deadline, each.report.at) for each in fired] == [("notice-issued", "2024-05-28T01:00:00Z")]
    assert max(wall.slept) == LONGEST_SLEEP
    assert len(wall.slept) < 20
    assert troubles == []


def test_it_notices_an_amendment_within_a_minute(campaign: Campaign) -> None:
    run(campaign, local(7, 11, 10))
    wall = Wall(local(7, 15, 23, 50), local(7, 16, 0, 10))

    def pause(seconds: float) -> bool:
        if wall.now == local(7, 15, 23, 55):
            extend(at(campaign, wall.now), "recommend", local(7, 21), None, "汛期")
        return Wall.pause(wall, seconds)

    fired: list[Fired] = []
    watch(campaign, wall.time, pause, fired.append, lambda _trouble: None)
    assert fired == []


def test_a_clock_that_went_back_writes_nothing_and_is_told(campaign: Campaign) -> None:
    run(campaign, local(6, 24, 9))
    extend(at(campaign, local(6, 27)), "recommend", local(7, 21), None, "汛期")
    wall = Wall(local(6, 26, 23), local(6, 26, 23, 10))
    assert keep_watch(campaign, wall) == ([], [])
    extend(at(campaign, local(6, 29)), "select", local(10, 21), None, "汛期")
    wall = Wall(local(6, 28, 10), local(6, 28, 10, 3))
    fired, troubles = keep_watch(campaign, wall)
    assert fired == []
    assert {type(trouble) for trouble in troubles} == {ClockWentBack}


def test_a_jump_forward_is_caught_up_with(campaign: Campaign) -> None:
    wall = Wall(OPENING, local(7, 2))

    def pause(seconds: float) -> bool:
        wall.now += timedelta(days=21) if seconds else timedelta(0)
        return wall.now >= wall.end

    fired: list[Fired] = []
    watch(campaign, wall.time, pause, fired.append, lambda _trouble: None)
    assert [each.deadline for each in fired] == ["notice-issued", "thirteen-days-left"]


def test_told_to_stop_it_stops_between_two_deadlines(campaign: Campaign) -> None:
    fired: list[Fired] = []
    watch(campaign, lambda: local(7, 2), lambda _seconds: bool(fired), fired.append, lambda _trouble: None)
    assert len(fired) == 1


def test_in_a_rehearsal_the_clock_runs_on_from_where_it_was_set(campaign: Campaign) -> None:
    time = timepiece(campaign, OPENING)
    assert OPENING <= time() < OPENING + timedelta(minutes=5)
    assert time() <= time()
    assert timepiece(campaign, None)() > local(12, 31)


def test_the_doctor_reads_the_heartbeat(campaign: Campaign) -> None:
    silent = examine(at(campaign, local(5, 28, 9, 10)))
    assert (silent.ok, silent.silent, [each.name for each in silent.overdue]) == (False, True, ["notice-issued"])
    run(campaign, local(5, 28, 9, 20))
    well = examine(at(campaign, local(5, 28, 9, 30)))
    assert well.ok
    assert [pulse.at for pulse in well.pulses] == [local(5, 28, 9, 20)]
    assert well.pulses[0].next_due == local(6, 17, 9)
    assert well.following is not None
    assert well.following.name == "thirteen-days-left"
    assert not examine(at(campaign, local(5, 28, 10, 21))).ok


def test_a_deadline_just_past_is_not_overdue_yet(campaign: Campaign) -> None:
    run(campaign, local(6, 17, 8, 59))
    assert examine(at(campaign, local(6, 17, 9, 4))).ok
    assert not examine(at(campaign, local(6, 17, 9, 6))).ok


def test_after_the_last_deadline_silence_is_well(campaign: Campaign) -> None:
    run(campaign, local(12, 2))
    assert examine(at(campaign, local(12, 31))).ok
