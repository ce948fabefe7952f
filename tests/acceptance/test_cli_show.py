"""``anli show`` prints what a case says, and opens one of its documents where somebody can look at it."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.program import Program

CASE = "2024-0001"


@pytest.fixture
def anli(tmp_path: Path, database_url: str) -> Program:
    return Program(tmp_path, database_url).start()


def picture_of(anli: Program) -> dict[str, Any]:
    (picture,) = [each for each in anli.json("show", CASE)["documents"] if each["role"] == "picture"]
    return dict(picture)


def test_the_page_holds_the_summary_and_all_of_the_content(anli: Program) -> None:
    case = anli.json("show", CASE)
    assert [section["heading"] for section in case["sections"]] == [
        "一、背景意义", "二、创新做法", "三、实施成效", "四、经验启示",
    ]  # fmt: skip
    page = "".join(anli("show", CASE).out.split())
    for line in (case["summary"], *case["content"].split("\n")):
        assert "".join(line.split()) in page


def test_without_a_terminal_the_path_is_said(anli: Program, tmp_path: Path) -> None:
    picture = picture_of(anli)
    for word in (picture["filename"], picture["sha256"][:8]):
        answer = anli.json("show", CASE, "--open", word)
        assert (answer["opened"], answer["sha256"]) == (False, picture["sha256"])
        assert (tmp_path / answer["file"]).stat().st_size == picture["size"]
    assert picture["sha256"] in anli("show", CASE, "--open", picture["filename"]).out


def test_a_document_that_is_not_there_is_answered_with_those_that_are(anli: Program) -> None:
    refused = anli("show", CASE, "--open", "nothing.pdf")
    assert refused.status == 2
    assert picture_of(anli)["filename"] in refused.err
    assert anli("show", "2024-0999", "--open", "nothing.pdf").status == 1


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="xdg-open is the opener of Linux alone")
def test_at_a_terminal_a_copy_is_opened_under_its_name(anli: Program, tmp_path: Path) -> None:
    picture, asked, opener = picture_of(anli), tmp_path / "asked", tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\ncp "$1" "{asked}"; printf %s "$1" > "{asked}.name"\n', "utf-8")
    opener.chmod(0o755)
    (tmp_path / "copies").mkdir()
    desk = {"PATH": f"{opener.parent}:{os.environ['PATH']}", "DISPLAY": ":0", "TMPDIR": str(tmp_path / "copies")}
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            anli.command("show", CASE, "--open", picture["sha256"]),
            cwd=tmp_path,
            env={**anli.environment, **desk},
            stdout=theirs,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert (done.returncode, done.stderr) == (0, b"")
    assert asked.stat().st_size == picture["size"]
    opened = Path(asked.with_suffix(".name").read_text("utf-8"))
    assert opened.suffix == ".jpg"
    assert opened.is_relative_to(tmp_path / "copies")
    assert opened.parent.stat().st_mode & 0o077 == 0
