"""Several people press at once: each case moves once, quotas hold, and whoever comes second is told."""

import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders.campaigns import (
    Draft,
    add_drafts,
    found_rehearsal,
    mail_of,
    plain_drafts,
    problems,
    states,
)
from tests.faults.program import Ended, Program
from workflow import clock
from workflow.engine.campaign import Campaign

UNIT, OTHER = "武汉市", "黄石市"
REFUSED, ERROR = 3, 1


def all_at_once(program: Program, *commands: Sequence[str]) -> list[Ended]:
    running = [program.start(*words) for words in commands]
    return [program.wait(each) for each in running]


def numbers_of(campaign: Campaign, drafts: Sequence[Draft]) -> list[str]:
    return [campaign.edition.case_number(ordinal) for ordinal in add_drafts(campaign, drafts)]


def count(campaign: Campaign, query: str) -> int:
    with campaign.reading() as connection:
        return int(connection.execute(text(query)).scalar_one())


def test_each_case_moves_once(campaign: Campaign, program: Program) -> None:
    numbers = [
        campaign.edition.case_number(ordinal) for ordinal in add_drafts(campaign, plain_drafts([UNIT, OTHER], 60))
    ]
    answers = all_at_once(program, *[("advance", "recommend", *numbers, "--yes", "--json")] * 6)
    assert sorted(ended.status for ended in answers) == [0, *[REFUSED] * 5]
    for ended in answers:
        answer = ended.answer()
        assert len(answer["moved"]) + len(answer["refused"]) == len(numbers)
        assert len(answer["moved"]) in (0, len(numbers))
        assert {reason["code"] for case in answer["refused"] for reason in case["reasons"]} <= {"wrong-state"}
    assert count(campaign, "SELECT count(*) FROM events WHERE kind = 'move'") == len(numbers)
    assert count(campaign, "SELECT count(*) FROM events WHERE kind = 'refusal'") == 5 * len(numbers)
    assert count(campaign, "SELECT count(*) FROM letters") == 2
    assert problems(campaign) == []


def test_overlapping_batches_share_no_case(campaign: Campaign, program: Program) -> None:
    numbers = numbers_of(campaign, plain_drafts([UNIT], 40))
    words = [numbers[start : start + 20] for start in (0, 5, 10, 15, 20)]
    answers = all_at_once(program, *[("advance", "recommend", *some, "--yes", "--json") for some in words])
    moved = Counter(case["case"] for ended in answers for case in ended.answer()["moved"])
    assert moved == Counter(numbers)
    assert problems(campaign) == []


def test_of_two_who_apply_the_same_plan_one_is_told(campaign: Campaign, program: Program, tmp_path: Path) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 30))
    plan = tmp_path / "plan.json"
    assert program.run("advance", "recommend", "--all", "--plan", str(plan), "--json").status == 0
    answers = all_at_once(program, *[("apply", str(plan), "--json")] * 3)
    assert sorted(ended.status for ended in answers) == [0, ERROR, ERROR]
    for ended in answers:
        if ended.status == ERROR:
            assert ended.said == ""
            assert "the plan is stale and nothing was changed" in ended.warned
    assert count(campaign, "SELECT count(*) FROM batches WHERE trigger = 'recommend'") == 1
    assert problems(campaign) == []


def test_quotas_hold_when_eight_recommend_at_once(
    nursery: "subprocess.Popen[str]", database_url: str, tmp_path: Path
) -> None:
    campaign = found_rehearsal(database_url, tmp_path, language="en")
    program = Program(nursery, tmp_path, ["--db", database_url, "--now", clock.write(campaign.now)])
    numbers = numbers_of(campaign, plain_drafts([UNIT], 16))
    pairs = [numbers[place::8] for place in range(8)]
    answers = all_at_once(program, *[("advance", "recommend", *pair, "--yes", "--json") for pair in pairs])
    documents = [ended.answer() for ended in answers]
    quota = campaign.edition.quota_of(UNIT)
    assert sum(len(document["moved"]) for document in documents) == quota
    refusals = [reason["code"] for document in documents for case in document["refused"] for reason in case["reasons"]]
    assert refusals == ["over-quota"] * (len(numbers) - quota)
    assert Counter(states(campaign).values()) == {"recommended": quota, "drafted": len(numbers) - quota}
    assert problems(campaign) == []
    campaign.engine.dispose()


def test_one_route_holds_when_two_units_recommend_the_same_case(campaign: Campaign, program: Program) -> None:
    numbers = numbers_of(campaign, [Draft(UNIT, "同一案例"), Draft(OTHER, "同一案例")])
    answers = all_at_once(program, *[("advance", "recommend", number, "--yes", "--json") for number in numbers])
    assert sorted(ended.status for ended in answers) == [0, REFUSED]
    assert Counter(states(campaign).values()) == {"recommended": 1, "drafted": 1}


def test_the_same_mail_taken_in_twice_at_once_is_one_submission(
    campaign: Campaign, program: Program, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(mail_of("wxb@wuhan.example", "Tue, 18 Jun 2024 10:12:00 +0800", "云上读书会", "邻里议事厅"))
    answers = all_at_once(program, *[("intake", str(mail), "--json")] * 4)
    assert [ended.status for ended in answers] == [0] * 4, answers
    statuses = [submission["status"] for ended in answers for submission in ended.answer()["submissions"]]
    assert sorted(statuses) == ["duplicate", "duplicate", "duplicate", "taken"]
    assert len(states(campaign)) == 2
    assert count(campaign, "SELECT count(*) FROM submissions") == 1
    assert problems(campaign) == []


def test_two_undo_the_same_batch(campaign: Campaign, program: Program) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 20))
    batch = program.run("advance", "recommend", "--all", "--yes", "--json").answer()["batch"]
    answers = all_at_once(program, *[("undo", str(batch), "--reason", "有误", "--json")] * 3)
    assert sorted(len(ended.answer()["moved"]) for ended in answers) == [0, 0, 20]
    assert sorted(ended.status for ended in answers) == [0, REFUSED, REFUSED]
    assert set(states(campaign).values()) == {"drafted"}
    assert problems(campaign) == []


def test_two_send_the_same_letters(campaign: Campaign, program: Program, tmp_path: Path) -> None:
    add_drafts(campaign, plain_drafts([UNIT, OTHER], 4))
    program.run("advance", "recommend", "--all", "--yes")
    answers = all_at_once(program, *[("mail", "send", "--json")] * 3)
    assert [ended.status for ended in answers] == [0, 0, 0]
    assert sum(len(ended.answer()) for ended in answers) == 2
    assert count(campaign, "SELECT sum(attempts) FROM letters") == 2
    assert len(list((tmp_path / "anli-mail" / "new").iterdir())) == 2
    assert problems(campaign) == []


def test_two_found_the_same_campaign(nursery: "subprocess.Popen[str]", database_url: str, tmp_path: Path) -> None:
    program = Program(nursery, tmp_path, ["--db", database_url])
    answers = all_at_once(program, *[("init", "--rehearsal", "--json")] * 4)
    assert sorted(ended.status for ended in answers) == [0, ERROR, ERROR, ERROR]
    for ended in answers:
        assert ended.status == 0 or "there already is a campaign" in ended.warned, ended.warned
    assert program.run("cases", "--json").answer() == []


@pytest.mark.parametrize(
    "words",
    [
        ("advance", "recommend", "--all", "--yes", "--json"),
        ("undo", "1", "--reason", "有误", "--json"),
        ("mail", "send", "--json"),
        ("mail", "retry", "1", "--json"),
    ],
    ids=lambda words: words[0] + "-" + words[1],
)
def test_a_lock_held_too_long_is_a_sentence(campaign: Campaign, program: Program, words: Sequence[str]) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 3))
    before = count(campaign, "SELECT count(*) FROM events")
    with campaign.writing():
        ended = program.run(*words, busy=1)
    assert ended.status == ERROR
    assert ended.said == ""
    assert "did not finish within 1 seconds. Nothing was changed" in ended.warned
    assert "Traceback" not in ended.warned
    assert count(campaign, "SELECT count(*) FROM events") == before
    assert program.run("advance", "recommend", "--all", "--yes", "--json").status == 0


def test_readers_do_not_wait_for_a_writer(campaign: Campaign, program: Program) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 3))
    with campaign.writing() as (_, connection):
        connection.execute(text("UPDATE cases SET version = version + 1"))
        cases = program.run("cases", "--json", busy=1)
        dry = program.run("advance", "recommend", "--all", "--dry-run", "--json", busy=1)
    assert {case["version"] for case in cases.answer()} == {1}
    assert len(dry.answer()["moved"]) == 3
