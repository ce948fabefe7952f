"""Several clocks over one database, killed and started again: each deadline fires once."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders.campaigns import add_drafts, found_rehearsal, move, plain_drafts, problems, states
from tests.builders.clockwork import OPENING, letters, local
from tests.builders.history import read_fields
from tests.faults.program import ROOT, Program, environment, run_alone
from workflow import clock
from workflow.engine.campaign import Campaign

SEASON = local(12, 2) - OPENING
LASTS = 12.0
"""Real seconds that the simulated season takes."""


@pytest.fixture
def season(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """A campaign with drafts of four units, of which half are recommended."""
    campaign = found_rehearsal(database_url, tmp_path, now=OPENING)
    ordinals = add_drafts(campaign, plain_drafts(("武汉市", "黄石市", "十堰市", "襄阳市"), 12))
    move(campaign, "recommend", ordinals[::2])
    yield campaign
    campaign.engine.dispose()


def start(database_url: str, folder: Path, began: str) -> "subprocess.Popen[str]":
    speed = str(SEASON.total_seconds() / LASTS)
    words = [sys.executable, "-W", "error", "-m", "tests.faults.watcher", database_url, str(folder), began, speed]
    return subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(), cwd=ROOT
    )


def fired(campaign: Campaign) -> int:
    with campaign.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM firings")).scalar_one())


def test_many_clocks_killed_at_random_fire_each_deadline_once(
    season: Campaign, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(5)
    expected = len(season.edition.deadlines)
    began = clock.write(clock.now())
    watchers = [start(database_url, tmp_path, began) for _ in range(2 if "sqlite" in database_url else 3)]
    killed = 0
    patience = time.monotonic() + 120
    while fired(season) < expected and time.monotonic() < patience:
        time.sleep(chance.uniform(0.4, 1.4))
        unlucky = chance.randrange(len(watchers))
        watchers[unlucky].kill()
        _, said = watchers[unlucky].communicate()
        assert "Traceback" not in said, said
        watchers[unlucky] = start(database_url, tmp_path, began)
        killed += 1
    for watcher in watchers:
        watcher.terminate()
    for watcher in watchers:
        _, said = watcher.communicate()
        assert "Traceback" not in said, said
    assert killed > 3
    check(season)


def check(campaign: Campaign) -> None:
    """The whole season fired, each deadline once, no letter twice, and the history agrees."""
    names = Counter(deadline.name for deadline in campaign.edition.deadlines)
    with campaign.reading() as connection:
        assert Counter(event["deadline"] for event in read_fields(connection, kind="firing")) == names
        batches = {row[0]: row[1] for row in connection.execute(text("SELECT batch_id, deadline FROM firings"))}
    written = Counter(
        (batches[row["batch_id"]], row["recipient"]) for row in letters(campaign) if row["batch_id"] in batches
    )
    assert set(written.values()) == {1}
    assert set(states(campaign).values()) == {"lapsed", "declined"}
    with campaign.reading() as connection:
        moved = Counter(event["case"] for event in read_fields(connection, kind="move") if "due" in event)
    assert len(moved) == 12
    assert set(moved.values()) == {1}
    assert problems(campaign) == []


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_watch_tells_each_firing_in_a_line_and_ends_cleanly(
    season: Campaign, database_url: str, stop: signal.Signals
) -> None:
    moment = clock.write(local(5, 28, 9) - timedelta(seconds=2))
    with run_alone("--db", database_url, "--now", moment, "watch") as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        process.send_signal(stop)
        rest, said = process.communicate(timeout=30)
        assert (process.returncode, rest, said) == (0, "", "")
    assert (line["deadline"], line["letters"]) == ("notice-issued", len(season.edition.units))
    assert clock.read(line["at"]) >= local(5, 28, 9)


def test_killed_at_any_step_a_tick_leaves_each_deadline_whole_or_unfired(
    season: Campaign, program_at: Callable[[datetime], Program]
) -> None:
    program = program_at(local(7, 20))
    for fatal in (20, 60, 100, 150, 200, 260, 320, 400):
        ended = program.run("tick", "--json", fatal=fatal)
        assert ended.status in (-signal.SIGKILL, 0), ended.warned
        with season.reading() as connection:
            rows = connection.execute(text("SELECT batch_id FROM firings")).scalars().all()
            told = [event["batch"] for event in read_fields(connection, kind="firing")]
        assert sorted(rows) == told
        assert problems(season) == []
    assert program.run("tick", "--json").status == 0
    assert [state for state in states(season).values() if state == "drafted"] == []
