"""Mail servers that are away, refuse, hang up, want a rest."""

import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from notifications.outbox import Fate
from tests.builders.campaigns import FOUNDED, problems
from tests.builders.units import ADDRESSES, HUANGSHI, SHIYAN, WUHAN
from tests.faults.program import Program
from tests.faults.server import Behaviour, mail_server
from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.engine.undo import undo
from workflow.post.dispatch import _Dispatch

REFUSED = 3

pytestmark = pytest.mark.usefixtures("three_letters")


def letters(campaign: Campaign) -> dict[str, dict[str, Any]]:
    """The letters to units, without what the organisers are told of them."""
    query = text(
        "SELECT id, recipient, state, attempts, answer, sent_at, next_try, message_id FROM letters "
        "WHERE kind <> 'undelivered' ORDER BY id"
    )
    with campaign.reading() as connection:
        return {row["recipient"]: dict(row) for row in connection.execute(query).mappings()}


def states_of(campaign: Campaign) -> dict[str, str]:
    return {recipient: letter["state"] for recipient, letter in letters(campaign).items()}


def told(campaign: Campaign, message_id: str) -> list[str]:
    """What the history says became of a letter, in order."""
    with campaign.reading() as connection:
        leaves = connection.execute(text("SELECT leaf FROM events WHERE kind = 'letter' ORDER BY seq")).scalars()
        events = [orjson.loads(bytes(leaf)) for leaf in leaves]
    return [event["to"] for event in events if event["letter"] == message_id]


def test_all_is_sent_once(campaign: Campaign, program: Program, server: Behaviour) -> None:
    assert program.run("mail", "send", "--json").status == 0
    assert program.run("mail", "send", "--json").answer() == []
    kept = letters(campaign)
    assert {letter["state"] for letter in kept.values()} == {"sent"}
    assert sorted(server.message_ids()) == sorted(letter["message_id"] for letter in kept.values())
    assert told(campaign, kept[WUHAN]["message_id"]) == ["queued", "sending", "sent"]
    assert problems(campaign) == []


def test_a_dead_server_loses_nothing(campaign: Campaign, program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        program.settings["ANLI_MAIL"] = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        ended = program.run("mail", "send", "--json")
    assert ended.status == REFUSED
    assert "Traceback" not in ended.warned
    kept = letters(campaign)
    assert {letter["state"] for letter in kept.values()} == {"queued"}
    assert sum(bool(letter["answer"]) for letter in kept.values()) == 1
    assert problems(campaign) == []
    with mail_server() as (behaviour, address):
        program.settings["ANLI_MAIL"] = address
        assert len(program.run("mail", "send", "--json").answer()) == 2
        (waiting,) = program.run("mail", "list", "--state", "queued", "--json").answer()
        assert waiting["next_try"] > clock.show(FOUNDED)
        assert program.run("mail", "send", "--json").answer() == []
        assert program.run("mail", "retry", str(waiting["id"])).status == 0
        assert program.run("mail", "send", "--json").status == 0
        assert sorted(behaviour.message_ids()) == sorted(letter["message_id"] for letter in kept.values())
    retried = next(letter for letter in kept.values() if letter["answer"])
    assert told(campaign, retried["message_id"]) == ["queued", *["sending", "queued"], "queued", "sending", "sent"]
    assert {letter["state"] for letter in letters(campaign).values()} == {"sent"}
    assert problems(campaign) == []


@pytest.mark.parametrize("answer", ["550 no such user", "553 not a mailbox", "450 5.1.1 unknown"])
def test_one_refused_recipient_stops_no_other(
    campaign: Campaign, program: Program, server: Behaviour, answer: str
) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = answer
    assert program.run("mail", "send", "--json").status == REFUSED
    assert states_of(campaign) == {WUHAN: "sent", HUANGSHI: "failed", SHIYAN: "sent"}
    assert letters(campaign)[HUANGSHI]["answer"] == answer
    assert problems(campaign) == []


@pytest.mark.parametrize("answer", ["450 greylisted, try again later", "550 4.2.1 busy"])
def test_what_is_refused_for_now_is_tried_again_later_and_later_until_it_has_failed(
    campaign: Campaign, program_at: Callable[[datetime], Program], server: Behaviour, answer: str
) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = answer
    limits, now, waits = campaign.edition.mail.delivery, FOUNDED, []
    for tries in range(1, limits.tries + 1):
        program = program_at(now)
        program.settings["ANLI_MAIL"] = server.address
        assert program.run("mail", "send", "--json").status == REFUSED
        kept = letters(campaign)[HUANGSHI]
        assert (kept["answer"], kept["attempts"]) == (answer, tries)
        if kept["next_try"] is None:
            break
        assert kept["state"] == "queued"
        waits.append((clock.read(kept["next_try"]) - now).total_seconds())
        now = clock.read(kept["next_try"])
        if tries == 1:
            assert program.run("mail", "send", "--json").answer() == []
    assert states_of(campaign) == {WUHAN: "sent", HUANGSHI: "failed", SHIYAN: "sent"}
    assert len(waits) == limits.tries - 1
    for tried, wait in enumerate(waits):
        doubled = min(limits.first_wait_seconds * 2**tried, limits.longest_wait_seconds)
        assert 0.75 * doubled <= wait <= 1.25 * doubled
    assert problems(campaign) == []


def test_a_provider_that_wants_a_rest_is_left_in_peace(campaign: Campaign, program: Program, server: Behaviour) -> None:
    server.on_data = "550 Ip frequency limited"
    program.settings["ANLI_MAIL"] += "?connections=1"
    assert program.run("mail", "send", "--json").status == REFUSED
    assert len(server.received) == 1
    kept = letters(campaign)
    assert {letter["state"] for letter in kept.values()} == {"queued"}
    assert sorted(letter["answer"] for letter in kept.values()) == ["", "", server.on_data]
    server.on_data = "250 OK"
    assert len(program.run("mail", "send", "--json").answer()) == 2
    assert problems(campaign) == []


def test_a_letter_refused_for_now_and_then_overtaken_by_a_correction_is_not_sent(
    campaign: Campaign, program_at: Callable[[datetime], Program], server: Behaviour
) -> None:
    """It was under way when the batch was taken back, so that a correction was written."""
    with campaign.writing() as (_, connection):
        desk = _Dispatch(campaign, lambda _letter: None)
        batch = connection.execute(text("SELECT max(id) FROM batches")).scalar_one()
    claimed = desk.exchange([], 3)
    undo(campaign, batch, "盖章有误")
    states = ["deferred", "deferred", "released"]
    fates = zip(claimed, states, strict=True)
    desk.exchange([Fate(letter, state, "450 later" if state == "deferred" else "") for letter, state in fates], 0)
    program = program_at(FOUNDED + timedelta(hours=1))
    program.settings["ANLI_MAIL"] = server.address
    assert program.run("mail", "send", "--json").status == 0
    query = text("SELECT kind, state, count(*) FROM letters GROUP BY kind, state ORDER BY kind")
    with campaign.reading() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [
            ("corrected", "sent", 3),
            ("recommended", "cancelled", 3),
        ]
    assert problems(campaign) == []


def test_a_refusal_of_the_text_is_a_failure(campaign: Campaign, program: Program, server: Behaviour) -> None:
    server.on_data = "554 looks like spam"
    program.run("mail", "send")
    assert set(states_of(campaign).values()) == {"failed"}
    assert letters(campaign)[WUHAN]["answer"] == "554 looks like spam"


def test_a_server_that_hangs_up_after_the_text_leaves_it_unknown(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    server.hang_up_on = "data"
    assert program.run("mail", "send").status == REFUSED
    kept = letters(campaign)
    assert {letter["state"] for letter in kept.values()} == {"unknown"}
    assert problems(campaign) == []
    server.hang_up_on = None
    assert program.run("mail", "send", "--json").answer() == []
    assert program.run("mail", "retry", str(kept[WUHAN]["id"])).status == 0
    program.run("mail", "send")
    assert states_of(campaign) == {WUHAN: "sent", HUANGSHI: "unknown", SHIYAN: "unknown"}
    assert server.message_ids().count(kept[WUHAN]["message_id"]) == 2


def test_words_in_any_encoding_are_kept(campaign: Campaign, program: Program, server: Behaviour) -> None:
    server.encoding, server.on_data = "gb18030", "250 邮件已接收"
    assert program.run("mail", "send").status == 0
    assert letters(campaign)[WUHAN]["answer"] == "邮件已接收"
    assert problems(campaign) == []


def test_a_maildir_that_cannot_be_written_is_an_answer(campaign: Campaign, program: Program, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_bytes(b"")
    for place in ("a-file", "a-file/mail"):
        program.settings["ANLI_MAIL"] = f"maildir:{tmp_path / place}"
        ended = program.run("mail", "send", "--json")
        assert ended.status == REFUSED
        kept = letters(campaign)
        assert {letter["state"] for letter in kept.values()} == {"failed"}
        assert all(letter["answer"] for letter in kept.values())
        assert program.run("mail", "retry", *[str(letter["id"]) for letter in kept.values()]).status == 0
    program.settings["ANLI_MAIL"] = f"maildir:{tmp_path / 'box'}"
    assert program.run("mail", "send", "--json").status == 0
    assert len(list((tmp_path / "box" / "new").iterdir())) == 3
    assert problems(campaign) == []


@pytest.mark.parametrize("address", ["", "maildir:", "ftp://host", "smtp://user:secret@host", "smtp://", "smtp://h:x"])
def test_an_address_that_is_none_is_said_before_anything_is_claimed(
    campaign: Campaign, program: Program, address: str
) -> None:
    program.settings["ANLI_MAIL"] = address or "nothing"
    ended = program.run("mail", "send", "--json")
    assert ended.status == 2
    assert "secret" not in ended.warned
    assert set(states_of(campaign).values()) == {"queued"}


def test_a_secret_that_cannot_be_read_is_said_before_anything_is_claimed(
    campaign: Campaign, program: Program, tmp_path: Path, server: Behaviour
) -> None:
    program.settings["ANLI_MAIL_PASSWORD_FILE"] = str(tmp_path / "nowhere")
    assert program.run("mail", "send", "--json").status == 1
    assert set(states_of(campaign).values()) == {"queued"}
    assert server.received == []


def test_only_what_failed_or_is_unknown_is_sent_again(campaign: Campaign, program: Program, server: Behaviour) -> None:
    server.refused[ADDRESSES[WUHAN]] = "550 no"
    program.run("mail", "send")
    kept = letters(campaign)
    for ids in (["999"], [kept[HUANGSHI]["id"]], [kept[WUHAN]["id"], kept[HUANGSHI]["id"]]):
        ended = program.run("mail", "retry", *map(str, ids), "--json")
        assert ended.status == 1
        assert states_of(campaign) == {WUHAN: "failed", HUANGSHI: "sent", SHIYAN: "sent"}
    assert problems(campaign) == []
