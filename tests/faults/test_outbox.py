"""Senders that die, that are stopped, that are many: no letter is lost, none is sent twice behind anybody's back."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from notifications.outbox import LAPSED, Fate
from tests.builders.campaigns import FOUNDED, add_drafts, at, plain_drafts, problems
from tests.builders.effort import times
from tests.builders.outbox import write_letters
from tests.faults.program import Program
from tests.faults.server import Behaviour, mail_server
from workflow.engine.campaign import Campaign
from workflow.post.dispatch import _Dispatch
from workflow.post.handling import retry

UNITS = ("武汉市", "黄石市", "十堰市")
BACK_AND_FORTH = {"drafted": "recommend", "recommended": "return"}
LATER = timedelta(minutes=20)
"""More than a lease."""
REFUSED = 3


@pytest.fixture
def server() -> Iterator[Behaviour]:
    with mail_server() as (behaviour, address):
        behaviour.address = address
        yield behaviour


def letters(campaign: Campaign, since: int = 0) -> list[dict[str, Any]]:
    query = text("SELECT id, state, attempts, tries, answer, message_id FROM letters WHERE id > :since ORDER BY id")
    with campaign.reading() as connection:
        return [dict(row) for row in connection.execute(query, {"since": since}).mappings()]


def states(campaign: Campaign) -> Counter[str]:
    return Counter(letter["state"] for letter in letters(campaign))


class Post:
    """A campaign whose letters are sent by programs that are killed, and sent again."""

    def __init__(self, campaign: Campaign, program_at: Callable[[datetime], Program], server: Behaviour) -> None:
        self.campaign, self.program_at, self.server, self.now = campaign, program_at, server, FOUNDED
        add_drafts(campaign, plain_drafts(UNITS, 3))
        self.endings: Counter[tuple[str, int]] = Counter()

    def program(self) -> Program:
        program = self.program_at(self.now)
        program.settings["ANLI_MAIL"] = self.server.address
        return program

    def write(self) -> int:
        """Queue three letters; the number of the last before them."""
        before = letters(self.campaign)
        with self.campaign.reading() as connection:
            state = connection.execute(text("SELECT min(state) FROM cases")).scalar_one()
        assert self.program().run("advance", BACK_AND_FORTH[state], "--all", "--yes", "--reason", "x").status == 0
        return before[-1]["id"] if before else 0

    def check(self, since: int) -> None:
        """What is queued has not gone out, what is sent went out once; what was under way only a person sends again."""
        arrived = Counter(self.server.message_ids())
        for letter in letters(self.campaign, since):
            state, count = letter["state"], arrived[letter["message_id"]]
            self.endings[state, count] += 1
            assert (state, count) in {("queued", 0), ("sending", 0), ("sending", 1), ("sent", 1)}
        under_way = {letter["id"] for letter in letters(self.campaign, since) if letter["state"] == "sending"}
        self.now += LATER
        ended = self.program().run("mail", "send", "--json")
        assert ended.status == (REFUSED if under_way else 0), ended.warned
        again = Counter(self.server.message_ids())
        for letter in letters(self.campaign, since):
            assert letter["state"] == ("unknown" if letter["id"] in under_way else "sent")
            was = arrived[letter["message_id"]]
            assert again[letter["message_id"]] == (was if letter["id"] in under_way else 1)
        if under_way:
            retry(at(self.campaign, self.now), sorted(under_way))
            assert self.program().run("mail", "send").status == 0
            last = Counter(self.server.message_ids())
            for letter in letters(self.campaign, since):
                assert last[letter["message_id"]] == again[letter["message_id"]] + (letter["id"] in under_way)


def test_killed_at_any_step_nothing_is_lost_and_nothing_repeated_unasked(
    campaign: Campaign, program_at: Callable[[datetime], Program], server: Behaviour
) -> None:
    post = Post(campaign, program_at, server)
    post.write()
    ended, steps = post.program().count_steps("mail", "send", "--json")
    assert ended.status == 0
    for fatal in _spread(steps, times(8)):
        post.now += LATER
        since = post.write()
        assert post.program().run("mail", "send", "--json", fatal=fatal).status in (-signal.SIGKILL, 0)
        post.check(since)
    assert {("queued", 0), ("sending", 1), ("sent", 1)} <= post.endings.keys()
    assert problems(campaign) == []


def test_a_killed_maildir_sender_leaves_in_doubt_only_what_it_may_have_handed_over(
    campaign: Campaign, program_at: Callable[[datetime], Program], tmp_path: Path
) -> None:
    write_letters(campaign, 60)
    moment = FOUNDED
    for fatal in (40, 70, 100, 130, 0):
        moment += LATER
        sender = program_at(moment)
        sender.settings["ANLI_MAIL"] = f"maildir:{tmp_path / 'box'}"
        sender.run("mail", "send", fatal=fatal)
        found = Counter(letter["state"] for letter in letters(campaign))
        assert found["sending"] <= 1, (fatal, found)
        arrived = len(list((tmp_path / "box" / "new").glob("*")))
        assert found["sent"] <= arrived <= found["sent"] + found["unknown"] + found["sending"], (fatal, found)
    assert found["queued"] == found["sending"] == 0
    assert problems(campaign) == []


def _spread(last: int, count: int) -> Sequence[int]:
    return sorted({*(1 + last * place // count for place in range(count)), last - 2, last})


def test_killed_while_the_server_listens(
    campaign: Campaign, program_at: Callable[[datetime], Program], server: Behaviour
) -> None:
    post = Post(campaign, program_at, server)
    for step in ("mail", "rcpt", "data", "dot"):
        post.now += LATER
        since = post.write()
        server.steps.clear()
        server.faults[step] = "hang"
        running = post.program().start("mail", "send", "--json")
        while step not in server.steps:
            time.sleep(0.01)
        post.program().kill(running)
        post.check(since)
    assert problems(campaign) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_what_is_under_way(
    campaign: Campaign, program: Program, server: Behaviour, number: signal.Signals
) -> None:
    write_letters(campaign, 40)
    program.settings["ANLI_MAIL"] = f"{server.address}?connections=2"
    server.slow = 0.05
    running = program.start("mail", "send", "--json")
    while len(server.received) < 5:
        time.sleep(0.01)
    os.kill(running.pid, number)
    ended = program.wait(running)
    assert ended.status == REFUSED
    assert "Traceback" not in ended.warned
    found = states(campaign)
    assert set(found) == {"sent", "queued"}
    assert found["sent"] == len(server.received) < 40
    assert {letter["tries"] for letter in letters(campaign) if letter["state"] == "queued"} == {0}
    server.slow = 0.0
    assert program.run("mail", "send", "--json").status == 0
    assert set(Counter(server.message_ids()).values()) == {1}
    assert states(campaign) == {"sent": 40}
    assert problems(campaign) == []


def test_ten_senders_share_the_work(campaign: Campaign, program: Program, server: Behaviour) -> None:
    count = 600
    write_letters(campaign, count)
    program.settings["ANLI_MAIL"] = server.address
    running = [program.start("mail", "send", "--json") for _ in range(10)]
    ended = [program.wait(each) for each in running]
    assert {each.status for each in ended} == {0}, [each.warned for each in ended]
    assert states(campaign) == {"sent": count}
    assert sum(len(each.answer()) for each in ended) == count
    arrived = Counter(server.message_ids())
    assert (len(arrived), set(arrived.values())) == (count, {1})
    assert {letter["attempts"] for letter in letters(campaign)} == {1}
    assert problems(campaign) == []


def test_a_sender_whose_lease_ended_has_no_more_say(campaign: Campaign) -> None:
    write_letters(campaign, 2)
    slow = _Dispatch(campaign, lambda _letter: None)
    first, second = slow.exchange([], 2)
    assert _Dispatch(campaign, lambda _letter: None).exchange([], 2) == []
    later = at(campaign, FOUNDED + LATER)
    assert slow.may_start(first)
    assert not _Dispatch(later, lambda _letter: None).may_start(first)
    other = _Dispatch(later, lambda _letter: None)
    assert other.exchange([], 2) == []
    assert [each.state for each in other.reported] == ["unknown", "unknown"]
    assert {(letter["state"], letter["answer"]) for letter in letters(campaign)} == {("unknown", LAPSED)}
    slow.exchange([Fate(first, "sent", "250 OK")], 0)
    assert states(campaign) == {"unknown": 2}
    retry(later, [first.id])
    (anew,) = other.exchange([], 2)
    assert (anew.id, anew.message, anew.message_id) == (first.id, first.message, first.message_id)
    slow.exchange([Fate(first, "failed", "550 no"), Fate(second, "sent", "250 OK")], 0)
    assert states(campaign) == {"sending": 1, "unknown": 1}
    other.exchange([Fate(anew, "sent", "250 OK")], 0)
    assert states(campaign) == {"sent": 1, "unknown": 1}
    assert problems(campaign) == []
