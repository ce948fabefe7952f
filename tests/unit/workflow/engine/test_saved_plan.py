"""A plan in a file: what it rests on is checked again, and a file that is none is said to be none."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.builders.campaigns import (
    MOMENTS,
    Draft,
    add_drafts,
    at,
    found_rehearsal,
    move,
    plain_drafts,
    problems,
    states,
)
from workflow.audit.tlog.canonical import encode
from workflow.deadlines.amendment import extend
from workflow.disk import FolderMissing, NotAFile
from workflow.engine import saved_plan
from workflow.engine.apply import advance, preview
from workflow.engine.batch import PlanStale
from workflow.engine.campaign import Campaign
from workflow.engine.saved_plan import PlanUnreadable, load, save
from workflow.engine.selection import Selection, select
from workflow.errors import AnliError
from workflow.new_file import FileTaken
from workflow.wording import LANGUAGES, say_error

UNIT = "武汉市"


@pytest.fixture
def plan(campaign: Campaign, tmp_path: Path) -> Path:
    """Nine drafts of a unit with eight places, all to be recommended."""
    add_drafts(campaign, plain_drafts([UNIT], 9))
    return write(campaign, tmp_path / "plan.json", select(campaign.edition, "recommend", [], everything=True))


def write(campaign: Campaign, file: Path, asked: Selection, trigger: str = "recommend", why: str | None = None) -> Path:
    report, fingerprints = preview(campaign, trigger, asked, why)
    save(file, campaign, asked, why, report, fingerprints)
    return file


def apply(campaign: Campaign, file: Path) -> Any:
    saved = load(file, campaign)
    return advance(campaign, saved.trigger, saved.selection, saved.why, saved.fingerprints)


def test_keeps_the_wish_to_hold_the_letters(campaign: Campaign, plan: Path) -> None:
    assert load(plan, campaign).hold is False
    asked = select(campaign.edition, "recommend", [], everything=True)
    report, fingerprints = preview(campaign, "recommend", asked, None, hold=True)
    assert [letter.held for letter in report.letters] == [True]
    save(plan, campaign, asked, None, report, fingerprints, hold=True)
    assert load(plan, campaign).hold is True


def forge(file: Path, **changes: Any) -> None:
    """Change the plan and make its sum right again, as anyone can."""
    body = orjson.loads(file.read_bytes())
    del body["sha256"]
    body.update(changes)
    body["sha256"] = sha256(encode(body)).hexdigest()
    file.write_bytes(orjson.dumps(body))


def test_does_what_it_says(campaign: Campaign, plan: Path) -> None:
    said = orjson.loads(plan.read_bytes())
    report = apply(campaign, plan)
    assert [moved.case_id for moved in report.moved] == list(range(1, 9))
    assert [move["case"] for move in said["moves"]] == [f"2024-000{n}" for n in range(1, 9)]
    assert said["refusals"] == [{"case": "2024-0009", "reasons": ["over-quota"]}]
    assert problems(campaign) == []


def test_time_alone_makes_no_plan_stale(campaign: Campaign, plan: Path) -> None:
    assert len(apply(at(campaign, campaign.now + timedelta(days=2)), plan).moved) == 8


def test_is_stale_once_applied(campaign: Campaign, plan: Path) -> None:
    apply(campaign, plan)
    before = states(campaign)
    with pytest.raises(PlanStale):
        apply(campaign, plan)
    assert states(campaign) == before
    assert problems(campaign) == []


def test_is_stale_when_a_case_has_moved(campaign: Campaign, plan: Path) -> None:
    move(campaign, "withdraw", [3])
    with pytest.raises(PlanStale) as told:
        apply(campaign, plan)
    assert "2024-0003" in told.value.values["cases"]  # type: ignore[operator]
    assert set(states(campaign).values()) == {"drafted", "withdrawn"}


def test_is_stale_when_a_case_has_moved_there_and_back(campaign: Campaign, plan: Path) -> None:
    move(campaign, "withdraw", [3])
    move(campaign, "reinstate", [3])
    with pytest.raises(PlanStale) as told:
        apply(campaign, plan)
    assert told.value.values["cases"] == ["2024-0003"]


def test_is_stale_when_a_case_has_come(campaign: Campaign, plan: Path) -> None:
    add_drafts(campaign, [Draft("黄石市", "后到的案例")])
    with pytest.raises(PlanStale) as told:
        apply(campaign, plan)
    assert told.value.values["cases"] == ["2024-0010"]


def test_is_stale_when_a_verdict_would_be_another(campaign: Campaign, plan: Path) -> None:
    with pytest.raises(PlanStale) as told:
        apply(at(campaign, campaign.now + timedelta(days=60)), plan)
    assert len(told.value.values["cases"]) == 9  # type: ignore[arg-type]
    assert set(states(campaign).values()) == {"drafted"}


def test_is_of_one_campaign(database_url: str, plan: Path, tmp_path: Path) -> None:
    other = found_rehearsal(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)
    with pytest.raises(PlanUnreadable) as told:
        load(plan, other)
    assert told.value.values["problem_code"] == "plan.other-campaign"
    assert database_url


def test_is_of_one_rule_book(campaign: Campaign, plan: Path) -> None:
    forge(plan, edition="0" * 64)
    with pytest.raises(PlanStale):
        load(plan, campaign)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b'{"format": "anli-plan 1"}',
        b'{"format": "anli-plan 1", "sha256": null, "x": 1.5}',
        b'{"format": "anli-plan 1", "sha256": null, "x": 1e400}',
        b'{"format": "anli-plan 1", "x": 123456789012345678901234567890}',
        b'{"x":' * 900 + b"1" + b"}" * 900,
        b'{"format": "anli-plan 1", "x":' + b"[" * 900 + b"]" * 900 + b"}",
        b"\xff\xfe{}",
        b"\x00" * 1000,
    ],
)
def test_another_file_is_no_plan(campaign: Campaign, plan: Path, content: bytes) -> None:
    plan.write_bytes(content)
    _is_none(campaign, plan)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"2024-0001", b"2024-0002"),
        lambda data: data[:-100],
        lambda data: data.replace(b"anli-plan 1", b"anli-plan 9"),
        lambda data: data + b"{}",
    ],
)
def test_an_altered_file_is_no_plan(campaign: Campaign, plan: Path, change: Any) -> None:
    plan.write_bytes(change(plan.read_bytes()))
    _is_none(campaign, plan)


@pytest.mark.parametrize(
    "changes",
    [
        {"trigger": "promote"},
        {"trigger": 7},
        {"trigger": None},
        {"asked": None},
        {"asked": {"cases": ["x"], "states": [], "unit": None, "category": None}},
        {"asked": {"cases": None, "states": 5, "unit": None, "category": None}},
        {"asked": {}},
        {"rests_on": []},
        {"rests_on": {"x": ""}},
    ],
)
def test_a_forged_file_is_no_plan(campaign: Campaign, plan: Path, changes: dict[str, Any]) -> None:
    forge(plan, **changes)
    _is_none(campaign, plan)


def test_a_forged_plan_can_ask_for_no_more_than_the_law_allows(campaign: Campaign, plan: Path) -> None:
    forge(plan, rests_on={}, asked={"cases": [9], "states": [], "unit": None, "category": None})
    with pytest.raises(PlanStale):
        apply(campaign, plan)


def test_a_file_too_large_is_no_plan(campaign: Campaign, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_plan, "LARGEST", 1_000)
    _is_none(campaign, plan)


def test_a_missing_file_and_a_folder_are_no_plan(campaign: Campaign, tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere.json", tmp_path):
        _is_none(campaign, place)


def _is_none(campaign: Campaign, file: Path) -> None:
    with pytest.raises(AnliError) as told:
        load(file, campaign)
    assert isinstance(told.value, PlanUnreadable)
    for language in LANGUAGES:
        sentence = say_error(told.value, language)
        assert str(file) in sentence
        assert "{" not in sentence


def test_an_amendment_between_reading_and_applying_makes_the_plan_stale(campaign: Campaign, plan: Path) -> None:
    saved = load(plan, campaign)
    extend(campaign, "recommend", MOMENTS["shortlist"], None, "汛期")
    with pytest.raises(PlanStale):
        advance(campaign, saved.trigger, saved.selection, saved.why, saved.fingerprints)
    assert set(states(campaign).values()) == {"drafted"}


def test_a_plan_takes_no_other_files_place(campaign: Campaign, plan: Path, tmp_path: Path) -> None:
    asked = select(campaign.edition, "recommend", [], everything=True)
    write(campaign, plan, asked)
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: someone")
    nowhere = tmp_path / "nowhere" / "plan.json"
    for file, cause in ((mail, FileTaken), (tmp_path, NotAFile), (nowhere, FolderMissing)):
        with pytest.raises(cause):
            write(campaign, file, asked)
    assert mail.read_bytes() == b"From: someone"
    assert sorted(path.name for path in tmp_path.iterdir() if "plan" in path.name) == ["plan.json"]
