"""Letters that came back, by the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.program import Program
from tests.architecture.command_reference import PRINTS
from tests.builders.mails import mail
from tests.builders.reports import coremail, exchange, postfix, report

LATER = "2024-06-30T00:00:00+08:00"


@pytest.fixture
def anli(tmp_path: Path, database_url: str) -> Program:
    """A rehearsal whose receipts are out."""
    anli = Program(tmp_path, database_url, language="en").start()
    assert {letter["state"] for letter in anli.json("mail", "send")} == {"sent"}
    return anli


def letters(anli: Program) -> list[dict[str, Any]]:
    found = anli.json("mail", "list")
    return [letter | {"message_id": message_id(anli, letter["id"])} for letter in found]


def message_id(anli: Program, letter: int) -> str:
    return str(anli.json("mail", "preview", str(letter))["headers"]["Message-ID"])


def keep(folder: Path, *mails: bytes) -> Path:
    """A Maildir with these mails."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for place, raw in enumerate(mails, 1):
        (folder / "new" / f"{place}.mail").write_bytes(raw)
    return folder


def test_bounces_are_read_marked_and_told(anli: Program, tmp_path: Path) -> None:
    first, second = letters(anli)
    box = keep(
        tmp_path / "box",
        exchange(first["message_id"], first["to"]),
        report(second["message_id"], second["to"], "delayed", "4.4.1", identity="late"),
        mail(),
    )
    read = anli.json("mail", "bounces", box)
    assert [set(each) for each in read] == [set(PRINTS["mail bounces"][1])] * 2
    assert [(each["letter"], each["outcome"], each["state"]) for each in read] == [
        (first["id"], "bounced", "bounced"),
        (second["id"], "noted", "sent"),
    ]
    assert (read[0]["file"], read[0]["to"], read[0]["status"]) == ("1.mail", first["to"], "5.1.10")
    assert [each["outcome"] for each in anli.json("mail", "bounces", box)] == ["repeated", "repeated"]
    assert [letter["id"] for letter in anli.json("mail", "list", "--state", "bounced")] == [first["id"]]
    (event,) = anli.json("audit", "log", "--kind", "bounce", "--outcome", "bounced")
    assert (event["letter"], event["status"], event["action"]) == (first["message_id"], "5.1.10", "failed")
    assert [each["outcome"] for each in anli.json("audit", "log", "--outcome", "noted")] == ["noted"]
    assert anli.json("audit", "verify")["ok"] is True
    said = anli("mail", "bounces", box).out
    assert "reports: 2 (read before 2)" in said
    assert first["to"] in said


def test_what_cannot_be_used_is_listed_and_refused(anli: Program, tmp_path: Path) -> None:
    first = letters(anli)[0]
    box = keep(
        tmp_path / "box",
        report("<stranger@anli.example>", first["to"]),
        postfix(first["message_id"], first["to"]).replace(b"message/delivery-status", b"text/html"),
    )
    read = anli.json("mail", "bounces", box, status=3)
    assert [(each["letter"], each["outcome"]) for each in read] == [(None, "unknown"), (first["id"], "unknown")]
    assert {letter["state"] for letter in anli.json("mail", "list")} == {"sent"}
    assert anli("mail", "bounces", tmp_path / "nothing").status == 1
    assert anli.json("mail", "bounces", keep(tmp_path / "empty")) == []


def test_the_next_batch_says_which_letters_will_not_arrive(anli: Program, tmp_path: Path) -> None:
    first = next(letter for letter in letters(anli) if letter["to"] == "wxb@xiaogan.example")
    anli.json("mail", "bounces", keep(tmp_path / "box", postfix(first["message_id"], first["to"])))
    proposed = anli.json("advance", "recommend", "--unit", "孝感市", "--dry-run")
    (letter,) = proposed["letters"]
    assert letter["bounced"] == {"letter": first["id"], "answer": f'5.1.1 unknown user: "{first["to"]}"'}
    shown = anli("advance", "recommend", "--unit", "孝感市", "--dry-run").out
    assert "have come back" in shown
    assert anli.json("advance", "recommend", "--unit", "孝感市", "--yes")["letters"][0]["bounced"] == letter["bounced"]
    health = anli("doctor", "--json")
    assert f'"address":"{first["to"]}"' in health.out.replace('": ', '":')
    assert "have come back" in anli("doctor").out
    (queued,) = anli.json("mail", "list", "--state", "queued")
    assert queued["bounced"] == letter["bounced"]
    assert "have come back" in anli("mail", "list", "--state", "queued").out
    assert anli.json("mail", "preview", str(queued["id"]))["bounced"] == letter["bounced"]
    anli.json("mail", "send", ANLI_NOW=LATER)
    after = anli.json("mail", "list", ANLI_NOW=LATER)
    assert [letter["bounced"] for letter in after] == [None] * 4
    assert after[-1]["kind"] == "undelivered"
    assert "have come back" not in anli("doctor", ANLI_NOW=LATER).out


def test_a_letter_that_came_back_is_sent_again_on_a_persons_word(anli: Program, tmp_path: Path) -> None:
    first = letters(anli)[0]
    box = keep(tmp_path / "box", postfix(first["message_id"], first["to"]))
    anli.json("mail", "bounces", box)
    assert [letter["state"] for letter in anli.json("mail", "retry", str(first["id"]))] == ["queued"]
    assert anli.json("mail", "send")[0]["state"] == "sent"
    assert [each["outcome"] for each in anli.json("mail", "bounces", box)] == ["repeated"]
    assert anli.json("audit", "verify")["ok"] is True


def test_intake_says_where_a_report_belongs(anli: Program, tmp_path: Path) -> None:
    first = letters(anli)[0]
    file = tmp_path / "report.eml"
    file.write_bytes(postfix(first["message_id"], first["to"]))
    (taken,) = anli.json("intake", file)["submissions"]
    assert (taken["status"], [reason["code"] for reason in taken["reasons"]]) == ("set-aside", ["delivery-report"])
    assert "anli mail bounces" in taken["reasons"][0]["message"]


def test_a_notice_in_no_reports_shape_marks_its_letter(anli: Program, tmp_path: Path) -> None:
    first, _ = letters(anli)
    box = keep(tmp_path / "box", coremail(first["message_id"], first["to"]))
    (read,) = anli.json("mail", "bounces", box)
    assert (read["letter"], read["outcome"], read["status"]) == (first["id"], "bounced", "5.0.0")
    assert "收件人邮件地址不存在" in read["words"]
