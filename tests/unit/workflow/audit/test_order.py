"""No event is dated well before the last one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.campaigns import FOUNDED, add_drafts, at, found_rehearsal, plain_drafts, problems, states
from workflow import clock
from workflow.audit.order import TOLERANCE, ClockWentBack
from workflow.edition import find
from workflow.engine.campaign import Campaign, found
from workflow.settings import Settings
from workflow.store import server_clock


def test_a_rehearsal_does_not_go_back(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    add_drafts(campaign, plain_drafts(("武汉市",), 1))
    add_drafts(at(campaign, FOUNDED - TOLERANCE), plain_drafts(("黄石市",), 1))
    add_drafts(campaign, plain_drafts(("十堰市",), 1))
    with pytest.raises(ClockWentBack) as refused:
        add_drafts(at(campaign, FOUNDED - TOLERANCE - timedelta(microseconds=1)), plain_drafts(("襄阳市",), 1))
    assert refused.value.values["last"] == clock.show(FOUNDED)
    assert len(states(campaign)) == 3
    assert problems(campaign) == []
    campaign.engine.dispose()


def test_a_machine_whose_clock_went_back_writes_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database_url, f"maildir:{tmp_path / 'mail'}", "zh", None, tmp_path / "originals")
    campaign = found(settings, find("hubei-2024"), rehearsal=False)
    began = campaign.now
    monkeypatch.setattr(server_clock, "now", lambda _connection: began + timedelta(hours=1))
    add_drafts(_awake(campaign), plain_drafts(("武汉市",), 1))
    add_drafts(campaign, plain_drafts(("黄石市",), 1))
    add_drafts(_awake(campaign), plain_drafts(("十堰市",), 1))
    monkeypatch.setattr(server_clock, "now", lambda _connection: began + timedelta(minutes=50))
    with pytest.raises(ClockWentBack):
        add_drafts(_awake(campaign), plain_drafts(("襄阳市",), 1))
    assert len(states(campaign)) == 3
    campaign.engine.dispose()


def _awake(campaign: Campaign) -> Campaign:
    """As a command that begins now."""
    return replace(campaign, now=campaign.time())
