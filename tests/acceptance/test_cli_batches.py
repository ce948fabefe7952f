"""Moving cases by command: ask first, plan and apply, take back; and what the exit status says."""

from pathlib import Path

import orjson
import pytest

from tests.acceptance.program import MAILBOX, Program


@pytest.fixture
def anli(tmp_path: Path, database_url: str) -> Program:
    return Program(tmp_path, database_url).start()


def states(anli: Program) -> set[str]:
    return {case["state"] for case in anli.json("cases")}


def test_nothing_moves_without_a_yes(anli: Program) -> None:
    for heard in ("", "n\n", "yes please\n"):
        asked = anli("advance", "recommend", "2024-0001", "2024-0006", heard=heard)
        assert (asked.status, asked.out) == (1, "")
        for shown in ("2024-0001", "澴川读书会微信公众号", "已推荐", "2024-0006", "260", "附件4"):
            assert shown in asked.err
        assert "wxb@xiaogan.example" in asked.err
        assert "未作任何更改" in asked.err
    assert states(anli) == {"drafted"}


def test_nothing_is_asked_where_nothing_would_move(anli: Program) -> None:
    done = anli("advance", "select", "2024-0001", heard="")
    assert done.status == 3
    assert "输入" not in done.err
    assert "未办理（1个）" in done.out
    assert [event["state"] for event in anli.json("audit", "log", "--kind", "refusal")] == ["drafted"]


def test_a_letter_is_shown_in_the_lines_it_is_sent_in(anli: Program) -> None:
    shown = anli("mail", "preview", "1").out
    letter = anli.json("mail", "preview", "1")
    above, _, below = shown.partition("\n\n")
    assert set(above.splitlines()) < {f"{name}: {value}" for name, value in letter["headers"].items()}
    assert below.startswith(letter["body"])
    assert below.rstrip().endswith("\n" + letter["head"].rstrip())


def test_a_yes_moves_what_was_shown(anli: Program) -> None:
    done = anli("advance", "recommend", "2024-0001", "2024-0006", "--json", heard="是\n")
    report = orjson.loads(done.out)
    assert done.status == 3
    assert report["moved"] == [{"case": "2024-0001", "from": "drafted", "to": "recommended"}]
    assert [refusal["case"] for refusal in report["refused"]] == ["2024-0006"]
    assert [letter["to"] for letter in report["letters"]] == ["wxb@xiaogan.example"]
    assert len(anli.json("cases", "--state", "recommended")) == 1


def test_moved_and_refused_are_what_was_asked_for(anli: Program) -> None:
    asked = {case["id"] for case in anli.json("cases")}
    report = anli.json("advance", "recommend", "--all", "--yes", status=3)
    assert {case["case"] for case in report["moved"]} | {case["case"] for case in report["refused"]} == asked
    assert len(report["moved"]) + len(report["refused"]) == len(asked)


@pytest.mark.parametrize("words", [["--all"], ["--unit", "黄冈市"], ["--category", "1"]], ids=" ".join)
def test_cases_are_named_or_described_but_not_both(anli: Program, words: list[str]) -> None:
    asked = anli("advance", "recommend", "2024-0001", *words, "--yes")
    assert (asked.status, asked.out) == (2, "")
    assert states(anli) == {"drafted"}


def test_a_dry_run_changes_nothing(anli: Program) -> None:
    report = anli.json("advance", "recommend", "--unit", "孝感市", "--dry-run")
    assert report["batch"] is None
    assert len(report["moved"]) == 5
    assert states(anli) == {"drafted"}


def test_triggers_and_states_are_also_known_by_what_screens_call_them(anli: Program) -> None:
    report = anli.json("advance", "推荐登记", "2024-0001", "--yes")
    assert (report["trigger"], report["moved"][0]["to"]) == ("recommend", "recommended")
    assert [case["id"] for case in anli.json("cases", "--state", "已推荐")] == ["2024-0001"]
    queued = anli.json("mail", "list", "--state", "queued")
    assert queued != []
    assert anli.json("mail", "list", "--state", "待发") == queued
    assert anli.json("explain", "2024-0001", "初步审核")["trigger"] == "precheck"


def test_a_plan_is_applied_once_and_then_stale(anli: Program, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    proposed = anli.json("advance", "recommend", "--unit", "孝感市", "--plan", plan)
    assert states(anli) == {"drafted"}
    applied = anli.json("apply", plan)
    assert applied["moved"] == proposed["moved"]
    stale = anli("apply", plan, "--json")
    assert (stale.status, stale.out) == (1, "")
    assert "2024-0001" in stale.err


def test_a_plan_made_before_another_batch_is_refused_whole(anli: Program, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    anli.json("advance", "recommend", "--unit", "孝感市", "--plan", plan)
    anli.json("advance", "withdraw", "2024-0003", "--reason", "撤回", "--yes")
    assert anli("apply", plan).status == 1
    assert states(anli) == {"drafted", "withdrawn"}


def test_a_plan_that_somebody_changed_is_refused(anli: Program, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    anli.json("advance", "recommend", "--unit", "孝感市", "--plan", plan)
    plan.write_text(plan.read_text("utf-8").replace("孝感市", "武汉市"), "utf-8")
    assert anli("apply", plan).status == 1


def test_undo_takes_the_whole_batch_back(anli: Program) -> None:
    batch = anli.json("advance", "recommend", "--unit", "孝感市", "--yes")["batch"]
    assert anli("undo", str(batch)).status == 2
    assert anli("undo", str(batch), "--reason", " ").status == 2
    back = anli.json("undo", str(batch), "--reason", "误操作")
    assert [(move["from"], move["to"]) for move in back["moved"]] == [("recommended", "drafted")] * 5
    assert states(anli) == {"drafted"}
    assert "cancelled" in {letter["state"] for letter in anli.json("mail", "list")}
    assert anli.json("audit", "verify")["ok"] is True


def test_a_real_campaign_obeys_nobodys_clock(tmp_path: Path, database_url: str) -> None:
    real = Program(tmp_path, database_url, now=None, language="en")
    assert real("init").status == 0
    refused = real("--now", "2024-06-29T00:00:00+08:00", "cases", "--json")
    assert (refused.status, refused.out) == (1, "")
    assert "rehearsal" in refused.err
    assert real("cases", ANLI_NOW="2024-06-29T00:00:00+08:00").status == 1
    assert real.json("cases") == []


def test_letters_go_out_and_may_be_tried_again(anli: Program, tmp_path: Path) -> None:
    sealed = tmp_path / "letters"
    sealed.write_text("a file, not a Maildir")
    failed = anli.json("mail", "send", status=3, ANLI_MAIL=f"maildir:{sealed}/new")
    assert {letter["state"] for letter in failed} <= {"failed", "unknown"}
    queued = anli.json("mail", "retry", *(str(letter["id"]) for letter in failed))
    assert {letter["state"] for letter in queued} == {"queued"}
    sent = anli.json("mail", "send")
    assert {letter["state"] for letter in sent} == {"sent"}
    assert len(list((tmp_path / "anli-mail" / "new").iterdir())) == len(sent)
    assert anli("mail", "retry", str(sent[0]["id"])).status == 1
    assert anli.json("mail", "send") == []


def test_a_changed_history_does_not_verify(tmp_path: Path) -> None:
    anli = Program(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}")
    assert anli("init", "--rehearsal").status == 0
    anli.json("intake", MAILBOX / "05-news-site.eml")
    next(path for path in (tmp_path / "anli.db-originals").rglob("*") if path.is_file()).unlink()
    answer = anli.json("audit", "verify", status=4)
    assert answer["ok"] is False
    assert answer["problems"][0]["message"]
    assert "problem." not in answer["problems"][0]["message"]


def test_a_reason_cannot_pass_for_lines_of_the_log(anli: Program) -> None:
    forged = "单位申请\n    9  2024-07-03 09:00  organiser  2024-0001  推荐登记：已接收 → 已推荐\u202e"
    asked = ("advance", "withdraw", "2024-0003", "--reason", forged, "--yes")
    shown = "单位申请⏎    9  2024-07-03 09:00"
    screens = [
        anli(*asked).out,
        anli("audit", "log").out,
        anli("history", "2024-0003").out,
        anli("show", "2024-0003").out,
    ]
    letters = anli.json("mail", "list", "--state", "queued")
    screens.append(anli("mail", "preview", str(letters[-1]["id"])).out)
    for screen in screens:
        assert not any(line.lstrip().startswith("9  2024-07-03") for line in screen.splitlines())
        assert "\u202e" not in screen
    assert shown in screens[1].replace("\n", "")
    assert "⟨U+202E⟩" in screens[-1]
