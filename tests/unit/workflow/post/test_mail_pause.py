"""The pause: nothing is claimed while it lasts, not even by a sender that is at work already."""

import pytest
from sqlalchemy import text

from notifications.outbox import Fate
from tests.builders.campaigns import problems
from tests.builders.outbox import write_letters
from workflow.engine.campaign import Campaign
from workflow.engine.reason import ReasonNeeded
from workflow.post.dispatch import _Dispatch, send
from workflow.post.mail_pause import MailNotPaused, MailPaused, pause, read_pause, resume


def states(campaign: Campaign) -> list[str]:
    with campaign.reading() as connection:
        return list(connection.execute(text("SELECT state FROM letters ORDER BY id")).scalars())


def test_nothing_is_sent_until_it_ends(campaign: Campaign) -> None:
    write_letters(campaign, 2)
    begun = pause(campaign, " 数字有误 ")
    assert (begun.since, begun.why) == (campaign.now, "数字有误")
    with campaign.reading() as connection:
        assert read_pause(connection) == begun
    with pytest.raises(MailPaused) as refused:
        send(campaign, lambda _letter: None)
    assert refused.value.values["by"] == begun.by
    assert states(campaign) == ["queued", "queued"]
    assert problems(campaign) == []
    assert resume(campaign) == begun
    assert len(send(campaign, lambda _letter: None)) == 2
    assert problems(campaign) == []


def test_a_sender_at_work_finishes_what_is_under_way_and_claims_no_more(campaign: Campaign) -> None:
    write_letters(campaign, 3)
    desk = _Dispatch(campaign, lambda _letter: None)
    (claimed,) = desk.exchange([], 1)
    pause(campaign, "数字有误")
    before = desk.paused
    assert desk.exchange([Fate(claimed, "sent", "250 OK")], 2) == []
    assert (before, desk.paused) == (False, True)
    assert states(campaign) == ["sent", "queued", "queued"]
    assert problems(campaign) == []


def test_it_begins_and_ends_once_and_has_a_reason(campaign: Campaign) -> None:
    for why in (None, "", " "):
        with pytest.raises(ReasonNeeded):
            pause(campaign, why)
    with pytest.raises(MailNotPaused):
        resume(campaign)
    pause(campaign, "数字有误")
    with pytest.raises(MailPaused):
        pause(campaign, "再停一次")


def test_it_is_on_record(campaign: Campaign) -> None:
    pause(campaign, "数字有误")
    with campaign.writing() as (_, connection):
        connection.execute(text("UPDATE campaign SET mail_paused_why = 'x'"))
    (problem,) = problems(campaign)
    assert (problem.where, problem.values["column"]) == ("campaign", "mail_paused_why")
