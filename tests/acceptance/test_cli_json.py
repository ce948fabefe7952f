"""--json on every command: one document on standard output, with the keys that the reference promises."""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.acceptance.program import MAILBOX, Program
from tests.architecture.command_reference import PRINTS, REASON

JULY = "2024-07-10T00:00:00+08:00"
ELSEWHERE = {
    *("demo", "tick", "watch", "doctor", "rehearse", "staff add", "db grant", "db backup", "db restore"),
    *("mail bounces", "settle", "correct", "swap", "papers", "audit set-clock"),
    *("calendar show", "calendar extend", "calendar export"),
    *("audit keygen", "audit checkpoint", "audit prove", "audit consistency", "audit export", "audit redact"),
}
"""Commands whose documents have tests of their own."""

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")


class Clerk:
    """Runs commands and holds every document against the reference."""

    def __init__(self, anli: Program) -> None:
        self.anli, self.seen = anli, set[str]()

    def ask(self, command: str, *words: str | Path, status: int = 0, now: str | None = None) -> Any:
        moment = {"ANLI_NOW": now} if now else {}
        document = self.anli.json(*command.split(), *words, status=status, **moment)
        form, keys = PRINTS[command]
        assert isinstance(document, list) is (form == "list")
        for entry in document if isinstance(document, list) else [document]:
            assert set(keys) <= set(entry), command
        self.seen.add(command)
        check_values(document)
        return document


def check_values(value: Any, key: str = "") -> None:
    """Moments are RFC 3339 with a zone; every reason has its code, clause, sentence and values."""
    if isinstance(value, dict):
        for name, each in value.items():
            check_values(each, name)
    elif isinstance(value, list):
        if key in {"reasons", "problems"}:
            assert all(set(REASON) <= set(reason) for reason in value if "code" in reason)
            assert all("reason." not in reason["message"] and "{" not in reason["message"] for reason in value)
        for each in value:
            check_values(each)
    elif key in {"at", "received_at", "queued_at", "sent_at", "due"} and value is not None:
        assert MOMENT.fullmatch(value), f"{key}: {value}"
        assert datetime.fromisoformat(value).tzinfo is not None


def fill(sheet: Path, **answers: str) -> None:
    """Fill every row of a template with the same answers."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    places = {name.split()[0]: place for place, name in enumerate(heading)}
    for row in rows:
        row.extend([""] * (len(heading) - len(row)))
        for name, answer in answers.items():
            row[places[name]] = answer
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heading, *rows])


def test_every_command_prints_what_the_reference_promises(tmp_path: Path, database_url: str) -> None:
    clerk = Clerk(Program(tmp_path, database_url, language="en"))
    founded = clerk.ask("init", "--rehearsal")
    assert founded["rehearsal"] is True
    assert "+" not in founded["database"].partition("://")[0]
    mails = [MAILBOX / name for name in ("01-xiaogan.eml", "03-wuhan-limits.eml", "12-question.eml")]
    clerk.ask("intake", *mails)
    clerk.ask("submissions")
    clerk.ask("todo")
    assert "organiser" in {member["role"] for member in clerk.ask("staff list")}
    listed = clerk.ask("cases")
    assert [case["id"] for case in listed] == sorted(case["id"] for case in listed)
    clerk.ask("explain", "2024-0006", "recommend")
    clerk.ask("advance", "recommend", "--all", "--plan", tmp_path / "plan.json", status=3)
    batch = clerk.ask("apply", tmp_path / "plan.json", status=3)["batch"]
    clerk.ask("undo", str(batch), "--reason", "pressed too early")
    clerk.ask("advance", "recommend", "--unit", "孝感市", "--yes")
    shown = clerk.ask("show", "2024-0001")
    assert [event["kind"] for event in shown["history"]] == ["draft", "move", "move", "move"]
    told = clerk.ask("history", "2024-0001")
    assert [event["kind"] for event in told["events"] if "case" in event] == ["draft", "move", "move", "move"]
    letters = clerk.ask("mail list")
    clerk.ask("mail preview", str(letters[0]["id"]))
    clerk.ask("mail templates check")
    clerk.ask("mail hold", str(letters[0]["id"]))
    assert [letter["held"] for letter in clerk.ask("mail list")] == [True, *[False] * (len(letters) - 1)]
    clerk.ask("mail release", str(letters[0]["id"]))
    clerk.ask("mail cancel", str(letters[0]["id"]), "--reason", "told by telephone")
    begun = clerk.ask("mail pause", "--reason", "wrong figures")
    assert clerk.anli.json("doctor", status=4)["mail_paused"] == begun
    assert clerk.anli("mail", "send", "--json").status == 1
    assert clerk.ask("mail resume") == begun
    clerk.ask("mail send")
    events = clerk.ask("audit log")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    clerk.ask("audit as-of", "2024-06-29T12:00:00+08:00", "2024-0001")
    sheets_and_the_ranking(clerk, tmp_path)
    then = clerk.anli.json("audit", "as-of", JULY, "--ranking")
    assert [row["case"] for row in then["ranking"]] == [row["case"] for row in clerk.ask("ranking")]
    changed = clerk.ask("audit diff", "2024-06-01T00:00:00Z", JULY)
    assert {case["case"] for case in changed["cases"]} == {case["id"] for case in listed}
    filters = [
        "--unit",
        "孝感市",
        "--kind",
        "move",
        "--outcome",
        "moved",
        "--since",
        "2024-06-01",
        "--until",
        "2024-07-10",
    ]
    assert clerk.ask("audit log", *filters)
    assert clerk.ask("audit verify")["ok"] is True
    clerk.ask("db upgrade")
    assert clerk.seen | {"mail retry"} == set(PRINTS) - ELSEWHERE


def sheets_and_the_ranking(clerk: Clerk, folder: Path) -> None:
    sheet = folder / "reviews.csv"
    assert clerk.ask("review template", sheet, now=JULY)["cases"] == 5
    met = {f"standard_{number}": "yes" for number in range(1, 6)}
    span = {"implemented_from": "2022-03", "implemented_until": "2024-05"}
    fill(sheet, reviewer="甲", mainly_hubei="yes", **met, **span)
    assert clerk.ask("review import", sheet, now=JULY)["accepted"] == 5
    for name, more in (("scores", {"judge": "乙", "score": "90"}), ("surveys", {"mode": "online", "verified": "yes"})):
        sheet = folder / f"{name}.csv"
        clerk.ask(f"{name} template", sheet, now=JULY)
        with sheet.open("a", encoding="utf-8") as file:
            file.write("2024-0001\n")
        fill(sheet, **more)
        refused = clerk.ask(f"{name} import", sheet, status=3, now=JULY)
        [row] = refused["refused"]
        assert "wrong-state" in {reason["code"] for reason in row["reasons"]}
    clerk.ask("ranking")


def test_the_demo_sums_its_season_up(tmp_path: Path) -> None:
    anli = Program(tmp_path, "sqlite:///unused.db", now=None)
    document = anli.json("demo", "--keep", tmp_path / "season", "--cases", "1")
    assert set(PRINTS["demo"][1]) <= set(document)
    assert document["audit"]["ok"] is True
    assert not (tmp_path / "unused.db").exists()


@pytest.mark.parametrize("words", [["show", "2024-0001"], ["cases", "--category", "x"], ["apply", "nothing"]])
def test_a_complaint_leaves_standard_output_empty(tmp_path: Path, words: list[str]) -> None:
    done = Program(tmp_path, "sqlite:///anli.db")(*words, "--json")
    assert done.status in (1, 2)
    assert done.out == ""
    assert done.err.startswith("错误：")
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(done.err)
