"""What a command does while it does it is told only to those who ask, and never where an answer is read."""

import re
from pathlib import Path

import pytest

from tests.acceptance.program import MAILBOX, Program

LINE = re.compile(r"\d\d:\d\d:\d\d (.+)")


@pytest.fixture
def anli(tmp_path: Path) -> Program:
    anli = Program(tmp_path, "sqlite:///anli.db", language="en")
    anli.json("init", "--rehearsal")
    return anli


def told(anli: Program, *words: str | Path, **environment: str) -> list[str]:
    done = anli("--verbose", *words, "--json", **environment)
    assert done.status == 0
    assert done.out.startswith(("{", "["))
    lines = [LINE.fullmatch(line) for line in done.err.splitlines()]
    assert all(lines), done.err
    return [line[1] for line in lines if line]


def test_intake_and_delivery_tell_what_they_do(anli: Program) -> None:
    file = MAILBOX / "08-jingzhou-again.eml"
    assert told(anli, "intake", file) == [
        f"reading {file} ({file.stat().st_size} bytes)",
        f"{file.name}: taken; cases: 1",
    ]
    assert told(anli, "mail", "send", ANLI_LANG="zh") == [
        "正在发送第 1 封信，收件地址 wxb@jingzhou.example",
        "第 1 封信：已发",
    ]


def test_without_the_switch_nothing_is_told(anli: Program) -> None:
    for words in (["intake", MAILBOX / "08-jingzhou-again.eml"], ["mail", "send"]):
        done = anli(*words, "--json")
        assert (done.status, done.err) == (0, "")
