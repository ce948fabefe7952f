"""The sample mailbox, read, agrees case by case with what an organiser expects of it."""

import json
from pathlib import Path
from typing import Any

import pytest

import workflow.demo
from workflow.intake.characters import count_characters
from workflow.intake.submission import Submission, read_submission

MAILBOX = Path(workflow.demo.__file__).parent / "mailbox"
EXPECTED = json.loads((Path(__file__).parents[3] / "samples" / "expected.json").read_text(encoding="utf-8"))


def read(file: str) -> Submission:
    return read_submission((MAILBOX / file).read_bytes())


def problems(submission: Submission, place: int) -> list[str]:
    """What stands in the way by the notice's own figures, in the words of expected.json."""
    dossier = submission.dossiers[place]
    form = dossier.form
    found = []
    if count_characters(form.summary) > 200:
        found.append("summary over 200 characters")
    if count_characters(form.content) > 1500:
        found.append("content over 1500 characters")
    if any(min(video.width, video.height) < 1080 for video in dossier.videos):
        found.append("video below 1920x1080")
    if not form.recommender_opinion:
        found.append("recommending unit's opinion missing")
    if len(form.categories) != 1:
        found.append("two categories" if form.categories else "no category")
    if any(picture.dpi < 299.99 for picture in dossier.pictures):
        found.append("picture below 300 dpi")
    if any(picture.caption_characters > 50 for picture in dossier.pictures):
        found.append("caption over 50 characters")
    if not dossier.scans:
        found.append("no stamped scan")
    return found


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: str(expected["file"]))
def test_every_case_is_read_as_expected(expected: dict[str, Any]) -> None:
    submission = read(expected["file"])
    read_cases = [
        {
            "name": dossier.form.name,
            "applicant": dossier.form.applicant,
            "categories": list(dossier.form.categories),
        }
        for dossier in submission.dossiers
    ]
    assert read_cases == [{key: case[key] for key in ("name", "applicant", "categories")} for case in expected["cases"]]
    for place, case in enumerate(expected["cases"]):
        why = [] if case["complete"] else case["why"]
        assert problems(submission, place) == why
        dossier = submission.dossiers[place]
        assert dossier.form.applicant_opinion
        assert dossier.form.contact_person
        assert dossier.form.contact_phone
        assert dossier.form.address
        assert dossier.form.headings_missing == ()
        assert dossier.reasons == ()
        assert dossier.documents[0] == dossier.form_sha256
    assert submission.unpaired == ()


def test_report_tables_agree_with_the_forms_except_where_a_case_is_not_listed() -> None:
    doubts = {
        file["file"]: [reason.code for reason in read(file["file"]).reasons if reason.code.startswith("report-")]
        for file in EXPECTED
    }
    assert doubts.pop("09-shennongjia-category.eml") == ["report-missing-case"]
    assert doubts.pop("11-unknown-sender.eml") == ["report-missing"]
    assert set(map(tuple, doubts.values())) == {()}


def test_a_mail_without_a_form_says_so() -> None:
    submission = read("12-question.eml")
    assert submission.dossiers == ()
    assert [reason.code for reason in submission.reasons] == [
        "received-time-unproven",
        "no-form",
    ]
    assert submission.sender_address == "wxb@xiantao.example"


def test_times_and_captions_are_read() -> None:
    late = read("06-huanggang-late.eml")
    assert late.received_at is not None
    assert late.received_at.isoformat() == "2024-07-02T01:10:00+00:00"
    assert not late.received_proven
    xiaogan = read("01-xiaogan.eml")
    assert [picture.caption_characters for dossier in xiaogan.dossiers for picture in dossier.pictures] == [6] * 5
    assert [len(dossier.scans) for dossier in xiaogan.dossiers] == [1] * 5
    assert xiaogan.report is not None
    assert xiaogan.report.unit == "孝感市委网信办"
    assert [row.category for row in xiaogan.report.rows] == [1, 1, 2, 2, 6]
