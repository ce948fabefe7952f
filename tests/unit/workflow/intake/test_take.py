"""Mails are taken in one by one; what one of them holds, or how it was sent, never costs another its place."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from tests.builders.campaigns import FOUNDED, at, found_rehearsal, mail_of, move, problems
from tests.builders.forms import form, report
from tests.builders.hostile_mails import of_many_forms
from tests.builders.inbox import read_body
from tests.builders.mails import Part, mail
from tests.builders.media import PDF
from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.intake.submission import read_submission
from workflow.intake.take import take_in
from workflow.intake.tell import Taken
from workflow.screens.cases import list_cases, show_case
from workflow.screens.submissions import list_submissions

WUHAN = "wxb@wuhan.example"
ON_TIME = "Thu, 20 Jun 2024 10:12:00 +0800"
JULY = datetime(2024, 7, 5, tzinfo=UTC)


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path, now=FOUNDED)
    yield campaign
    campaign.engine.dispose()


@pytest.fixture
def post(tmp_path: Path) -> Path:
    folder = tmp_path / "post"
    folder.mkdir()
    return folder


def take(campaign: Campaign, folder: Path, *mails: bytes, unit: str | None = None) -> list[Taken]:
    """Take these mails in, each from a file of its own, in this order."""
    files = [folder / f"{place}.eml" for place in range(1, len(mails) + 1)]
    for file, raw in zip(files, mails, strict=True):
        file.write_bytes(raw)
    return list(take_in(campaign, files, unit))


def events(campaign: Campaign, kind: str) -> list[dict[str, Any]]:
    with campaign.reading() as connection:
        query = text("SELECT leaf FROM events WHERE kind = :kind ORDER BY seq")
        return [orjson.loads(bytes(row[0])) for row in connection.execute(query, {"kind": kind})]


def codes(taken: Taken) -> list[str]:
    return [reason.code for reason in taken.reasons if reason.code not in ("report-missing", "report-scan-missing")]


def case(*parts: Part, sender: str = WUHAN, received: str = ON_TIME) -> bytes:
    """A mail with the builder's form, its scan and whatever else."""
    stamp = f"Received: from a by b; {received}".encode()
    ours = (Part("推荐表.docx", form()), Part("盖章扫描件.pdf", PDF))
    return mail(*(parts or ours), sender=sender.encode("utf-8", "surrogateescape"), headers=(stamp,))


@pytest.mark.parametrize("year", ["0999", "1989", "9999"])
def test_an_absurd_year_is_no_time(campaign: Campaign, post: Path, year: str) -> None:
    date = f"Date: Mon, 01 Jan {year} 10:00:00 +0800".encode()
    odd = mail(Part("推荐表.docx", form()), sender=WUHAN.encode(), headers=(date,))
    absurd, after = take(campaign, post, odd, mail_of(WUHAN, ON_TIME, "甲案"))
    assert (absurd.status, absurd.received_at) == ("set-aside", None)
    assert {"received-time-unknown", "received-time-missing"} <= set(codes(absurd))
    assert after.status == "taken"
    assert problems(campaign) == []


def test_moments_of_early_years_sort_as_they_happened() -> None:
    assert clock.write(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("sender", [b"\xce\xe4@unit.example", "武@unit.example".encode()])
def test_a_sender_that_is_no_text_stops_nothing(campaign: Campaign, post: Path, sender: bytes) -> None:
    odd, after = take(campaign, post, case(sender=sender.decode("utf-8", "surrogateescape")), case())
    assert (odd.status, after.status) == ("set-aside", "taken")
    [listed] = list_submissions(campaign, "set-aside")
    assert str(listed["sender"]).isprintable()
    assert problems(campaign) == []


def test_a_type_that_is_no_text_stops_nothing(campaign: Campaign, post: Path) -> None:
    headers = (b"Content-Type: application/x\x00y\xff", b'Content-Disposition: attachment; filename="a.docx"')
    (taken,) = take(campaign, post, case(Part("", form(), headers)))
    assert taken.status == "taken"
    assert problems(campaign) == []


def test_a_mail_nobody_foresaw_is_refused_and_kept(
    campaign: Campaign, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, odd = read_submission, case(received="Fri, 21 Jun 2024 10:12:00 +0800")

    def stumble(raw: bytes, *rest: object) -> object:
        if raw == odd:
            raise LookupError("never seen before")
        return read(raw, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("workflow.intake.submission.read_submission", stumble)
    sound = mail_of(WUHAN, ON_TIME, "甲案")
    for _ in range(2):
        refused, after = take(campaign, post, odd, sound)
        assert (refused.status, codes(refused)) == ("refused", ["mail-not-handled"])
    assert after.status == "duplicate"
    [listed] = list_submissions(campaign, "refused")
    assert listed["file"] == "1.eml"
    assert campaign.originals.read(listed["sha256"]) == odd
    assert problems(campaign) == []
    monkeypatch.undo()
    (again,) = take(campaign, post, odd)
    assert (again.status, codes(again)) == ("refused", ["duplicate"])
    assert problems(campaign) == []


def test_a_mail_that_ended_its_reader_is_on_record_and_not_read_again(
    campaign: Campaign, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, odd, seen = read_submission, case(received="Fri, 21 Jun 2024 10:12:00 +0800"), post / "seen"

    def die(raw: bytes, *rest: object) -> object:
        if raw == odd:
            with seen.open("a") as times:
                times.write("*")
            os.kill(os.getpid(), signal.SIGKILL)
        return read(raw, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("workflow.intake.submission.read_submission", die)
    sound = mail_of(WUHAN, ON_TIME, "甲案")
    for status in ("taken", "duplicate"):
        killed, after = take(campaign, post, odd, sound)
        assert (killed.status, codes(killed)) == ("refused", ["mail-beyond-budget"])
        assert after.status == status
    assert seen.read_text() == "*"
    [listed] = list_submissions(campaign, "refused")
    assert (listed["file"], listed["sender"]) == ("1.eml", WUHAN)
    assert campaign.originals.read(listed["sha256"]) == odd
    assert problems(campaign) == []


def test_a_small_mail_of_very_many_forms_is_no_case(campaign: Campaign, post: Path) -> None:
    hostile, after = take(campaign, post, of_many_forms(100), mail_of(WUHAN, ON_TIME, "甲案"))
    assert (hostile.status, hostile.cases, codes(hostile)) == ("refused", (), ["mail-beyond-budget"])
    assert after.cases == (1,)
    assert problems(campaign) == []


def test_a_database_that_fails_stops_intake(campaign: Campaign, post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> object:
        raise OSError("no space left")

    monkeypatch.setattr("workflow.store.originals.Arrival.keep", fail)
    with pytest.raises(OSError, match="no space"):
        take(campaign, post, case())


def test_a_person_settles_only_senders_that_are_not_known(campaign: Campaign, post: Path) -> None:
    stranger = mail_of("someone@elsewhere.example", ON_TIME, "乙案")
    known, unknown = take(campaign, post, mail_of(WUHAN, ON_TIME, "甲案"), stranger, unit="黄冈市")
    assert (known.unit, codes(known)) == ("武汉市", ["sender-known"])
    assert (unknown.unit, codes(unknown)) == ("黄冈市", [])
    (own,) = take(campaign, post, mail_of(WUHAN, ON_TIME, "丙案"), unit="武汉市")
    assert codes(own) == []


def test_forms_without_a_name_are_versions_of_nothing(campaign: Campaign, post: Path) -> None:
    one, two = (Part(f"{name}-推荐表.docx", form(案例名称="", 案例简介=name)) for name in ("甲", "乙"))
    both, again = take(campaign, post, case(one, two), case(one, received="Fri, 21 Jun 2024 10:12:00 +0800"))
    assert (both.cases, again.cases) == ((1, 2), (3,))
    assert [each["version"] for each in list_cases(campaign)] == [1, 1, 1]


def test_two_forms_of_one_mail_never_supersede_each_other(campaign: Campaign, post: Path) -> None:
    one, two = (Part(f"{name}.docx", form(案例简介=name)) for name in ("甲", "乙"))
    (taken,) = take(campaign, post, case(one, two))
    assert taken.cases == (1, 2)
    assert [form.case_id for form in take(campaign, post, case(one, one._replace(filename="甲(1).docx")))[0].forms] == [
        2
    ]
    assert problems(campaign) == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_time_that_a_server_wrote_down_outranks_a_later_one_that_the_sender_says(
    campaign: Campaign, post: Path, order: int
) -> None:
    said = mail(
        Part("推荐表.docx", form(案例简介="据称较晚")),
        sender=WUHAN.encode(),
        headers=(b"Date: Sat, 29 Jun 2024 10:12:00 +0800",),
    )
    proven = case(Part("推荐表.docx", form(案例简介="有据可查")))
    take(campaign, post, *[said, proven][::order])
    assert show_case(campaign, "2024-0001")["summary"] == "有据可查"
    assert problems(campaign) == []


def test_a_return_holds_until_the_case_is_recommended_again(campaign: Campaign, post: Path) -> None:
    take(campaign, post, mail_of(WUHAN, ON_TIME, "甲案"))
    move(campaign, "recommend", [1])
    campaign = at(campaign, JULY)
    for trigger in ("return", "withdraw", "reinstate"):
        assert len(move(campaign, trigger, [1]).moved) == 1
    (corrected,) = take(campaign, post, mail_of(WUHAN, "Sat, 06 Jul 2024 10:12:00 +0800", "甲案", 案例简介="改"))
    assert (corrected.status, corrected.cases) == ("taken", (1,))
    assert problems(campaign) == []


def letters(campaign: Campaign) -> list[str]:
    with campaign.reading() as connection:
        query = text("SELECT message FROM letters WHERE kind = 'receipt' ORDER BY id")
        return [read_body(bytes(row[0])) for row in connection.execute(query)]


def test_a_form_that_cannot_be_read_beside_one_that_can(campaign: Campaign, post: Path) -> None:
    old = Part("乙-推荐表.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (taken,) = take(campaign, post, case(Part("甲-推荐表.docx", form()), Part("甲-盖章.pdf", PDF), old))
    assert (taken.status, taken.cases, codes(taken)) == ("taken", (1,), ["form-unreadable"])
    assert [each["status"] for each in list_submissions(campaign, "partly-taken")] == ["partly-taken"]
    [letter] = letters(campaign)
    assert "2024-0001" in letter
    assert "乙-推荐表.doc" in letter
    assert "未发现需要补正的问题" not in letter
    assert problems(campaign) == []


def test_a_unit_hears_that_nothing_could_be_read(campaign: Campaign, post: Path) -> None:
    old = Part("乙-推荐表.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    taken = take(campaign, post, case(old), case(old, sender="someone@elsewhere.example"), case(Part("问题.txt", b"?")))
    assert [each.status for each in taken] == ["set-aside"] * 3
    [letter] = letters(campaign)
    assert "没有登记案例" in letter
    assert "乙-推荐表.doc" in letter
    assert "\r\n\r\n\r\n\r\n" not in letter
    assert problems(campaign) == []


def test_an_attachment_too_large_to_read_is_its_cases_problem(
    campaign: Campaign, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.intake.limits.ATTACHMENT_BYTES", 50_000)
    raw = case(Part("推荐表.docx", form()), Part("盖章扫描件.pdf", PDF), Part("视频.mp4", bytes(90_000)))
    (taken,) = take(campaign, post, raw)
    assert (taken.status, codes(taken)) == ("taken", ["attachment-too-large"])
    assert "attachment-too-large" in [each["code"] for each in show_case(campaign, "2024-0001")["problems"]]
    assert len(list_submissions(campaign, "partly-taken")) == 1
    [letter] = letters(campaign)
    assert letter.count("视频.mp4") == 1
    assert "未发现需要补正的问题" not in letter


def test_a_correction_after_a_move_waits_for_the_case_to_be_returned(campaign: Campaign, post: Path) -> None:
    take(campaign, post, mail_of(WUHAN, ON_TIME, "甲案"))
    move(campaign, "recommend", [1])
    correction = mail_of(WUHAN, "Fri, 21 Jun 2024 10:12:00 +0800", "甲案", "乙案", 案例简介="改")
    (taken,) = take(campaign, post, correction)
    assert (taken.status, taken.cases, codes(taken)) == ("taken", (2,), ["correction-after-move"])
    [listed] = list_submissions(campaign, "partly-taken")
    assert "correction-after-move" in [reason["code"] for reason in listed["reasons"]]
    assert "“已推荐”" in letters(campaign)[-1]
    [event] = [event for event in events(campaign, "intake") if event["forms"]]
    assert [(form["name"], form["reasons"][-1]["code"]) for form in event["forms"]] == [
        ("甲案", "correction-after-move")
    ]
    (again,) = take(campaign, post, correction)
    assert again.status == "duplicate"
    move(campaign, "return", [1])
    (again,) = take(campaign, post, correction)
    assert (again.status, again.cases, codes(again)) == ("taken", (1,), [])
    assert [case["version"] for case in list_cases(campaign)] == [4, 1]
    assert show_case(campaign, "2024-0001")["summary"] == "改"
    assert list_submissions(campaign, "partly-taken") == []
    (again,) = take(campaign, post, correction)
    assert again.status == "duplicate"
    assert problems(campaign) == []


def test_a_correction_that_came_late_is_on_record(campaign: Campaign, post: Path) -> None:
    late = mail_of(WUHAN, "Mon, 01 Jul 2024 00:00:00 +0800", "甲案", 案例简介="改")
    sound, corrected = take(at(campaign, JULY), post, mail_of(WUHAN, ON_TIME, "甲案"), late)
    assert (sound.status, corrected.status, codes(corrected)) == ("taken", "set-aside", ["correction-late"])
    [listed] = list_submissions(campaign, "set-aside")
    assert "correction-late" in [reason["code"] for reason in listed["reasons"]]
    assert "原材料仍有效" in letters(campaign)[-1]
    assert problems(campaign) == []


def test_a_mail_without_a_time_came_at_the_latest_when_it_was_first_seen(campaign: Campaign, post: Path) -> None:
    raw = mail(Part("推荐表.docx", form()), Part("盖章扫描件.pdf", PDF), sender=WUHAN.encode(), headers=())
    (timeless,) = take(campaign, post, raw)
    assert (timeless.status, codes(timeless)) == ("set-aside", ["received-time-unknown", "received-time-missing"])
    assert [each.status for each in take(campaign, post, raw)] == ["duplicate"]
    (settled,) = take(at(campaign, JULY), post, raw, unit="武汉市")
    assert (settled.status, codes(settled)) == ("taken", ["received-time-unknown", "received-time-settled"])
    [case] = list_cases(campaign)
    assert (case["received_at"], case["received_proven"]) == (clock.show(FOUNDED), False)
    assert problems(campaign) == []


def test_a_report_table_that_names_another_unit(campaign: Campaign, post: Path) -> None:
    row = ("网络文化创意精品", "云上读书会", "示例县图书馆", "联系人甲", "027-60000000")
    named = [
        case(Part("表.docx", form()), Part("盖章.pdf", PDF), Part("汇报表.docx", report(row, unit=unit)))
        for unit in ("黄石市委网信办", "武汉市委网信办", "市委网信办")
    ]
    assert ["report-unit-differs" in codes(taken) for taken in take(campaign, post, *named)] == [True, False, False]


def test_a_mail_too_large_to_read_is_on_record(campaign: Campaign, post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.intake.limits.MAIL_BYTES", 1_000)
    raw = case()
    for _ in range(2):
        (refused,) = take(campaign, post, raw)
        assert refused.status == "refused"
    [listed] = list_submissions(campaign, "refused")
    assert [reason["code"] for reason in listed["reasons"]] == ["mail-too-large"]
    assert campaign.originals.read(listed["sha256"]) == raw
    assert problems(campaign) == []
