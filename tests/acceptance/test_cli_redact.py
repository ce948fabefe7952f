"""Erasing personal data by command: what it prints, what it refuses, and what the other commands say afterwards."""

from pathlib import Path

import pytest

from tests.acceptance.program import MAILBOX, Program
from tests.architecture.command_reference import PRINTS


@pytest.fixture
def program(tmp_path: Path) -> Program:
    program = Program(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}", language="en")
    assert program("init", "--rehearsal").status == 0
    assert program("intake", MAILBOX / "08-jingzhou-again.eml").status == 0
    return program


def test_a_field_is_erased_and_all_pages_say_so(program: Program) -> None:
    phone = program.json("show", "2024-0001")["contact_phone"]
    assert phone
    words = ("audit", "redact", "2024-0001", "--field", "contact_phone", "--reason", "asked for")
    answer = program.json(*words)
    assert sorted(answer) == sorted(PRINTS["audit redact"][1])
    assert (answer["fields"], answer["forms"], answer["originals_erased"]) == (["contact_phone"], [1], [])
    assert {each["role"] for each in answer["originals"]} == {"mail", "form", "scan", "report"}
    assert program.json("show", "2024-0001")["contact_phone"] is None
    for page in (("show", "2024-0001"), ("audit", "log"), ("audit", "log", "--kind", "redaction")):
        done = program(*page)
        assert done.status == 0
        assert phone not in done.out
        assert "asked for" in done.out
    verified = program.json("audit", "verify")
    assert (verified["ok"], verified["erased"]) == (True, {"fields": 1, "originals": 0})
    done = program(*words)
    assert done.status == 1
    assert "erased before" in done.err


def test_originals_go_where_asked(program: Program) -> None:
    answer = program.json("audit", "redact", "2024-0001", "--reason", "asked for", "--originals")
    assert answer["originals"] == []
    assert len(answer["originals_erased"]) == 4
    verified = program.json("audit", "verify")
    assert (verified["ok"], verified["erased"]) == (True, {"fields": 3, "originals": 4})
    assert "originals 4" in program("audit", "verify").out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["2024-0001"], 2, "--reason"),
        (["2024-0001", "--reason", "x", "--field", "name"], 2, "contact_phone"),
        (["2024-0099", "--reason", "x"], 1, "2024-0099"),
        (["--reason", "x"], 2, "CASE"),
    ],
)
def test_what_is_refused(program: Program, words: list[str], status: int, said: str) -> None:
    done = program("audit", "redact", *words)
    assert done.status == status
    assert said in done.err
