"""Who may open what the program makes: its account alone, or the accounts of a group; tried as real accounts."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import MAILBOX
from tests.builders.accounts import LI, TOGETHER, WANG, account_of, open_house, program_of
from tests.faults.program import Program

STRANGER = 48_103


@pytest.fixture
def house() -> Iterator[Path]:
    """A folder of the group's, in which new files are the group's."""
    with open_house() as folder:
        shared = folder / "shared"
        shared.mkdir()
        os.chown(shared, LI, TOGETHER)
        shared.chmod(0o2770)
        yield shared


@pytest.fixture
def program(nursery: "subprocess.Popen[str]", house: Path) -> Callable[..., Program]:
    def of(uid: int, *groups: int) -> Program:
        return program_of(nursery, house, house / "anli.db", uid, groups)

    return of


def modes(folder: Path) -> dict[str, set[int]]:
    """The rights of files and of folders below, and of the folder itself."""
    below = [folder, *folder.rglob("*")]
    return {
        "files": {path.stat().st_mode & 0o7777 for path in below if path.is_file()},
        "folders": {path.stat().st_mode & 0o7777 for path in below if path.is_dir()},
    }


def test_two_organisers_share_a_campaign_and_nobody_else_reads_it(program: Callable[..., Program], house: Path) -> None:
    li, wang, stranger = program(LI, TOGETHER), program(WANG, TOGETHER), program(STRANGER)
    li.settings["ANLI_GROUP"] = str(TOGETHER)
    assert li.run("init", "--rehearsal").status == 0
    assert li.run("staff", "add", account_of(WANG), "organiser").status == 0
    del li.settings["ANLI_GROUP"]
    for each, mail in ((li, "08-jingzhou-again.eml"), (wang, "01-xiaogan.eml"), (li, "07-jingzhou-first.eml")):
        ended = each.run("intake", str(MAILBOX / mail))
        assert ended.status == 0, ended
    assert wang.run("audit", "redact", "2024-0001", "--originals", "--reason", "asked for").status == 0
    for each in (li, wang):
        assert each.run("audit", "verify").status == 0
    assert (house / "anli.db").stat().st_mode & 0o777 == 0o660
    assert modes(house / "anli.db-originals") == {"files": {0o440}, "folders": {0o2770}}
    ended = stranger.run("cases")
    assert ended.status == 1
    assert ended.said == ""
    with_group = program(STRANGER, TOGETHER).run("cases")
    assert with_group.status == 1
    assert "organiser" in with_group.warned or "auditor" in with_group.warned


def test_without_a_group_all_is_for_its_account_alone(program: Callable[..., Program], house: Path) -> None:
    li, wang = program(LI, TOGETHER), program(WANG, TOGETHER)
    assert li.run("init", "--rehearsal").status == 0
    assert li.run("intake", str(MAILBOX / "08-jingzhou-again.eml")).status == 0
    assert (house / "anli.db").stat().st_mode & 0o777 == 0o600
    found = modes(house / "anli.db-originals")
    assert {mode & 0o777 for mode in found["files"]} == {0o400}
    assert {mode & 0o777 for mode in found["folders"]} == {0o700}
    ended = wang.run("cases")
    assert ended.status == 1
    assert "this account may not use" in ended.warned


def test_a_group_needs_a_folder_in_which_files_are_its_own(program: Callable[..., Program], house: Path) -> None:
    li = program(LI, TOGETHER)
    for group, said in (("no-such-group", "has no group"), (str(TOGETHER), "chmod 2770")):
        house.chmod(0o770)
        li.settings["ANLI_GROUP"] = group
        ended = li.run("init", "--rehearsal")
        assert ended.status == 1
        assert said in ended.warned
        assert not (house / "anli.db").exists()
