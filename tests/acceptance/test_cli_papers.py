"""``anli papers`` writes what reviewers work from, and nothing that would lead them to a person unasked."""

import os
import shutil
import subprocess
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.acceptance.program import MAILBOX, Program
from tests.builders.forms import CONTENT, form
from tests.builders.mails import Part, mail
from tests.builders.media import PDF, picture

CASE = "2024-0001"


@pytest.fixture
def anli(tmp_path: Path, database_url: str) -> Program:
    return Program(tmp_path, database_url).start()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def spelled_out(name: str, data: bytes) -> str:
    """What a file shows: of a package, all its parts."""
    if data.startswith(b"PK"):
        package = ZipFile(BytesIO(data))
        return "".join(package.read(part).decode(errors="replace") for part in package.namelist())
    return name + data.decode(errors="replace")


def contact_of(anli: Program) -> list[str]:
    case = anli.json("show", CASE)
    return [case["contact_person"], case["contact_phone"], case["address"]]


def test_the_papers_of_a_case_show_its_text_and_not_its_contact(anli: Program, tmp_path: Path) -> None:
    contact = contact_of(anli)
    assert all(contact)
    (papers,) = anli.json("papers", CASE, "--to", "out")
    assert papers["case"] == CASE
    found = contents(tmp_path / papers["folder"])
    assert {each["file"]: each["sha256"] for each in papers["files"]} == {
        name: sha256(data).hexdigest() for name, data in found.items()
    }
    assert [each["role"] for each in papers["files"]] == ["form", "page", "picture", "captions", "list"]
    for name, data in found.items():
        assert not [said for said in contact if said in spelled_out(name, data)], name
    case = anli.json("show", CASE)
    for suffix in (".docx", ".html"):
        (shown,) = [spelled_out(name, data) for name, data in found.items() if name.endswith(suffix)]
        assert all(line in shown for line in (case["name"], case["applicant"], *case["content"].split("\n")))
    assert {left["role"] for left in papers["left_out"]} == {"form", "scan"}
    (listed,) = [data.decode() for name, data in found.items() if name == "材料清单.txt"]
    (page,) = [data.decode() for name, data in found.items() if name.endswith(".html")]
    assert all(left["document"] in listed and left["document"] in page for left in papers["left_out"])
    assert all(each["sha256"] in listed for each in papers["files"] if each["role"] != "list")


def test_with_contacts_the_originals_come_too_as_they_were(anli: Program, tmp_path: Path) -> None:
    contact = contact_of(anli)
    (papers,) = anli.json("papers", CASE, "--to", "out", "--contacts")
    assert [each["role"] for each in papers["files"]] == [
        "form", "page", "form", "scan", "picture", "captions", "list",
    ]  # fmt: skip
    assert papers["left_out"] == []
    documents = {each["sha256"] for each in anli.json("show", CASE)["documents"]}
    assert documents <= {each["sha256"] for each in papers["files"]}
    (page,) = [data.decode() for name, data in contents(tmp_path / papers["folder"]).items() if name.endswith(".html")]
    assert all(said in page for said in contact)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="GNU sha256sum is not on this machine")
def test_the_list_can_be_checked_with_sha256sum(anli: Program, tmp_path: Path) -> None:
    (papers,) = anli.json("papers", CASE, "--to", "out")
    folder = tmp_path / papers["folder"]
    check = ["sha256sum", "--check", "--strict", "材料清单.txt"]
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0
    (page,) = folder.glob("*.html")
    page.write_bytes(page.read_bytes() + b" ")
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 1


def test_nothing_is_written_over_and_nothing_half_written(anli: Program, tmp_path: Path) -> None:
    (first,) = anli.json("papers", CASE, "--to", "out")
    kept = contents(tmp_path / "out")
    refused = anli("papers", CASE, "2024-0002", "--to", "out")
    assert refused.status == 1
    assert first["folder"] in refused.err
    assert contents(tmp_path / "out") == kept
    (again,) = anli.json("papers", CASE, "--to", "elsewhere")
    assert again["files"] == first["files"]
    (tmp_path / "file").write_text("kept", "utf-8")
    assert anli("papers", CASE, "--to", "file").status == 1
    assert (tmp_path / "file").read_text("utf-8") == "kept"


def test_a_case_that_is_not_there_and_a_document_that_is_gone_leave_nothing(anli: Program, tmp_path: Path) -> None:
    unknown = anli("papers", CASE, "2024-0999", "--to", "out")
    assert (unknown.status, (tmp_path / "out").exists()) == (1, False)
    both = anli("papers", CASE, "--to", "out", "--current", "--all-versions")
    assert (both.status, (tmp_path / "out").exists()) == (2, False)
    (picture,) = [each["sha256"] for each in anli.json("show", CASE)["documents"] if each["role"] == "picture"]
    (stored,) = tmp_path.rglob(picture)
    stored.chmod(0o600)
    stored.unlink()
    gone = anli("papers", CASE, "--to", "out")
    assert (gone.status, (tmp_path / "out").exists()) == (4, False)
    assert picture in gone.err


def test_what_was_erased_is_named_and_missed_by_nobody(anli: Program, tmp_path: Path) -> None:
    assert anli("audit", "redact", CASE, "--originals", "--reason", "应要求").status == 0
    (papers,) = anli.json("papers", CASE, "--to", "out", "--contacts")
    assert [(left["role"], left["why"]) for left in papers["left_out"]] == [("form", "已应要求删除")]
    assert [each["role"] for each in papers["files"]].count("form") == 1
    (page,) = (tmp_path / papers["folder"]).glob("*.html")
    assert "联系信息已应要求删除" in page.read_text("utf-8")


def test_every_version_can_be_asked_for(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    assert anli("intake", MAILBOX).status == 0
    twice = [case["id"] for case in anli.json("cases") if len(forms_of(anli, case["id"])) > 1]
    assert twice
    (current,) = anli.json("papers", twice[0], "--to", "current")
    (every,) = anli.json("papers", twice[0], "--to", "every", "--all-versions")
    assert not [each for each in current["files"] if "/" in each["file"]]
    places = {each["file"].partition("/")[0] for each in every["files"]}
    assert places == {"第1稿", "第2稿"}
    assert set(contents(tmp_path / every["folder"])) == {each["file"].replace("/", os.sep) for each in every["files"]}


def forms_of(anli: Program, case: str) -> set[Any]:
    return {document["form_id"] for document in anli.json("show", case)["documents"]}


def test_a_page_speaks_english_where_that_is_asked(anli: Program, tmp_path: Path) -> None:
    (papers,) = anli.json("papers", CASE, "--to", "out", ANLI_LANG="en")
    folder = tmp_path / papers["folder"]
    assert (folder / "list.txt").read_text("utf-8").startswith("# List of papers\n")
    (page,) = folder.glob("*.html")
    assert '<html lang="en">' in page.read_text("utf-8")
    assert "Opinion of the recommending unit" in page.read_text("utf-8")
    (docx,) = folder.glob("*.docx")
    assert "推荐单位意见" in spelled_out(docx.name, docx.read_bytes())


def taken(anli: Program, *parts: Part) -> str:
    """The number of the case that a mail with these parts became."""
    file = anli.folder / "sent.eml"
    file.write_bytes(mail(*parts, sender=b"wxb@wuhan.example"))
    (submission,) = anli.json("intake", file)["submissions"]
    (case,) = submission["cases"]
    return str(case)


def test_a_contact_in_the_text_or_in_a_files_name_is_blotted_out(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    said = f"{CONTENT}\n详询联系人甲（027 6000 0000），湖北省示例市示例路1号。"
    number = taken(
        anli,
        Part("推荐表.docx", form(案例内容=said)),
        Part("联系人甲-02760000000-盖章扫描件.pdf", PDF),
        Part("活动现场.jpg", picture()),
    )
    (papers,) = anli.json("papers", number, "--to", "out")
    assert "picture" in {each["role"] for each in papers["files"]}
    shown = "".join(spelled_out(name, data) for name, data in contents(tmp_path / "out").items())
    for word in (shown, str(papers["left_out"]), anli("papers", number, "--to", "again").out):
        assert not [secret for secret in ("联系人甲", "60000000", "6000 0000", "示例路1号") if secret in word]
    assert "详询〔略〕（〔略〕），〔略〕。" in shown
    assert "3处" in shown


def test_what_may_be_the_stamped_page_is_no_picture_to_hand_out(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    number = taken(
        anli,
        Part("推荐表.docx", form()),
        Part("mmexport1718676600.jpg", picture()),
        Part("现场活动.jpg", b"027-60000000"),
    )
    (papers,) = anli.json("papers", number, "--to", "doubted")
    assert [each["role"] for each in papers["files"]] == ["form", "page", "list"]
    assert {left["document"] for left in papers["left_out"]} == {
        "推荐表.docx", "mmexport1718676600.jpg", "现场活动.jpg",
    }  # fmt: skip
    settle = ["settle", "1", "--scan", "mmexport1718676600.jpg", "--reason", "已核对"]
    assert anli(*settle).status == 0
    (settled,) = anli.json("papers", number, "--to", "settled", "--all-versions")
    assert "picture" not in {each["role"] for each in settled["files"]}
    assert [left["role"] for left in settled["left_out"]].count("scan") == 1


def test_hostile_names_and_texts_come_out_harmless_and_whole(tmp_path: Path, database_url: str) -> None:
    anli = Program(tmp_path, database_url)
    assert anli("init", "--rehearsal").status == 0
    name = '案例<script>alert("1")</script>../..\\CON:*?|\u202egpj.一\U00020000=1+1' + "长" * 300
    long = "字" * 20_000
    number = taken(
        anli,
        Part("推荐表.docx", form(案例名称=name, 案例内容=f"{CONTENT}\n{long}\n=HYPERLINK(1)&lt;{{{{7*7}}}}")),
        Part("盖章扫描件.pdf", PDF),
        Part("活动现场.jpg.exe", picture()),
    )
    (papers,) = anli.json("papers", number, "--to", "out")
    found = contents(tmp_path / papers["folder"])
    assert set(found) == {each["file"] for each in papers["files"]}
    for file in (papers["folder"].rpartition("/")[2], *found):
        assert len(file.encode()) < 255
        assert not set(file) & set('<>:"/\\|?*\u202e')
    (page,) = [data.decode() for file, data in found.items() if file.endswith(".html")]
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert long in page
    assert "=HYPERLINK(1)&amp;lt;{{7*7}}" in page
    assert "\U00020000" in page
    assert not [file for file in found if file.endswith(".exe")]
