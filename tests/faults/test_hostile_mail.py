"""Mails whose words one of the databases cannot keep, or no batch could read again."""

from pathlib import Path

import pytest

from tests.builders.campaigns import add_drafts, move, plain_drafts, problems, states
from tests.builders.forms import form
from tests.builders.mails import Part, mail
from tests.builders.media import PDF, picture
from tests.faults.program import Program
from workflow.engine.campaign import Campaign
from workflow.intake.take import take_in

NUL = b"=?utf-8?b?AABhAA==?="
HALF = b"=?utf-16le?b?PdgA3w==?= =?utf-16le?b?Pdg=?="
STAMP = b"Received: from mail.example by mx.example; Tue, 18 Jun 2024 10:12:00 +0800"


@pytest.mark.parametrize("word", [NUL, HALF, b"\xff\xfe\x80", b"=?x-unheard-of?q?a=00?=", b"a\x0bb\x1b[31m"])
def test_hostile_words_stop_nothing(campaign: Campaign, tmp_path: Path, word: bytes) -> None:
    named = (b'Content-Disposition: attachment; filename="' + word + b'.pdf"', b"Content-Type: application/pdf")
    raw = mail(
        Part("推荐表.docx", form()),
        Part("scan.pdf", PDF, named),
        Part("picture.jpg", picture()),
        sender=b"wxb@wuhan.example",
        headers=(STAMP, b"Message-ID: <" + word + b"@mail.example>"),
    ).replace(b"Subject: case", b"Subject: " + word)
    path = tmp_path / "mail.eml"
    path.write_bytes(raw)
    (taken,) = take_in(campaign, [path])
    assert taken.status == "taken"
    assert len(taken.cases) == 1
    report = move(campaign, "recommend")
    assert len(report.moved) + len(report.refused) == 1
    assert problems(campaign) == []


def test_a_reason_that_is_no_text_is_a_sentence(campaign: Campaign, tmp_path: Path) -> None:
    path = tmp_path / "na\udcffme.eml"
    path.write_bytes(
        mail(Part("推荐表.docx", form()), Part("scan.pdf", PDF), sender=b"wxb@wuhan.example", headers=(STAMP,))
    )
    (taken,) = take_in(campaign, [path])
    assert taken.status == "taken"
    assert problems(campaign) == []


@pytest.mark.parametrize("why", ["\udcff", "依函\udcff", "a\x00b"])
def test_a_reason_that_is_no_text_changes_nothing(campaign: Campaign, program: Program, why: str) -> None:
    add_drafts(campaign, plain_drafts(["武汉市"], 2))
    ended = program.run("advance", "withdraw", "--all", "--reason", why, "--yes", "--json")
    assert "Traceback" not in ended.warned
    assert ended.status != 0 or len(ended.answer()["moved"]) == 2
    assert len(set(states(campaign).values())) == 1
    assert problems(campaign) == []
