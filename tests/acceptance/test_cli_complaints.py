"""Whatever is typed, the answer is a sentence in the reader's language, never a traceback."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.program import MAILBOX, Program

NOTHING = "sqlite:///anli.db"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
KEY = re.compile(r"\b(?:error|help|usage|reason|problem|column)\.[a-z-]+")
USAGE = [
    ["nonsense"],
    ["mail"],
    ["mail", "nonsense"],
    ["--lang", "fr", "cases"],
    ["--json", "cases"],
    ["--now", "yesterday", "cases"],
    ["--nonsense"],
    ["--db", "postgresql://nobody:hidden@127.0.0.1:1/nothing", "cases"],
    ["cases", "--lang", "zh"],
    ["cases", "--nonsense"],
    ["cases", "more", "words"],
    ["cases", "--state"],
    ["cases", "--json=1"],
    ["cases", "--category", "first"],
    ["undo", "0", "--reason", "x"],
    ["undo", "last", "--reason", "x"],
    ["mail", "preview", "99999999999999999999"],
    ["show"],
]
FAILING = [
    ["cases"],
    ["apply", "nothing.json"],
    ["--db", "nonsense", "cases"],
    ["--db", "sqlite:///folder", "cases"],
    ["--db", "sqlite:///nowhere/anli.db", "init"],
    ["--db", "sqlite:///binary", "cases"],
    ["--db", "postgresql://nobody@127.0.0.1:1/nothing", "cases"],
    ["init", "--edition", "nothing"],
    ["init", "--edition", "binary"],
    ["init", "--edition", "folder"],
]
REFUSED_BY_A_CAMPAIGN = [
    (1, ["init"]),
    (1, ["show", "2024-9999"]),
    (1, ["show", "x" * 50_000]),
    (1, ["undo", "99", "--reason", "x"]),
    (1, ["apply", "binary"]),
    (1, ["apply", "folder"]),
    (1, ["intake", "nothing"]),
    (1, ["intake", "binary"]),
    (1, ["mail", "preview", "99"]),
    (1, ["review", "import", "binary"]),
    (1, ["scores", "import", "folder"]),
    (1, ["surveys", "template", "nowhere/sheet.csv"]),
    (1, ["audit", "log", "--case", "2024-9999"]),
    (1, ["advance", "recommend", "2024-9999", "--yes"]),
    (2, ["advance", "recommend"]),
    (2, ["advance", "jump", "--all"]),
    (2, ["advance", "recommend", "--all", "--yes", "--reason", "\udcff"]),
    (2, ["cases", "--unit", "火星"]),
    (2, ["cases", "--state", "lost"]),
    (2, ["cases", "--category", "7"]),
    (2, ["mail", "list", "--state", "lost"]),
    (2, ["submissions", "--status", "lost"]),
    (2, ["audit", "log", "--kind", "lost"]),
    (2, ["audit", "as-of", "yesterday"]),
    (2, ["review", "template", "sheet.txt"]),
]


@pytest.fixture
def anli(tmp_path: Path) -> Program:
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "folder").mkdir()
    return Program(tmp_path, NOTHING)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "binary").write_bytes(bytes(range(256)) * 8)
    (folder / "folder").mkdir()
    program = Program(folder, f"sqlite:///{folder / 'anli.db'}")
    assert program("init", "--rehearsal").status == 0
    assert program("intake", MAILBOX / "05-news-site.eml").status == 0
    return program


def is_a_sentence(said: str, language: str) -> bool:
    return bool(said.strip()) and not KEY.search(said) and bool(CHINESE.search(said)) is (language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_wrong_words_are_wrong_usage(anli: Program, words: list[str], language: str) -> None:
    done = anli(*words, ANLI_LANG=language)
    assert (done.status, done.out) == (2, "")
    assert is_a_sentence(done.err, "zh" if words[:2] == ["cases", "--lang"] else language), done.err


@pytest.mark.parametrize("words", FAILING, ids=" ".join)
def test_what_cannot_be_used_is_an_error(anli: Program, words: list[str]) -> None:
    environment = {"ANLI_NOW": ""} if words[-1] == "init" else {}
    done = anli(*words, **environment)
    assert (done.status, done.out) == (1, "")
    assert is_a_sentence(done.err, "zh")
    assert "hidden" not in done.err


@pytest.mark.parametrize(("status", "words"), REFUSED_BY_A_CAMPAIGN, ids=lambda value: str(value)[:60])
def test_a_campaign_answers_in_a_sentence(campaign: Program, status: int, words: list[str]) -> None:
    done = campaign(*words)
    assert (done.status, done.out) == (status, "")
    assert done.err.startswith("错误：")
    assert is_a_sentence(done.err, "zh")


def test_a_reader_who_leaves_is_no_error(campaign: Program) -> None:
    with subprocess.Popen(
        campaign.command("cases"), cwd=campaign.folder, env=campaign.environment, stdout=-1, stderr=-1
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_case_that_came_later_is_told_from_one_that_never_did(campaign: Program) -> None:
    words = ("audit", "as-of", "2024-05-28T12:00:00+08:00")
    for number, said in (("2024-0001", "尚无"), ("2024-0999", "没有编号")):
        asked = campaign(*words, number)
        assert (asked.status, asked.out) == (1, "")
        assert said in asked.err


def test_the_version_is_told_without_a_database(anli: Program) -> None:
    assert re.fullmatch(r"anli \d+\.\d+\.\d+\n", anli("--version").out)


@pytest.mark.parametrize("words", [["cases"], ["cases", "--json"], ["--help"]], ids=" ".join)
def test_a_full_disk_is_told(campaign: Program, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            campaign.command(*words), cwd=campaign.folder, env=campaign.environment, stdout=full, stderr=-1, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("错误：")
    assert b"Traceback" not in done.stderr


def test_an_ascii_terminal_gets_english_and_no_failure(campaign: Program) -> None:
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = campaign("cases", ANLI_LANG="", **plain)
    assert done.status == 0
    assert done.out.isascii()
    assert "drafted" in done.out
    assert campaign("cases", ANLI_LANG="zh", **plain).status == 0
    assert "荆楚辟谣直通车" in campaign("cases", "--json", **plain).out


@pytest.mark.parametrize("columns", ["80", "140"])
def test_no_line_is_wider_than_the_terminal(campaign: Program, columns: str) -> None:
    from rich.cells import cell_len

    for words in (["cases"], ["show", "2024-0001"], ["audit", "log"], ["advance", "recommend", "--all", "--dry-run"]):
        done = campaign(*words, COLUMNS=columns)
        assert done.status == 0
        assert max(map(cell_len, done.out.splitlines())) <= int(columns)


def test_interrupted(campaign: Program) -> None:
    with subprocess.Popen(
        campaign.command("advance", "recommend", "--all"),
        cwd=campaign.folder,
        env=campaign.environment,
        stdin=subprocess.PIPE,
        stdout=-1,
        stderr=-1,
    ) as process:
        assert process.stderr is not None
        said = b""
        while "是否执行".encode() not in said:
            said += os.read(process.stderr.fileno(), 65536)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read().decode()
    assert process.returncode == 130
    assert "已中断" in rest
    assert "Traceback" not in rest
    assert {case["state"] for case in campaign.json("cases")} == {"drafted"}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (("cases", "--unit", "黄岗市"), "黄岗市：是否为 黄冈市？"),
        (("case",), "case：是否为 cases？"),
        (("advance", "推荐登计", "--all"), "推荐登计：是否为 推荐登记？"),
        (("advance", "recomend", "--all"), "recomend：是否为 recommend？"),
        (("cases", "--staet", "drafted"), "--staet：是否为 --state？"),
        (("cases", "--state", "已推存"), "已推存：是否为 已推荐？"),
        (("audit", "log", "--case", "2024-42"), "2024-42：是否为 2024-0042？"),
        (("staff", "add", "li", "组织人"), "组织人：是否为 组织者？"),
    ],
)
def test_a_mistyped_word_is_told_what_was_perhaps_meant(campaign: Program, typed: tuple[str, ...], asked: str) -> None:
    told = campaign(*typed)
    assert told.status in {1, 2}
    assert asked in told.err


def test_what_is_like_nothing_is_told_nothing(campaign: Program) -> None:
    assert "是否为" not in campaign("cases", "--unit", "某某").err


def test_help_is_asked_for_in_three_ways(anli: Program) -> None:
    whole, of_one = anli("--help"), anli("mail", "send", "--help")
    assert "mail" in whole.out
    assert [anli(*words).out.strip() for words in (("-h",), ("help",))] == [whole.out.strip()] * 2
    assert [anli(*words).out for words in (("mail", "send", "-h"), ("help", "mail", "send"))] == [of_one.out] * 2


def test_a_day_is_a_moment_of_the_past(campaign: Program) -> None:
    day, end = (campaign.json("audit", "as-of", time) for time in ("2024-07-03", "2024-07-03T23:59:59+08:00"))
    assert day == end
    assert campaign("audit", "as-of", "2024-07-32").status == 2
    assert campaign("audit", "diff", "2024-07-01", "2024-07-03").status == 0
