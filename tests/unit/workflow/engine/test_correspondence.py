"""Letters are queued a few at a time, and all of them."""

import pytest
from sqlalchemy import text

from tests.builders.campaigns import MOMENTS, add_drafts, at, move, plain_drafts, problems
from workflow.engine import correspondence
from workflow.engine.campaign import Campaign


@pytest.mark.parametrize("at_once", [1, 2, 5, 6])
def test_portions_leave_no_letter_out(campaign: Campaign, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(correspondence, "AT_ONCE", at_once)
    units = list(campaign.edition.units)[:5]
    add_drafts(campaign, plain_drafts(units, 10))
    report = move(at(campaign, MOMENTS["recommend"]), "recommend")
    assert [letter.recipient for letter in report.letters] == units
    with campaign.reading() as connection:
        kept = connection.execute(text("SELECT message_id FROM letters ORDER BY id")).scalars().all()
    assert kept == [letter.message_id for letter in report.letters]
    assert problems(campaign) == []
