"""Whom letters may be sent to: a rehearsal's never to the units themselves, a real campaign's to nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notifications.handover import Transport
from notifications.maildir import MaildirTransport
from tests.builders.outbox import write_letters
from workflow.edition import find
from workflow.engine.campaign import Campaign, found
from workflow.post.dispatch import send
from workflow.post.way_out import RehearsalAddressRefused, RehearsalAddressUnfit, RehearsalLeaves, open_way_out
from workflow.settings import Settings, gather

ELSEWHERE = "smtp://mail.example"
TEST_ADDRESS = "rehearsal@anli.example"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Campaign]:
    settings = Settings(f"sqlite:///{tmp_path / 'real.db'}", f"maildir:{tmp_path / 'mail'}", "zh", None, None)
    campaign = found(settings, find("hubei-2024"), rehearsal=False)
    yield campaign
    campaign.engine.dispose()


def test_a_rehearsal_leaves_the_machine_only_for_its_own_address(campaign: Campaign) -> None:
    for mail in (ELSEWHERE, "smtps://user%40mail.example@mail.example:465", "SMTP://MAIL.EXAMPLE"):
        elsewhere = replace(campaign, mail=mail)
        with pytest.raises(RehearsalLeaves):
            open_way_out(elsewhere)
        open_way_out(replace(elsewhere, mail_to=TEST_ADDRESS))
    for mail in ("smtp://localhost", "smtp://127.0.0.1:2525", "smtp://[::1]:2525", "smtp://LOCALHOST", campaign.mail):
        open_way_out(replace(campaign, mail=mail))


def test_a_rehearsal_keeps_to_the_machine_whatever_the_scheme(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Courier(MaildirTransport):
        leaves_the_machine = Transport.leaves_the_machine

    monkeypatch.setattr("workflow.post.way_out.open_transport", lambda *_: Courier(Path("box")))
    with pytest.raises(RehearsalLeaves):
        open_way_out(replace(campaign, mail="courier:anywhere"))


@pytest.mark.parametrize("address", ["nobody", "a@b", "a@b.example,c@d.example", "甲@b.example", "a@b.example\r\n"])
def test_the_address_of_a_rehearsal_is_checked(campaign: Campaign, address: str) -> None:
    with pytest.raises(RehearsalAddressUnfit):
        open_way_out(replace(campaign, mail_to=address))


def test_a_real_campaign_has_no_test_address(real: Campaign) -> None:
    write_letters(real, 1)
    with pytest.raises(RehearsalAddressRefused):
        send(replace(real, mail_to=TEST_ADDRESS), lambda _letter: None)
    open_way_out(replace(real, mail=ELSEWHERE))
    assert [each.state for each in send(real, lambda _letter: None)] == ["sent"]


def test_it_is_a_setting() -> None:
    assert gather(None, None, "zh", {"ANLI_MAIL_TO": TEST_ADDRESS}).mail_to == TEST_ADDRESS
    assert gather(None, None, "zh", {"ANLI_MAIL_TO": ""}).mail_to is None
