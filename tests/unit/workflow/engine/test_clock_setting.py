"""A wrong time on record has a way out, on record too; how things stood is always a beginning of the history."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders.campaigns import FOUNDED, add_drafts, at, found_rehearsal, move, plain_drafts, problems, states
from tests.builders.history import read_fields
from workflow import clock
from workflow.audit.as_of import cases_as_of
from workflow.audit.order import ClockWentBack
from workflow.edition import find
from workflow.engine.campaign import Campaign, found
from workflow.engine.clock_setting import ClockRight, set_clock
from workflow.engine.reason import ReasonNeeded
from workflow.engine.staff import RoleNeeded
from workflow.settings import Settings
from workflow.store import server_clock

AHEAD = datetime.fromisoformat("2034-06-20T01:00:00+00:00")
MINUTE = timedelta(minutes=1)


def stood(campaign: Campaign, moment: datetime) -> dict[int, str]:
    with campaign.reading() as connection:
        past = cases_as_of(connection, moment)
    assert past.contradictions == []
    return {ordinal: case.state for ordinal, case in past.cases.items()}


def test_after_a_wrong_time_the_clock_is_set_right_and_work_goes_on(campaign: Campaign) -> None:
    first = add_drafts(campaign, plain_drafts(("武汉市",), 1))
    wrong = add_drafts(at(campaign, AHEAD), plain_drafts(("黄石市",), 1))
    right = at(campaign, FOUNDED + 3 * MINUTE)
    with pytest.raises(ClockWentBack):
        add_drafts(right, plain_drafts(("十堰市",), 1))
    with pytest.raises(ReasonNeeded):
        set_clock(right, " ")
    assert set_clock(right, "服务器时间错了") == (AHEAD, right.now)
    later = add_drafts(at(campaign, FOUNDED + 9 * MINUTE), plain_drafts(("十堰市",), 1))
    assert problems(campaign) == []
    with campaign.reading() as connection:
        (event,) = read_fields(connection, kind="clock")
    assert (event["at"], event["was"], event["why"]) == (clock.show(right.now), clock.show(AHEAD), "服务器时间错了")
    assert list(states(campaign)) == [*first, *wrong, *later]
    assert list(stood(campaign, FOUNDED + MINUTE)) == first
    assert list(stood(campaign, right.now)) == [*first, *wrong]
    assert list(stood(campaign, FOUNDED + 10 * MINUTE)) == [*first, *wrong, *later]


def test_where_the_clock_agrees_with_the_record_nothing_is_set(campaign: Campaign) -> None:
    for moment in (FOUNDED - 5 * MINUTE, FOUNDED, FOUNDED + timedelta(days=31)):
        with pytest.raises(ClockRight):
            set_clock(at(campaign, moment), "试试")
    set_clock(at(campaign, FOUNDED + timedelta(days=32)), "停用一个月")


def test_only_an_organiser_sets_the_clock(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.engine.clock_setting.identify", _as_clock)
    with pytest.raises(RoleNeeded):
        set_clock(at(campaign, AHEAD), "试试")


def _as_clock(connection: object) -> object:
    from workflow.audit.actor import identify

    return identify(connection)._replace(account="clock", role="clock")  # type: ignore[arg-type]


def test_events_a_few_minutes_out_of_order_leave_no_hole_in_the_past(campaign: Campaign) -> None:
    ahead, behind = at(campaign, FOUNDED + 4 * MINUTE), at(campaign, FOUNDED + 2 * MINUTE)
    ordinals = add_drafts(ahead, plain_drafts(("武汉市",), 2))
    move(behind, "recommend", ordinals[:1])
    for minutes in range(7):
        seen = stood(campaign, FOUNDED + minutes * MINUTE)
        assert seen == ({} if minutes < 4 else {ordinals[0]: "recommended", ordinals[1]: "drafted"})


def test_on_postgresql_the_server_says_what_time_it_is(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database_url, f"maildir:{tmp_path / 'mail'}", "zh", None, tmp_path / "originals")
    monkeypatch.setattr(clock, "now", lambda: AHEAD)
    campaign = found(settings, find("hubei-2024"), rehearsal=False)
    with campaign.writing() as (held, _):
        pass
    moments = {campaign.now.year, held.now.year, campaign.time().year}
    assert (moments == {AHEAD.year}) is ("sqlite" in database_url)
    assert len(moments) == 1
    campaign.engine.dispose()


def test_a_real_campaign_takes_the_right_time_from_the_clock(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database_url, f"maildir:{tmp_path / 'mail'}", "zh", None, tmp_path / "originals")
    monkeypatch.setattr(server_clock, "now", lambda _connection: AHEAD)
    campaign = found(settings, find("hubei-2024"), rehearsal=False)
    monkeypatch.setattr(server_clock, "now", lambda _connection: FOUNDED)
    assert set_clock(campaign, "服务器时间错了") == (AHEAD, FOUNDED)
    add_drafts(replace(campaign, now=FOUNDED), plain_drafts(("武汉市",), 1))
    assert problems(campaign) == []
    campaign.engine.dispose()


def test_the_founding_of_a_rehearsal_keeps_its_time(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    assert campaign.now == FOUNDED
    campaign.engine.dispose()
