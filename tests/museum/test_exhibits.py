"""Campaigns that earlier programs kept: today's opens them, finds them whole, and goes on with them.

Every folder beside this file that is named by a version is an exhibit, made by the script that bears its name.
Everything goes through the command line, for that is what those who keep a campaign have in common with later programs.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.acceptance.program import Outcome, Program

MUSEUM = Path(__file__).parent
EXHIBITS = sorted(folder.parent for folder in MUSEUM.glob("*/sqlite"))
BUNDLES = sorted(MUSEUM.glob("*/*/bundle"))
OLD_CHECKPOINTS = ("checkpoint-june.txt", "checkpoint.txt")


class Curator(Program):
    """The program, run by the exhibit's organiser."""

    known_as = ("organiser", "museum")

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, str(MUSEUM / "curator.py"), *map(str, words)]

    def __call__(self, *words: str | Path, heard: str | None = "", **environment: str) -> Outcome:
        if "MUSEUM_LATER" in self.environment:
            return self.run_alone(*words, heard=heard, **environment)
        return super().__call__(*words, heard=heard, **environment)

    def verify(self, *checkpoints: str) -> dict[str, Any]:
        words = [word for file in checkpoints for word in ("--checkpoint", file)]
        verified = self.json("audit", "verify", "--key", "anli.key.pub", *words)
        assert isinstance(verified, dict)
        assert (verified["ok"], verified["problems"]) == (True, [])
        return verified

    def states(self) -> dict[str, str]:
        return {case["id"]: case["state"] for case in self.json("cases")}


class Kept(NamedTuple):
    """A copy of an exhibit, and what is written beside it: when it stands, how many events, where each case."""

    anli: Curator
    stands_at: datetime
    events: int
    cases: dict[str, str]


@pytest.fixture(params=EXHIBITS, ids=lambda folder: folder.name)
def kept(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Kept:
    """A copy in the test's own folder and database, an hour after the exhibit was made, brought to today's shape."""
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    shutil.copytree(request.param / kind, tmp_path, dirs_exist_ok=True)
    (tmp_path / "anli.key").chmod(0o600)
    if kind == "sqlite":
        (tmp_path / "anli.db").write_bytes(gzip.decompress((tmp_path / "anli.db.gz").read_bytes()))
    else:
        restore(tmp_path / "anli.sql.gz", database_url)
    described = json.loads((tmp_path / "exhibit.json").read_text(encoding="utf-8"))
    stands_at = datetime.fromisoformat(described.pop("stands_at"))
    anli = Curator(tmp_path, database_url, (stands_at + timedelta(hours=1)).isoformat(), "en")
    anli.environment |= {
        "ANLI_ORIGINALS": str(tmp_path / "originals"),
        "ANLI_SIGNING_KEY": str(tmp_path / "anli.key"),
        "ANLI_MAIL": f"maildir:{tmp_path / 'letters'}",
    }
    upgraded = anli("db", "upgrade")
    assert upgraded.status == 0, upgraded
    return Kept(anli, stands_at, **described)


def restore(dump: Path, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(gzip.decompress(dump.read_bytes()))


def test_it_is_whole_and_stands_as_it_was_left(kept: Kept) -> None:
    verified = kept.anli.verify(*OLD_CHECKPOINTS)
    assert verified["events"] == kept.events
    assert kept.anli.states() == kept.cases
    events = kept.anli.json("audit", "log")
    assert [event["seq"] for event in events] == list(range(1, kept.events + 1))


def test_an_upgrade_is_needed_once(kept: Kept) -> None:
    before = kept.anli.verify()["root"]
    assert kept.anli("db", "upgrade").status == 0
    assert kept.anli.verify()["root"] == before


def test_old_plans_apply_or_are_refused_by_their_own_sentence(kept: Kept) -> None:
    stale = kept.anli("apply", "stale.plan", "--json")
    assert says_why(stale)
    assert kept.anli.verify()["events"] == kept.events
    ready = kept.anli("apply", "ready.plan", "--json")
    if says_why(ready):
        assert kept.anli.states() == kept.cases
        return
    assert ready.status == 0, ready
    moved = {move["case"]: move["to"] for move in json.loads(ready.out)["moved"]}
    promised = json.loads((kept.anli.folder / "ready.plan").read_bytes())["moves"]
    assert moved == {move["case"]: move["to"] for move in promised} != {}
    assert kept.anli.states() == kept.cases | moved
    kept.anli.verify(*OLD_CHECKPOINTS)


def says_why(applied: Outcome) -> bool:
    """Whether a plan was refused by the sentence of a stale plan or of one that cannot be used."""
    if applied.status != 1:
        return False
    assert applied.out == ""
    assert "the plan is stale" in applied.err or "is no usable plan" in applied.err, applied.err
    return True


def test_it_plays_on(kept: Kept) -> None:
    anli = kept.anli
    (taken,) = anli.json("intake", "next.eml")["submissions"]
    (new,) = taken["cases"]
    assert (taken["status"], new) == ("taken", f"2024-{len(kept.cases) + 1:04d}")
    ((case, state),) = [pair for pair in kept.cases.items() if pair[1] == "recommended"]
    batch = anli.json("advance", "withdraw", case, "--reason", "单位来函", "--yes")
    assert [(move["case"], move["from"], move["to"]) for move in batch["moved"]] == [(case, state, "withdrawn")]
    undone = anli.json("undo", str(batch["batch"]), "--reason", "误操作")
    assert [(move["case"], move["to"]) for move in undone["moved"]] == [(case, state)]
    assert anli.states() == kept.cases | {new: "drafted"}

    sent = anli.json("mail", "send")
    assert {letter["state"] for letter in sent} == {"sent"}
    assert new in {number for letter in sent for number in letter["cases"]}
    assert len(list((anli.folder / "letters" / "new").iterdir())) == len(sent)

    assert anli("audit", "checkpoint", "checkpoint-today.txt").status == 0
    assert anli.verify(*OLD_CHECKPOINTS, "checkpoint-today.txt")["events"] > kept.events
    assert anli("audit", "consistency", "checkpoint.txt", "checkpoint-today.txt").status == 0
    assert anli("audit", "export", "handed").status == 0
    assert "WRONG" not in check(anli.folder / "handed", anli.folder / "checkpoint.txt")


def test_it_plays_on_under_a_law_with_one_more_state(kept: Kept) -> None:
    anli = kept.anli
    anli.environment["MUSEUM_LATER"] = "yes"
    assert anli.verify(*OLD_CHECKPOINTS)["events"] == kept.events
    case = next(case for case, state in kept.cases.items() if state == "recommended")
    asked = anli.json("advance", "hear", case, "--yes", status=3)
    assert [reason["code"] for reason in asked["refused"][0]["reasons"]] == ["not-in-this-course"]
    assert anli.json("advance", "withdraw", case, "--reason", "单位来函", "--yes")["moved"]
    anli.environment["ANLI_NOW"] = "2024-10-09T09:00:00+08:00"
    assert anli.json("tick")["fired"]
    selected = [case for case, state in kept.cases.items() if state == "selected"]
    assert len(anli.json("advance", "archive", *selected, "--yes")["moved"]) == len(selected) > 0
    del anli.environment["MUSEUM_LATER"]
    anli.verify(*OLD_CHECKPOINTS)


def test_the_clock_goes_on_into_the_third_phase(kept: Kept) -> None:
    kept.anli.environment["ANLI_NOW"] = "2024-10-09T09:00:00+08:00"
    fired = kept.anli.json("tick")["fired"]
    assert {"selection-closed", "phase-two-sealed", "results-announced"} <= {firing["deadline"] for firing in fired}
    selected = [case for case, state in kept.cases.items() if state == "selected"]
    assert kept.anli("advance", "archive", *selected, "--yes").status == 0
    assert kept.anli.states() | dict.fromkeys(selected, "archived") == kept.anli.states()
    kept.anli.verify(*OLD_CHECKPOINTS)


def test_who_had_no_part_in_it_still_has_none(kept: Kept) -> None:
    kept.anli.known_as = ("stranger", "museum")
    done = kept.anli("advance", "recommend", "--all", "--yes")
    assert done.status == 1
    assert "organiser" in done.err


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda folder: folder.parts[-3])
def test_an_old_bundle_still_passes_its_own_program(bundle: Path) -> None:
    said = check(bundle, bundle.parent / "checkpoint-june.txt")
    assert "WRONG" not in said
    assert "signed by the public key" in said


def check(bundle: Path, *words: Path) -> str:
    """What the bundle's own program says of it, with nothing of ours in reach."""
    command = [sys.executable, "-I", "-B", str(bundle / "verify.py"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=dict(os.environ))
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout
