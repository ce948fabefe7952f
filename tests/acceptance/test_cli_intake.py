"""``anli intake`` of the sample mailbox agrees with samples/expected.json case by case."""

import json
from pathlib import Path
from typing import Any

from tests.acceptance.program import MAILBOX, Program

EXPECTED = json.loads((Path(__file__).parents[1] / "samples" / "expected.json").read_text("utf-8"))
CODES = {
    "summary over 200 characters": "summary-too-long",
    "content over 1500 characters": "content-too-long",
    "video below 1920x1080": "video-resolution",
    "recommending unit's opinion missing": "recommender-opinion-missing",
    "two categories": "category-many",
    "no category": "category-missing",
    "picture below 300 dpi": "picture-resolution",
    "caption over 50 characters": "picture-caption-too-long",
    "no stamped scan": "scan-missing",
    "also recommended by Wuhan: one route only": "other-route-submitted",
}


def codes(form: dict[str, Any], blocking: bool) -> set[str]:
    return {reason["code"] for reason in form["reasons"] if reason["blocking"] is blocking}


def test_the_sample_mailbox_is_taken_in_as_expected(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    taken = {mail["file"]: mail for mail in anli.json("intake", MAILBOX)["submissions"]}
    assert list(taken) == [expected["file"] for expected in EXPECTED]
    for expected in EXPECTED:
        mail = taken[expected["file"]]
        assert mail["unit"] == expected["unit"]
        kept = expected["unit"] is not None and bool(expected["cases"])
        assert mail["status"] == ("taken" if kept else "set-aside")
        assert len(mail["forms"]) == len(expected["cases"])
        for form, case in zip(mail["forms"], expected["cases"], strict=True):
            agree(form, case, expected, kept)
            if "supersedes" in case:
                assert mail["cases"] == taken[case["supersedes"]]["cases"]
    assert {reason["code"] for reason in taken["11-unknown-sender.eml"]["reasons"]} >= {"unit-unknown"}
    assert {reason["code"] for reason in taken["12-question.eml"]["reasons"]} >= {"no-form"}
    agree_in_the_list(anli)


def agree(form: dict[str, Any], case: dict[str, Any], mail: dict[str, Any], kept: bool) -> None:
    assert [form["name"], form["applicant"], form["categories"]] == [
        case["name"],
        case["applicant"],
        case["categories"],
    ]
    assert form["complete"] is case["complete"]
    assert (form["case"] is not None) is kept
    why = {CODES[words] for words in case.get("why", [])}
    if case["complete"]:
        assert why <= codes(form, blocking=False)
        why = set()
    late = {"received-late"} if mail.get("late") else set()
    assert codes(form, blocking=True) == why | late | (set() if mail["unit"] else {"unit-unknown"})


def agree_in_the_list(anli: Program) -> None:
    """One draft for each case that was kept, the corrected one once, as its last form says."""
    listed = anli.json("cases")
    superseded = {case["supersedes"] for mail in EXPECTED for case in mail["cases"] if "supersedes" in case}
    kept = [
        (case["name"], case["applicant"], mail["unit"], case["categories"])
        for mail in EXPECTED
        if mail["unit"] is not None and mail["file"] not in superseded
        for case in mail["cases"]
    ]
    assert [(case["name"], case["applicant"], case["unit"], case["categories"]) for case in listed] == kept
    assert {case["state"] for case in listed} == {"drafted"}
    assert [case["id"] for case in listed] == [f"2024-{number:04d}" for number in range(1, len(kept) + 1)]
    proposed = anli.json("advance", "recommend", "--all", "--dry-run", status=3)
    refused = {refusal["case"]: codes(refusal, blocking=True) for refusal in proposed["refused"]}
    over_quota = [case["name"] for case in listed if "over-quota" in refused.get(case["id"], ())]
    assert over_quota == ["鄂州网络文明示例项目5"]
    incomplete = {
        case["name"]: set(map(CODES.get, case["why"]))
        for mail in EXPECTED
        for case in mail["cases"]
        if not case["complete"] and mail["file"] not in superseded
    }
    assert {case["name"] for case in listed if case["id"] in refused} == {
        *incomplete,
        "鄂州网络文明示例项目5",
        "大别山网络公益行",
    }


def test_the_same_mail_again_is_a_duplicate(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    anli.json("intake", MAILBOX / "05-news-site.eml")
    again = anli.json("intake", MAILBOX / "05-news-site.eml")["submissions"]
    assert [mail["status"] for mail in again] == ["duplicate"]
    assert len(anli.json("cases")) == 2


def test_a_person_settles_the_unit_of_what_was_set_aside(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    mail = MAILBOX / "11-unknown-sender.eml"
    assert [each["status"] for each in anli.json("intake", mail)["submissions"]] == ["set-aside"]
    assert [each["status"] for each in anli.json("submissions", "--status", "set-aside")] == ["set-aside"]
    [settled] = anli.json("intake", mail, "--unit", "武汉市")["submissions"]
    assert (settled["status"], settled["unit"]) == ("taken", "武汉市")
    assert [case["unit"] for case in anli.json("cases")] == ["武汉市"]
    assert anli.json("submissions", "--status", "set-aside") == []
