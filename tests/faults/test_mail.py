"""Mail servers that are away, refuse, hang up; a process that dies between claiming a letter and marking it."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from tests.builders.campaigns import add_drafts, plain_drafts, problems
from tests.faults.program import Program
from tests.faults.server import Behaviour, mail_server
from workflow.engine.campaign import Campaign

WUHAN, HUANGSHI, SHIYAN = "武汉市", "黄石市", "十堰市"
ADDRESSES = {WUHAN: "wxb@wuhan.example", HUANGSHI: "wxb@huangshi.example", SHIYAN: "wxb@shiyan.example"}
REFUSED = 3


@pytest.fixture
def server(program: Program) -> Iterator[Behaviour]:
    with mail_server() as (behaviour, address):
        program.settings["ANLI_MAIL"] = address
        yield behaviour


@pytest.fixture(autouse=True)
def _three_letters(campaign: Campaign, program: Program) -> None:
    add_drafts(campaign, plain_drafts(list(ADDRESSES), 3))
    assert program.run("advance", "recommend", "--all", "--yes").status == 0


def letters(campaign: Campaign) -> dict[str, dict[str, Any]]:
    query = "SELECT id, recipient, state, attempts, answer, sent_at, message_id FROM letters ORDER BY id"
    with campaign.reading() as connection:
        return {row["recipient"]: dict(row) for row in connection.execute(text(query)).mappings()}


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
    assert {letter["state"] for letter in kept.values()} == {"failed"}
    assert all(letter["answer"] and letter["attempts"] == 1 for letter in kept.values())
    assert problems(campaign) == []
    with mail_server() as (behaviour, address):
        program.settings["ANLI_MAIL"] = address
        assert program.run("mail", "send", "--json").answer() == []
        assert program.run("mail", "retry", *[str(letter["id"]) for letter in kept.values()]).status == 0
        assert program.run("mail", "send", "--json").status == 0
        assert sorted(behaviour.message_ids()) == sorted(letter["message_id"] for letter in kept.values())
    assert {(letter["state"], letter["attempts"]) for letter in letters(campaign).values()} == {("sent", 2)}
    assert told(campaign, kept[WUHAN]["message_id"]) == ["queued", "sending", "failed", "queued", "sending", "sent"]
    assert problems(campaign) == []


@pytest.mark.parametrize("answer", ["550 no such user", "450 greylisted, try again later", "553 rate limited"])
def test_one_refused_recipient_stops_no_other(
    campaign: Campaign, program: Program, server: Behaviour, answer: str
) -> None:
    server.refused[ADDRESSES[HUANGSHI]] = answer
    assert program.run("mail", "send", "--json").status == REFUSED
    assert states_of(campaign) == {WUHAN: "sent", HUANGSHI: "failed", SHIYAN: "sent"}
    assert letters(campaign)[HUANGSHI]["answer"] == answer
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


def test_a_process_killed_while_sending_leaves_letters_to_be_seen(
    campaign: Campaign, program: Program, server: Behaviour
) -> None:
    ended, steps = program.count_steps("mail", "send", "--json")
    assert ended.status == 0
    first = letters(campaign)
    seen: set[tuple[str, int]] = set()
    for fatal in sorted({*range(1, steps + 1, 3), steps - 1, steps}):
        retried = [str(letter["id"]) for letter in letters(campaign).values()]
        _queue_again(campaign, retried)
        before = len(server.received)
        assert program.run("mail", "send", "--json", fatal=fatal).status in (-signal.SIGKILL, 0)
        (state,) = set(states_of(campaign).values())
        went_out = len(server.received) - before
        assert (state, went_out) in {("queued", 0), ("sending", 0), ("sending", 3), ("sent", 3)}
        first_time = (state, went_out) not in seen
        seen.add((state, went_out))
        if state == "sending" and first_time:
            assert program.run("mail", "send", "--json").answer() == []
            listed = program.run("mail", "list", "--state", "sending", "--json").answer()
            assert len(listed) == 3
            assert program.run("mail", "retry", *retried).status == 0
            assert program.run("mail", "send").status == 0
            assert set(states_of(campaign).values()) == {"sent"}
    assert {("queued", 0), ("sending", 3), ("sent", 3)} <= seen
    identities = {letter["message_id"] for letter in first.values()}
    assert set(server.message_ids()) == identities


def _queue_again(campaign: Campaign, ids: list[str]) -> None:
    with campaign.writing() as (_, connection):
        connection.execute(text(f"UPDATE letters SET state = 'queued', sent_at = NULL WHERE id IN ({','.join(ids)})"))


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
