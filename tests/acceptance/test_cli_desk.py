"""What waits for a person is listed with its command, and each command settles it."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.acceptance.program import MAILBOX, Program


def begun(folder: Path, database: str, *mails: str, language: str = "zh") -> Program:
    """A rehearsal with some of the sample mails taken in."""
    anli = Program(folder, database, language=language)
    assert anli("init", "--rehearsal").status == 0
    anli.json("intake", *(MAILBOX / f"{mail}.eml" for mail in mails))
    return anli


def kinds(todo: Sequence[dict[str, Any]]) -> list[tuple[str, int | None]]:
    return [(each["kind"], each["submission"]) for each in todo]


def test_the_tray_lists_what_waits_with_its_command(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "11-unknown-sender", "12-question", "05-news-site")
    todo = anli.json("todo")
    assert [list(each) for each in todo] == [["kind", "since", "submission", "case", "message", "command"]] * len(todo)
    assert kinds(todo) == [("set-aside", 1), ("set-aside", 2), ("doubt", 3)]
    unknown, question, stamp = todo
    assert unknown["command"] == "anli settle 1 --unit 单位 --reason 理由"
    assert question["command"] == "anli settle 2 --nothing-to-do --reason 理由"
    assert stamp["case"] is None
    assert "附件5" in stamp["message"]
    assert [each["submission"] for each in anli.json("submissions")] == [1, 2, 3]
    assert anli("todo").out.rstrip().endswith("待处理事项共3项")
    assert "anli settle 1 --unit UNIT --reason TEXT" in anli("--lang", "en", "todo").out


def test_a_case_that_two_units_sent_waits_for_the_later_one(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "03-wuhan-limits", "04-province-education")
    [twice] = [each for each in anli.json("todo") if each["kind"] == "other-route"]
    assert twice["message"]
    words = shlex.split(twice["command"])[1:]
    assert words[:3] == ["advance", "withdraw", twice["case"]]
    assert anli(*words, "--yes").status == 0
    assert "other-route" not in {each["kind"] for each in anli.json("todo")}


def test_intake_shows_who_waits_and_counts_the_rest(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    mails = [MAILBOX / "05-news-site.eml", MAILBOX / "12-question.eml"]
    shown = anli("intake", *mails).out
    assert "12-question.eml" in shown
    assert "05-news-site.eml" not in shown
    assert shown.splitlines()[-1] == "共处理邮件2封：待人工处理 1、已登记 1；有待处理的1封，见 anli todo"
    again = anli("intake", *mails, "--long").out
    assert "05-news-site.eml" in again
    assert again.splitlines()[-1] == "共处理邮件2封：重复邮件 2"
