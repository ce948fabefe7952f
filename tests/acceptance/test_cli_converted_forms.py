"""A form in an older format: a case by way of a copy, or a receipt that asks for .docx."""

from pathlib import Path

import pytest

from tests.acceptance.program import Program
from tests.builders.converters import copying, stand_in
from tests.builders.forms import form
from tests.builders.mails import RECEIVED, Part, mail

OLD = b"{\\rtf1 x}"
SENDER = b"wxb@xiaogan.example"


@pytest.fixture
def anli(tmp_path: Path, database_url: str) -> Program:
    anli = Program(tmp_path, database_url, language="en")
    assert anli("init", "--rehearsal").status == 0
    return anli


def keep(folder: Path, *parts: Part, name: str = "old.eml") -> Path:
    path = folder / name
    headers = (b"Received: " + RECEIVED, f"Message-ID: <{name}@x.example>".encode())
    path.write_bytes(mail(*parts, sender=SENDER, headers=headers))
    return path


def test_the_case_says_that_a_copy_was_read_and_keeps_both(anli: Program, tmp_path: Path) -> None:
    path = keep(tmp_path, Part("推荐表.wps", OLD))
    converter = str(copying(tmp_path, form()))
    (taken,) = anli.json("intake", path, ANLI_CONVERTER=converter)["submissions"]
    (case,) = taken["cases"]
    shown = anli.json("show", case)
    (said,) = [problem for problem in shown["problems"] if problem["code"] == "form-converted"]
    assert (said["blocking"], said["values"]["filename"]) == (False, "推荐表.wps")
    documents = {document["role"]: document for document in shown["documents"]}
    assert documents["form"]["sha256"] == said["values"]["original"]
    assert documents["copy"]["sha256"] == said["values"]["copy"]
    (draft,) = anli.json("audit", "log", "--kind", "draft")
    assert draft["documents"] == [said["values"]["original"], said["values"]["copy"]]
    assert "推荐表.wps.docx" in anli("show", case).out
    assert anli("audit", "verify").status == 0
    (again,) = anli.json("intake", path, ANLI_CONVERTER=converter)["submissions"]
    assert again["status"] == "duplicate"


def test_without_a_converter_or_with_one_that_fails_the_receipt_asks_for_docx(anli: Program, tmp_path: Path) -> None:
    path = keep(tmp_path, Part("推荐表.doc", OLD), Part("读书会推荐表.docx", form()))
    failing = str(stand_in(tmp_path, "exit 1"))
    (taken,) = anli.json("intake", path, ANLI_CONVERTER=failing)["submissions"]
    assert len(taken["cases"]) == 1
    assert "form-unreadable" in {reason["code"] for reason in taken["reasons"]}
    assert len(anli.json("submissions", "--status", "partly-taken")) == 1
    (other,) = anli.json("intake", keep(tmp_path, Part("推荐表.doc", OLD), name="b.eml"), ANLI_CONVERTER="")[
        "submissions"
    ]
    assert other["status"] == "set-aside"
    receipts = [anli("mail", "preview", str(letter["id"])).out for letter in anli.json("mail", "list")]
    assert ["docx" in receipt for receipt in receipts] == [True, True]


def test_a_form_set_aside_before_becomes_a_case_once_there_is_a_converter(anli: Program, tmp_path: Path) -> None:
    path = keep(tmp_path, Part("推荐表.doc", OLD))
    (first,) = anli.json("intake", path, ANLI_CONVERTER="")["submissions"]
    assert (first["status"], first["cases"]) == ("set-aside", [])
    (again,) = anli.json("intake", path, ANLI_CONVERTER=str(copying(tmp_path, form())))["submissions"]
    assert len(again["cases"]) == 1
