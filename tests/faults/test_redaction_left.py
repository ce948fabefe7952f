"""What an erasure could not yet make go is said, with the command that finishes it."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.program import MAILBOX
from tests.builders.accounts import LI, open_house, program_of
from tests.builders.campaigns import add_drafts, plain_drafts
from tests.faults.program import Program
from workflow.engine.campaign import Campaign

REFUSED = 3


def test_files_that_cannot_be_deleted_are_named_until_they_are(nursery: "subprocess.Popen[str]") -> None:
    with open_house() as house:
        house.chmod(0o777)
        program = program_of(nursery, house, house / "anli.db", LI)
        assert program.run("init", "--rehearsal").status == 0
        assert program.run("intake", str(MAILBOX / "08-jingzhou-again.eml")).status == 0
        folders = [path for path in (house / "anli.db-originals").iterdir() if len(path.name) == 2]
        for folder in folders:
            folder.chmod(0o500)
        words = ("audit", "redact", "2024-0001", "--originals", "--reason", "asked for")
        ended = program.run(*words, "--json")
        assert ended.status == REFUSED
        answer = ended.answer()
        assert len(answer["originals_left"]) == 4
        assert (answer["originals_erased"], answer["fields"] != []) == ([], True)
        verified = program.run("audit", "verify", "--json").answer()
        assert {problem["what"] for problem in verified["problems"]} == {"original-unerased"}
        assert "audit redact 2024-0001 --originals" in program.run(*words).said
        for folder in folders:
            folder.chmod(0o700)
        finished = program.run(*words, "--json")
        assert (finished.status, len(finished.answer()["originals_erased"])) == (0, 4)
        assert program.run("audit", "verify").status == 0


def test_while_somebody_reads_on_the_number_stands_in_the_file(
    campaign: Campaign, program: Program, tmp_path: Path
) -> None:
    if campaign.engine.dialect.name != "sqlite":
        pytest.skip("a server has no file to look into")
    add_drafts(campaign, plain_drafts(["武汉市"], 1))
    with campaign.reading() as connection:
        phone = str(connection.exec_driver_sql("SELECT contact_phone FROM personal").scalar_one()).encode()
    campaign.engine.dispose()

    def stands() -> bool:
        return any(phone in path.read_bytes() for path in tmp_path.glob("anli.db*") if path.is_file())

    reader = sqlite3.connect(tmp_path / "anli.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM personal").fetchone()
    ended = program.run("audit", "redact", "2024-0001", "--reason", "asked for")
    assert ended.status == REFUSED
    assert "still reads the database" in ended.said
    assert stands()
    reader.close()
    assert program.run("db", "upgrade").status == 0
    assert not stands()
    assert program.run("audit", "verify").status == 0
