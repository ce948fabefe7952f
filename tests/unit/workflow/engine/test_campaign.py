"""The campaign as a command finds it once it holds the lock."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.campaigns import add_drafts, at, found_rehearsal, move, plain_drafts, states
from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.store import server_clock


def test_who_waits_past_the_close_is_judged_by_the_hour_of_the_deed(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question may stand on the screen, and a lock may be held by another, until the window has closed."""
    ordinals = add_drafts(campaign, plain_drafts(["武汉市"], 2))
    closes = campaign.edition.windows["recommend"].closes
    asked = replace(at(campaign, closes - timedelta(seconds=1)), follows_clock=True)
    monkeypatch.setattr(server_clock, "now", lambda _connection: closes)
    report = move(asked, "recommend", ordinals)
    assert report.moved == []
    assert {reason.code for refusal in report.refused for reason in refusal.reasons} == {"outside-window"}
    assert report.at == clock.show(closes)
    assert set(states(campaign).values()) == {"drafted"}


def test_a_rehearsal_stays_at_the_moment_it_was_given(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    with campaign.writing() as (held, _):
        assert held.now == campaign.now
    campaign.engine.dispose()
