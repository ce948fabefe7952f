"""Nothing overwrites what it did not write: every command that writes a file is pointed at others' files."""

import ast
from pathlib import Path

import pytest

from tests.builders.campaigns import Draft, add_drafts, plain_drafts
from tests.faults.program import ROOT, Program
from workflow.engine.campaign import Campaign

ERROR = 1
WRITING = (
    "audit prove 1 FILE",
    "audit checkpoint FILE",
    "audit keygen FILE",
    "calendar export FILE",
    "calendar show --svg FILE",
    "calendar show --html FILE",
    "advance recommend --all --plan FILE",
    "review template FILE.csv",
    "scores template FILE.xlsx",
    "surveys template FILE.csv",
    "mail preview 1 --html FILE",
    "audit export FILE",
    "db backup FILE",
)
AGAIN = ("calendar export FILE", "calendar show --svg FILE", "calendar show --html FILE", WRITING[6])
"""Of these a later file of the same kind takes the earlier one's place."""

KEPT = ("not overwritten", "not empty", "never takes the place of another")
"""How a command says that it left the file alone."""

OWN = {
    "workflow/new_file.py",
    "workflow/audit/tlog/key.py",
    "workflow/engine/backup.py",
    "workflow/publish/bundle/folder.py",
    "workflow/publish/bundle/page.py",
    "workflow/publish/bundle/sheets.py",
    "workflow/store/onlooker.py",
    "workflow/store/originals.py",
    "workflow/intake/converter.py",
    "workflow/intake/reading.py",
    "workflow/intake/seven_zip.py",
}
"""What writes otherwise: into a folder that it has just made, a file that is made anew or not at all, or a
switch of the system's."""


@pytest.fixture
def season(campaign: Campaign, program: Program) -> Program:
    add_drafts(campaign, plain_drafts(["武汉市"], 3))
    assert program.run("advance", "recommend", "--all", "--yes").status == 0
    add_drafts(campaign, [Draft("黄石市", "另一案例")])
    assert program.run("audit", "keygen", "anli.key").status == 0
    program.settings["ANLI_SIGNING_KEY"] = "anli.key"
    assert program.run("audit", "checkpoint", "first.txt").status == 0
    return program


def words_of(command: str, file: str) -> list[str]:
    """The command's words, and the file with the ending that it asks for."""
    return [word.replace("FILE", file) for word in command.split()]


def test_no_command_writes_over_anothers_file(season: Program, tmp_path: Path) -> None:
    contents = (b"From: someone\n\n13800000000", b"", b"SQLite format 3\0" + bytes(4096))
    for command in WRITING:
        for place, content in enumerate(contents):
            words = words_of(command, f"{command.replace(' ', '-').partition('FILE')[0]}{place}")
            file = tmp_path / next(word for word, asked in zip(words, command.split(), strict=True) if "FILE" in asked)
            file.write_bytes(content)
            before = sorted(tmp_path.iterdir())
            ended = season.run(*words)
            assert ended.status == ERROR, (words, ended)
            assert any(said in ended.warned for said in KEPT), (words, ended)
            assert file.read_bytes() == content
            left = {path.name for path in set(tmp_path.iterdir()) - set(before)}
            assert not {name for name in left if not name.startswith(("command-", "anli.db-"))}, words


@pytest.mark.parametrize("command", WRITING[:-2])
def test_a_new_file_is_written(season: Program, tmp_path: Path, command: str) -> None:
    words = words_of(command, "new")
    assert season.run(*words).status == 0
    (made,) = [path for path in tmp_path.iterdir() if path.stem == "new" and path.suffix != ".pub"]
    assert made.stat().st_size > 0
    again = season.run(*words)
    if command in AGAIN:
        assert season.run("calendar", "extend", "archive", "--until", "2025-01-31", "--reason", "later").status == 0
        assert season.run(*words).status == 0
    else:
        assert again.status in {0, ERROR}


def test_a_public_key_beside_is_kept(season: Program, tmp_path: Path) -> None:
    (tmp_path / "other.key.pub").write_text("somebody's", encoding="utf-8")
    ended = season.run("audit", "keygen", "other.key")
    assert ended.status == ERROR
    assert (tmp_path / "other.key.pub").read_text(encoding="utf-8") == "somebody's"
    assert not (tmp_path / "other.key").exists()


def writes(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            modes = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if node.func.attr in {"write_text", "write_bytes"}:
                return True
            if node.func.attr in {"open", "fdopen"} and any(set(mode) & set("wax+") for mode in modes if len(mode) < 4):
                return True
    return False


def test_whatever_writes_a_file_writes_it_by_the_one_helper() -> None:
    """The demo makes a folder of its own."""
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "workflow").rglob("*.py")
        if "demo" not in path.parts and path.name != "verify.py" and writes(ast.parse(path.read_text("utf-8")))
    }
    assert found == OWN
