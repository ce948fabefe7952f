"""What did not arrive is told to the organisers in one letter, once, where the server takes letters at all."""

import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from notifications.outbox import LAPSED
from tests.builders.campaigns import FOUNDED, problems
from tests.builders.inbox import open_letter, read_body
from tests.builders.outbox import write_letters
from tests.builders.units import ADDRESSES, HUANGSHI, WUHAN
from tests.faults.program import Program
from tests.faults.server import Behaviour
from workflow.engine.campaign import Campaign

ORGANISER = "organiser@anli.example"
KIND = "undelivered"
REFUSED = 3
LATER = timedelta(minutes=20)
"""More than a lease."""

pytestmark = pytest.mark.usefixtures("three_letters")


def letters(campaign: Campaign) -> list[dict[str, Any]]:
    query = text("SELECT id, kind, recipient, address, state, answer, reported_at, message FROM letters ORDER BY id")
    with campaign.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def reports(campaign: Campaign) -> list[dict[str, Any]]:
    return [letter for letter in letters(campaign) if letter["kind"] == KIND]


def bodies(server: Behaviour) -> list[str]:
    """What the organisers found in their mailbox."""
    return [read_body(message) for address, message in server.received if address == ORGANISER]


def test_the_organisers_learn_whom_to_ring_and_what_about(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = "550 no such user"
    ended = program.run("mail", "send", "--json")
    assert ended.status == REFUSED
    assert {letter["state"] for letter in ended.answer()} == {"sent", "failed"}
    (report,) = reports(campaign)
    assert report["id"] in {letter["id"] for letter in ended.answer()}
    assert (report["state"], report["address"]) == ("sent", ORGANISER)
    (body,) = bodies(server)
    for said in (HUANGSHI, ADDRESSES[HUANGSHI], "推荐案例登记结果", "2024-0002 示例案例2", "550 no such user"):
        assert said in body
    for command in ("anli mail preview 2", "anli mail retry 2", "anli mail cancel 2"):
        assert command in body
    assert WUHAN not in body
    assert "1. 黄石市（wxb@huangshi.example）：失败" in body.splitlines()
    assert [letter["reported_at"] is not None for letter in letters(campaign)] == [False, True, False, False]
    assert problems(campaign) == []


def test_each_is_reported_once_and_again_when_it_fails_again(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = "550 no such user"
    for _ in range(2):
        program.run("mail", "send")
        assert len(reports(campaign)) == 1
    assert program.run("mail", "retry", "2").status == 0
    assert problems(campaign) == []
    program.run("mail", "send")
    assert len(reports(campaign)) == 2
    assert program.run("mail", "cancel", "2", "--reason", "told by telephone").status == 0
    program.run("mail", "send")
    assert len(reports(campaign)) == 2
    assert problems(campaign) == []


def test_a_report_that_fails_is_reported_nowhere(campaign: Campaign, program: Program, server: Behaviour) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = "550 no such user"
    server.refused[ORGANISER] = "550 mailbox full"
    ended = program.run("mail", "send", "--json")
    assert [letter["state"] for letter in ended.answer()] == ["sent", "failed", "sent", "failed"]
    assert program.run("mail", "send", "--json").answer() == []
    assert len(reports(campaign)) == 1
    assert problems(campaign) == []


def test_a_dead_server_is_no_news_of_any_letter(
    campaign: Campaign, program_at: Callable[[datetime], Program], server: Behaviour
) -> None:
    """A letter that it wore out is reported once the server is back."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"smtp://127.0.0.1:{taken.getsockname()[1]}?connections=1"
        for day in range(campaign.edition.mail.delivery.tries):
            program = program_at(FOUNDED + timedelta(days=day))
            program.settings["ANLI_MAIL"] = dead
            assert program.run("mail", "send").status == REFUSED
    failed = [letter for letter in letters(campaign) if letter["state"] == "failed"]
    assert failed
    assert reports(campaign) == []
    program.settings["ANLI_MAIL"] = server.address
    program.run("mail", "send")
    assert [report["state"] for report in reports(campaign)] == ["sent"]
    (body,) = bodies(server)
    assert all(letter["address"] in body for letter in failed)
    assert problems(campaign) == []


def test_a_server_that_will_not_have_the_sender_is_no_news_of_any_letter(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    server.faults["mail"] = "553 sender not allowed"
    program.settings["ANLI_MAIL"] += "?connections=1"
    assert program.run("mail", "send").status == REFUSED
    assert [letter["state"] for letter in letters(campaign)] == ["failed", "queued", "queued"]
    assert program.run("mail", "send").status == 0
    assert [report["state"] for report in reports(campaign)] == ["sent"]


def test_what_its_sender_never_spoke_of_is_reported(
    campaign: Campaign, program: Program, program_at: Callable[[datetime], Program], server: Behaviour
) -> None:
    server.faults["dot"] = "hang"
    program.settings["ANLI_MAIL"] += "?connections=1"
    running = program.start("mail", "send")
    while "dot" not in server.steps:
        time.sleep(0.01)
    program.kill(running)
    program = program_at(FOUNDED + LATER)
    program.settings["ANLI_MAIL"] = server.address
    assert program.run("mail", "send").status == REFUSED
    lapsed = [letter for letter in letters(campaign) if letter["state"] == "unknown"]
    assert {letter["answer"] for letter in lapsed} == {LAPSED}
    (body,) = bodies(server)
    assert all(letter["address"] in body for letter in lapsed)
    assert "anli mail retry" in body
    assert "anli mail cancel" not in body
    assert problems(campaign) == []


def test_killed_at_any_step_of_the_report_none_is_forgotten(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = "550 no such user"
    _, steps = program.count_steps("mail", "send")
    for fatal in range(steps // 2, steps, max(steps // 12, 1)):
        assert program.run("mail", "retry", "2").status == 0
        before = len(reports(campaign))
        ended = program.run("mail", "send", fatal=fatal)
        assert ended.status in (-signal.SIGKILL, REFUSED)
        if letters(campaign)[1]["state"] == "failed":
            program.run("mail", "send")
            assert len(reports(campaign)) == before + 1
            assert letters(campaign)[1]["reported_at"] is not None
        else:
            break
    assert problems(campaign) == []


def test_a_pause_stops_a_sender_at_work(campaign: Campaign, program: Program, server: Behaviour) -> None:
    write_letters(campaign, 40)
    server.slow = 0.05
    program.settings["ANLI_MAIL"] += "?connections=1"
    running = program.start("mail", "send", "--json")
    while not server.received:
        time.sleep(0.01)
    assert program.run("mail", "pause", "--reason", "wrong figures").status == 0
    ended = program.wait(running)
    states = [letter["state"] for letter in letters(campaign)]
    assert states.count("sent") == len(server.received) < 43
    assert set(states) == {"sent", "queued"}
    assert ended.status == REFUSED
    refused = program.run("mail", "send", "--json")
    assert (refused.status, refused.said) == (1, "")
    assert "wrong figures" in refused.warned
    assert len(server.received) == states.count("sent")
    assert program.run("mail", "resume").status == 0
    server.slow = 0.0
    assert program.run("mail", "send").status == 0
    assert len(server.received) == 43
    assert problems(campaign) == []


def test_a_rehearsals_letters_go_to_the_test_address_alone(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    before = [letter["message"] for letter in letters(campaign)]
    program.settings["ANLI_MAIL_TO"] = "rehearsal@anli.example"
    assert program.run("mail", "send").status == 0
    assert {address for address, _ in server.received} == {"rehearsal@anli.example"}
    assert [letter["message"] for letter in letters(campaign)] == before
    addressed = [open_letter(message)["To"].addresses[0].addr_spec for _, message in server.received]
    assert sorted(addressed) == sorted(ADDRESSES.values())
    with campaign.reading() as connection:
        leaves = connection.execute(text("SELECT leaf FROM events WHERE kind = 'letter' ORDER BY seq")).scalars()
        events = [orjson.loads(bytes(leaf)) for leaf in leaves]
    assert {event.get("envelope") for event in events if event["to"] == "queued"} == {None}
    assert {event["envelope"] for event in events if event["to"] in ("sending", "sent")} == {"rehearsal@anli.example"}
    assert problems(campaign) == []


@pytest.mark.parametrize("address", ["nobody", "a@b", "a@b.example, c@d.example", "a@b.example\nx", "甲@b.example"])
def test_a_test_address_that_is_none(program: Program, server: Behaviour, address: str) -> None:
    program.settings["ANLI_MAIL_TO"] = address
    ended = program.run("mail", "send")
    assert (ended.status, server.received) == (2, [])
    assert "ANLI_MAIL_TO" in ended.warned


@pytest.mark.parametrize("mail", ["smtp://mail.example", "smtps://user@mail.example:465", "smtp://10.0.0.1:25"])
def test_a_rehearsal_writes_to_no_real_unit(campaign: Campaign, program: Program, mail: str) -> None:
    program.settings["ANLI_MAIL"] = mail
    ended = program.run("mail", "send")
    assert ended.status == 1
    assert "ANLI_MAIL_TO" in ended.warned
    assert {letter["state"] for letter in letters(campaign)} == {"queued"}


def test_asked_to_stop_it_writes_no_report(campaign: Campaign, program: Program, server: Behaviour) -> None:
    server.refused[ADDRESSES[WUHAN]] = "550 no such user"
    server.slow = 0.3
    program.settings["ANLI_MAIL"] += "?connections=1"
    running = program.start("mail", "send", "--json")
    while "rcpt" not in server.steps:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGTERM)
    assert program.wait(running).status == REFUSED
    assert letters(campaign)[0]["state"] == "failed"
    assert reports(campaign) == []
    server.slow = 0.0
    program.run("mail", "send")
    assert [report["state"] for report in reports(campaign)] == ["sent"]
