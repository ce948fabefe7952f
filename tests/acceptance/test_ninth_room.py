"""A later program has one more state: its own campaigns use it, and those made without it live on as they were."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.acceptance.program import Outcome, Program
from tests.builders.campaigns import add_drafts, bring, found_rehearsal, plain_drafts, sheet
from workflow.edition import find

SURVEY_WINDOW = '[windows.survey]\nphase = "two"\nclause = "四 第二阶段"\n'
SEPTEMBER = "2024-09-20T10:00:00+08:00"


class LaterProgram(Program):
    """The program with a ninth room; its originals lie where the campaign was made."""

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "tests.builders.ninth_room", *map(str, words)]

    def __call__(self, *words: str | Path, heard: str | None = "", **environment: str) -> Outcome:
        """Never forked from a process that has read this program."""
        return self.run_alone(*words, heard=heard, **environment)

    def run(self, *words: str | Path) -> str:
        """What a script of its own prints."""
        words = (sys.executable, *map(str, words))
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


@pytest.fixture
def later(tmp_path: Path, database_url: str) -> LaterProgram:
    program = LaterProgram(tmp_path, database_url, SEPTEMBER)
    program.environment |= {"ANLI_ORIGINALS": str(tmp_path / "originals"), "ANLI_MAIL": f"maildir:{tmp_path / 'mail'}"}
    return program


def states(program: Program) -> dict[str, str]:
    return {case["id"]: case["state"] for case in program.json("cases")}


def codes(verdict: Mapping[str, Any]) -> list[str]:
    return [reason["code"] for reason in verdict["reasons"]]


def test_a_campaign_made_without_the_room_opens_verifies_and_moves_on(
    later: LaterProgram, database_url: str, tmp_path: Path
) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    heard = add_drafts(campaign, plain_drafts(["武汉市"], 3))[:2]
    bring(campaign, heard, "presented", tmp_path).engine.dispose()

    assert later.json("audit", "verify")["ok"]
    refused = later("explain", "2024-0001", "hear", "--json")
    assert "not-in-this-course" in refused.out
    asked = later.json("advance", "hear", "--all", "--yes", status=3)
    assert asked["moved"] == []
    assert [(each["case"], codes(each)) for each in asked["refused"]] == [
        ("2024-0001", ["not-in-this-course"]),
        ("2024-0002", ["not-in-this-course"]),
    ]
    surveys = sheet(tmp_path, ["case", "mode", "verified", "surveyor"], [["2024-0001", "online", "yes", "调研人"]])
    assert later.json("surveys", "import", surveys)["accepted"] == 1
    moved = later.json("advance", "survey", "--all", "--yes", status=3)
    assert moved["moved"] == [{"case": "2024-0001", "from": "presented", "to": "surveyed"}]
    assert later.json("undo", str(moved["batch"]), "--reason", "复核")["moved"]
    assert later.json("advance", "survey", "2024-0001", "--yes")["moved"]
    until = "2024-10-18T18:00:00+08:00"
    assert later.json("calendar", "extend", "select", "--until", until, "--reason", "延期")["postponed"]
    assert later.json("advance", "select", "2024-0001", "--yes")["moved"]
    assert later.json("tick")["fired"]
    assert [row["state"] for row in later.json("ranking")] == ["selected", "presented"]
    assert states(later) == {"2024-0001": "selected", "2024-0002": "presented", "2024-0003": "lapsed"}
    assert later.json("audit", "verify")["ok"]


def test_a_rule_book_without_the_window_founds_nothing_new(tmp_path: Path) -> None:
    done = LaterProgram(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}")("init", "--rehearsal")
    assert done.status == 1
    assert "windows.hear" in done.err
    assert not (tmp_path / "anli.db").exists()


SEASON = """
from tests.builders.ninth_room import become_later
become_later()
import sys
from datetime import UTC, datetime
from pathlib import Path
from tests.builders.campaigns import add_drafts, at, bring, found_rehearsal, move, plain_drafts
from workflow.edition import find
url, folder, rules = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
campaign = found_rehearsal(url, folder, find(rules))
campaign = bring(campaign, add_drafts(campaign, plain_drafts(["武汉市"], 2)), "presented", folder)
"""


def test_a_campaign_made_with_the_room_uses_it(later: LaterProgram, database_url: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    source = find("hubei-2024").source.decode()
    assert SURVEY_WINDOW in source
    rules.write_text(
        source.replace(SURVEY_WINDOW, f"{SURVEY_WINDOW.replace('survey', 'hear')}\n{SURVEY_WINDOW}"), "utf-8"
    )
    later.run("-c", SEASON, database_url, tmp_path, rules)

    early = later.json("explain", "2024-0001", "survey")
    assert codes(early) == ["wrong-state"]
    assert early["reasons"][0]["values"]["states"] == ["heard"]
    moved = later.json("advance", "听证", "2024-0001", "--yes")
    assert moved["moved"] == [{"case": "2024-0001", "from": "presented", "to": "heard"}]
    assert len(moved["letters"]) == 1
    assert [case["id"] for case in later.json("cases", "--state", "已听证")] == ["2024-0001"]
    assert "已听证" in later("cases").out
    assert [row["state"] for row in later.json("ranking")] == ["heard", "presented"]
    scores = sheet(tmp_path, ["case", "judge", "score"], [["2024-0001", "评委乙", "90"]])
    assert later.json("scores", "import", scores)["accepted"] == 1
    assert later.json("surveys", "template", tmp_path / "asked.csv")
    assert "2024-0001" in (tmp_path / "asked.csv").read_text("utf-8-sig")
    surveys = sheet(tmp_path, ["case", "mode", "verified", "surveyor"], [["2024-0001", "online", "yes", "调研人"]])
    assert later.json("surveys", "import", surveys)["accepted"] == 1
    assert later.json("advance", "decline", "2024-0002", "--reason", "复核", "--yes")["moved"]
    assert later.json("advance", "survey", "--all", "--yes")["moved"][0]["from"] == "heard"
    assert later.json("audit", "verify")["ok"]


DERIVED = """
from tests.builders.ninth_room import become_later
become_later()
import json
from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel
import workflow.store
from workflow.edition.calendar import SPANS
from workflow.screens.floor_plan import write_states_page
checks = [each for each in SQLModel.metadata.tables["cases"].constraints if isinstance(each, CheckConstraint)]
checks = {str(each.name): str(each.sqltext) for each in checks}
print(json.dumps({"checks": checks, "spans": SPANS, "page": write_states_page()}))
"""


def test_tables_and_pages_follow(tmp_path: Path) -> None:
    derived = orjson.loads(LaterProgram(tmp_path, "").run("-c", DERIVED))
    place = "'presented', 'heard', 'surveyed', 'selected', 'archived'"
    assert derived["checks"]["case_scored"] == f"state NOT IN ({place}) OR scores > 0"
    assert f"'shortlisted', {place}, 'declined') OR recommended_at" in derived["checks"]["case_recommended"]
    assert f"{place}, 'lapsed'" in derived["checks"]["case_state"]
    assert f"'shortlisted', {place}) OR review_id" in derived["checks"]["case_reviewed"]
    assert "heard" not in derived["checks"]["case_surveyed"] + derived["checks"]["case_placed"]
    assert "hear" in derived["spans"]
    for line in (
        'state "heard 已听证" as heard',
        "presented --> heard: hear",
        "heard --> surveyed: survey",
        "| `heard` | 已听证 | Heard | held | ranked | scores, surveys |",
        "| `hear` 听证 | `presented` | `heard` | `hear` | `presented` |",
    ):
        assert line in derived["page"]
