"""Killed at any moment of a batch, the program leaves the whole batch or nothing, on both databases."""

import signal
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.builders.campaigns import FOUNDED, add_drafts, plain_drafts, problems, states
from tests.builders.effort import times
from tests.faults.program import Program, run_alone
from workflow import clock
from workflow.engine.campaign import Campaign

UNITS = ("武汉市", "黄石市", "十堰市", "襄阳市")
MANY = 500
BACK_AND_FORTH = {"drafted": ("recommend", "recommended"), "recommended": ("return", "drafted")}
TABLES = ("cases", "events", "letters", "batches", "forms", "submissions", "originals", "campaign", "staff")


def everything(campaign: Campaign) -> str:
    """One digest of all that is stored, once nobody writes any more."""
    digest = sha256()
    with campaign.writing() as (_, connection):
        for table in TABLES:
            key = "seq" if table == "events" else "account" if table == "staff" else "id"
            for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY {key}")):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def latest(campaign: Campaign) -> dict[str, Any]:
    """What is stored of the latest batch."""
    with campaign.reading() as connection:
        batch = connection.execute(text("SELECT * FROM batches ORDER BY id DESC LIMIT 1")).mappings().one()
        own = {"id": batch["id"]}
        kinds = text("SELECT kind, count(*) FROM events WHERE batch_id = :id GROUP BY kind ORDER BY kind")
        events = {row[0]: row[1] for row in connection.execute(kinds, own)}
        letters = connection.execute(text("SELECT count(*) FROM letters WHERE batch_id = :id"), own).scalar_one()
        return {**batch, "events": events, "letters": letters}


class Siege:
    """A batch of many cases, started again and again and killed each time."""

    def __init__(self, campaign: Campaign, program: Program) -> None:
        self.campaign, self.program = campaign, program
        add_drafts(campaign, plain_drafts(UNITS, MANY))
        self.before = everything(campaign)
        self.whole = self.nothing = 0

    def words(self) -> list[str]:
        (state,) = set(states(self.campaign).values())
        return ["advance", BACK_AND_FORTH[state][0], "--all", "--reason", "补充材料", "--yes", "--json"]

    def check(self) -> None:
        """The whole of the latest batch is there, or nothing of it; no state in between."""
        found = everything(self.campaign)
        if found == self.before:
            self.nothing += 1
            return
        self.whole += 1
        batch = latest(self.campaign)
        (state,) = set(states(self.campaign).values())
        assert BACK_AND_FORTH[state][0] != batch["trigger"]
        assert (batch["asked"], batch["moved"], batch["refused"]) == (MANY, MANY, 0)
        assert batch["events"] == {"batch": 1, "letter": len(UNITS), "move": MANY}
        assert batch["letters"] == len(UNITS)
        assert problems(self.campaign) == []
        self.before = found

    def survive(self) -> None:
        """The next command works, and finds the history in order."""
        ended = self.program.run(*self.words())
        assert ended.status == 0, ended.warned
        assert len(ended.answer()["moved"]) == MANY
        self.check()
        assert self.whole
        assert problems(self.campaign) == []


def spread(last: int, count: int) -> Sequence[int]:
    """Moments over the whole of a run, densest around its commit."""
    return sorted({*(1 + last * place // count for place in range(count)), *range(last - 4, last + 1)})


def test_at_every_kind_of_step(campaign: Campaign, program: Program) -> None:
    siege = Siege(campaign, program)
    ended, steps = program.count_steps(*siege.words())
    assert ended.status == 0
    siege.check()
    assert steps > 2 * MANY
    for fatal in spread(steps, times(14)):
        ended = program.run(*siege.words(), fatal=fatal)
        assert ended.status in (-signal.SIGKILL, 0), ended.warned
        siege.check()
    assert siege.nothing >= 10
    assert siege.whole >= 2
    siege.survive()


def test_at_any_time(campaign: Campaign, program: Program) -> None:
    siege = Siege(campaign, program)
    began = time.monotonic()
    assert program.run(*siege.words()).status == 0
    lasted = time.monotonic() - began
    siege.check()
    rounds = times(12)
    for place in range(rounds):
        running = program.start(*siege.words())
        time.sleep(lasted * 1.1 * place / rounds)
        program.kill(running)
        siege.check()
    assert siege.nothing + siege.whole == rounds + 1
    siege.survive()


@pytest.mark.parametrize("share", [0.9])
def test_as_a_process_of_its_own(campaign: Campaign, program: Program, database_url: str, share: float) -> None:
    siege = Siege(campaign, program)
    words = ("--db", database_url, "--now", clock.write(FOUNDED))
    began = time.monotonic()
    with run_alone(*words, *siege.words()) as process:
        assert process.wait() == 0
    lasted = time.monotonic() - began
    siege.check()
    with run_alone(*words, *siege.words()) as process:
        time.sleep(lasted * share)
        process.kill()
    siege.check()
    siege.survive()


def test_of_an_undo(campaign: Campaign, program: Program) -> None:
    siege = Siege(campaign, program)
    assert program.run(*siege.words()).status == 0
    siege.check()
    number = str(latest(campaign)["id"])
    words = ("undo", number, "--reason", "有误", "--json")
    before = everything(campaign)
    for fatal in (1, 10, 20, MANY, MANY + 30, 2 * MANY, 2 * MANY + 20):
        assert program.run(*words, fatal=fatal).status == -signal.SIGKILL
        assert everything(campaign) == before
    assert program.run(*words).status == 0
    assert set(states(campaign).values()) == {"drafted"}
    assert problems(campaign) == []


def test_of_the_founding(nursery: Any, database_url: str, tmp_path: Path) -> None:
    program = Program(nursery, tmp_path, ["--db", database_url])
    words = ("init", "--rehearsal", "--json")
    for fatal in (1, 5, 30, 60):
        assert program.run(*words, fatal=fatal).status == -signal.SIGKILL
        assert "anli init" in program.run("cases", "--json").warned
    assert program.run(*words).status == 0
    assert program.run("cases", "--json").answer() == []


def test_leaves_no_lock_behind(campaign: Campaign, program: Program) -> None:
    siege = Siege(campaign, program)
    stuck = [program.start(*siege.words(), fatal=fatal) for fatal in (30, MANY, MANY + 100)]
    assert [program.wait(running).status for running in stuck] == [-signal.SIGKILL] * 3
    siege.check()
    siege.survive()
