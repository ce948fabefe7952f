"""What waits for a person is listed with its command, and each command settles it."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.acceptance.program import MAILBOX, Program
from tests.builders.forms import form
from tests.builders.mails import Part, mail
from tests.builders.media import PDF


def begun(folder: Path, database: str, *mails: str, language: str = "zh") -> Program:
    """A rehearsal with some of the sample mails taken in."""
    anli = Program(folder, database, language=language)
    assert anli("init", "--rehearsal").status == 0
    if mails:
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


def sound(anli: Program) -> None:
    """What the tables hold follows from the history."""
    assert anli.json("audit", "verify")["problems"] == []


def doubtful(anli: Program, *parts: Part, name: str = "doubtful.eml") -> None:
    """A mail of a known unit with these parts, taken in."""
    file = anli.folder / name
    file.write_bytes(mail(*parts, sender=b"wxb@wuhan.example"))
    assert anli("intake", file).status == 0


def test_a_person_says_whose_a_mail_is(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "11-unknown-sender")
    [waiting] = anli.json("todo")
    words = shlex.split(waiting["command"].replace("单位", "黄冈市").replace("理由", "电话核实"))[1:]
    settled = anli.json(*words)
    [taken] = settled["submissions"]
    assert (taken["status"], taken["unit"], len(taken["cases"])) == ("taken", "黄冈市", 1)
    [batch] = anli.json("audit", "log", "--kind", "batch", "--batch", str(settled["batch"]))
    assert (batch["trigger"], batch["why"]) == ("settle", "电话核实")
    [settlement] = anli.json("audit", "log", "--kind", "settlement")
    assert (settlement["unit"], settlement["submission"]) == ("黄冈市", 1)
    assert "set-aside" not in {each["kind"] for each in anli.json("todo")}
    assert anli("settle", "1", "--unit", "武汉市", "--reason", "再说").status == 1
    sound(anli)


def test_a_question_needs_nothing_and_may_wait_again(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "12-question")
    batch = anli.json("settle", "1", "--nothing-to-do", "--reason", "已电话答复")["batch"]
    assert anli.json("todo") == []
    sound(anli)
    assert anli("settle", "1", "--nothing-to-do", "--reason", "又一次").status == 1
    assert anli.json("undo", str(batch), "--reason", "还须答复")["moved"] == []
    assert kinds(anli.json("todo")) == [("set-aside", 1)]
    sound(anli)


def test_a_person_says_which_category_is_meant(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url)
    doubtful(anli, Part("推荐表.docx", form(申报类别="☒ 网络文明建设　☒ 网络文明传播")), Part("盖章扫描件.pdf", PDF))
    [waiting] = [each for each in anli.json("todo") if each["kind"] == "blocking-doubt"]
    assert "category-unclear" in {each["code"] for each in anli.json("show", waiting["case"])["problems"]}
    words = shlex.split(waiting["command"].replace("类别号", "3").replace("理由", "已核对"))[1:]
    settled = anli.json(*words)
    case = anli.json("show", waiting["case"])
    assert (case["category"], case["version"]) == (3, 2)
    assert [reason["code"] for reason in case["problems"] if reason["blocking"]] == []
    assert "更正推荐表" in anli("history", waiting["case"]).out
    sound(anli)
    assert anli("undo", str(settled["batch"]), "--reason", "看错了").status == 0
    assert anli.json("show", waiting["case"])["category"] is None
    assert [each["case"] for each in anli.json("todo") if each["kind"] == "blocking-doubt"] == [waiting["case"]]
    sound(anli)
    assert anli("settle", "1", "--category", f"{waiting['case']}=三", "--reason", "理由").status == 2


def test_a_photo_is_named_as_the_scan(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url)
    doubtful(anli, Part("推荐表.docx", form()), Part("20240618101010.pdf", PDF))
    [waiting] = [each for each in anli.json("todo") if each["kind"] == "blocking-doubt"]
    assert anli("advance", "recommend", waiting["case"], "--yes").status == 3
    settled = anli.json(*shlex.split(waiting["command"])[1:])
    assert settled["submissions"][0]["forms"][0]["complete"]
    papers = anli.json("show", waiting["case"])["documents"]
    assert [paper["filename"] for paper in papers if paper["current"] and paper["role"] == "scan"] == [
        "20240618101010.pdf"
    ]
    assert anli("advance", "recommend", waiting["case"], "--yes").status == 0
    sound(anli)
    [receipt] = [letter for letter in anli.json("mail", "list") if letter["cases"]][1:2]
    assert receipt["cases"] == [waiting["case"]]
    missing = anli("settle", "1", "--scan", "没有.pdf", "--reason", "理由")
    assert (missing.status, "没有.pdf" in missing.err) == (1, True)


def test_settling_says_what_it_lacks(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "12-question")
    assert anli("settle", "9", "--nothing-to-do", "--reason", "理由").status == 1
    assert anli("settle", "1", "--reason", "理由").status == 2
    assert anli("settle", "1", "--nothing-to-do").status == 2
    assert anli("settle", "1", "--nothing-to-do", "--unit", "武汉市", "--reason", "理由").status == 2
    assert anli("settle", "1", "--unit", "不存在市", "--reason", "理由").status == 2
    assert kinds(anli.json("todo")) == [("set-aside", 1)]


def test_a_contact_is_corrected_in_any_state(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "01-xiaogan")
    assert anli("advance", "recommend", "2024-0001", "--yes").status == 0
    was = anli.json("show", "2024-0001")["contact_phone"]
    words = ("correct", "2024-0001", "--phone", "0712-60009999", "--reason", "来电更正")
    assert anli.json(*words, "--dry-run")["batch"] is None
    refused = anli(*words)
    assert (refused.status, "0712-60009999" in refused.err) == (1, True)
    assert anli.json("show", "2024-0001")["contact_phone"] == was
    done = anli.json(*words, "--yes")
    assert done["changes"] == [{"field": "contact_phone", "old": was, "new": "0712-60009999"}]
    assert (done["verdicts"], done["letters"]) == ([], [])
    case = anli.json("show", "2024-0001")
    assert (case["contact_phone"], case["state"]) == ("0712-60009999", "recommended")
    log = anli("audit", "log", "--json").out
    assert "0712-60009999" not in log
    assert was not in log
    assert "更正推荐表" in anli("history", "2024-0001").out
    sound(anli)
    assert anli("undo", str(done["batch"]), "--reason", "听错了").status == 0
    assert anli.json("show", "2024-0001")["contact_phone"] == was
    sound(anli)


def test_what_a_correction_changes_is_said(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "09-shennongjia-category")
    [case] = [case for case in anli.json("cases") if len(case["categories"]) != 1][:1]
    done = anli.json("correct", case["id"], "--category", "4", "--reason", "来电确认")
    [recommend] = [each for each in done["verdicts"] if each["trigger"] == "recommend"]
    assert (recommend["was"], recommend["becomes"]) == (False, True)
    assert [letter["kind"] for letter in done["letters"]] == ["receipt"]
    assert anli.json("show", case["id"])["category"] == 4
    sound(anli)
    assert anli("correct", case["id"], "--category", "4", "--reason", "又一次").status == 1
    assert anli("correct", case["id"], "--reason", "什么也没说").status == 2
    assert anli("correct", case["id"], "--phone", " ", "--reason", "空的").status == 2
    assert anli("correct", case["id"], "--category", "9", "--reason", "没有此类").status == 2
    assert anli("correct", "2024-0999", "--category", "3", "--reason", "没有此案例").status == 1


def test_a_corrected_name_shows_who_else_recommends_it(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "01-xiaogan", "05-news-site")
    assert anli("advance", "recommend", "2024-0001", "--yes").status == 0
    first, other = anli.json("show", "2024-0001"), anli.json("cases")[-1]
    words = ("--name", first["name"], "--applicant", first["applicant"], "--reason", "来电更正")
    done = anli.json("correct", other["id"], *words)
    [recommend] = [each for each in done["verdicts"] if each["trigger"] == "recommend"]
    assert "other-route" in {reason["code"] for reason in recommend["reasons"]}
    assert [each["case"] for each in anli.json("todo") if each["kind"] == "other-route"] == [other["id"]]
    sound(anli)


def test_a_unit_swaps_a_case_within_its_quota(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "02-ezhou-over-quota", "05-news-site")
    numbers = [case["id"] for case in anli.json("cases") if case["unit"] == "鄂州市"]
    anli("advance", "recommend", *numbers, "--yes")
    *held, left = numbers
    assert [case["id"] for case in anli.json("cases", "--state", "recommended")] == held
    done = anli.json("swap", held[0], left, "--reason", "单位来函")
    assert [(move["case"], move["to"]) for move in done["moved"]] == [(held[0], "withdrawn"), (left, "recommended")]
    sound(anli)
    assert anli("swap", held[0], left, "--reason", "已经换过").status == 1
    undone = anli.json("undo", str(done["batch"]), "--reason", "单位又来函")
    assert sorted(move["case"] for move in undone["moved"]) == sorted([held[0], left])
    assert [case["id"] for case in anli.json("cases", "--state", "recommended")] == held
    sound(anli)
    other = next(case["id"] for case in anli.json("cases") if case["unit"] != "鄂州市")
    assert anli("swap", held[0], other, "--reason", "别的单位").status == 1


def test_a_swap_that_the_law_forbids_moves_nothing(tmp_path: Path, database_url: str) -> None:
    anli = begun(tmp_path, database_url, "09-shennongjia-category")
    held, unsound = (case["id"] for case in anli.json("cases"))
    assert anli("correct", held, "--category", "3", "--reason", "来电确认").status == 0
    assert anli("advance", "recommend", held, "--yes").status == 0
    report = anli.json("swap", held, unsound, "--reason", "单位来函", status=3)
    assert (report["moved"], [each["case"] for each in report["refused"]]) == ([], [unsound])
    assert [case["id"] for case in anli.json("cases", "--state", "recommended")] == [held]
    sound(anli)
