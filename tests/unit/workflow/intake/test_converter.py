"""Forms in other formats than .docx become cases where a converter is, and cost no other form where it fails."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from tests.builders.converters import copying, libreoffice, page, saved_as, stand_in
from tests.builders.forms import document, form, report
from tests.builders.mails import Part, mail
from workflow.intake import limits
from workflow.intake.converter import ConversionFailed, Converter, find_converter
from workflow.intake.submission import Submission, read_submission

OLD = b"{\\rtf1 x}"
REPORT = report(("文化创意", "云上读书会", "示例县图书馆", "联系人甲", "027-60000000"))


def read(converter: Path | None, *parts: Part) -> Submission:
    return read_submission(mail(*parts), converter=Converter(converter) if converter is not None else None)


def faults(submission: Submission) -> list[tuple[object, object]]:
    return [
        (reason.values["filename"], reason.values["cause"])
        for reason in submission.reasons
        if reason.code == "form-unreadable"
    ]


def test_a_form_is_read_from_its_copy_and_both_are_kept(tmp_path: Path) -> None:
    found = read(copying(tmp_path, form()), Part("推荐表.doc", OLD))
    (dossier,) = found.dossiers
    assert dossier.form.name == "云上读书会"
    digest = hashlib.sha256(OLD).hexdigest()
    (said,) = [reason for reason in dossier.reasons if reason.code == "form-converted"]
    assert not said.blocking
    assert (said.values["filename"], said.values["format"], said.values["original"]) == ("推荐表.doc", "RTF", digest)
    assert dossier.form_sha256 == digest
    assert dossier.documents == (digest, said.values["copy"])
    kept = {original.role: original for original in found.originals}
    assert kept["form"].data == OLD
    assert kept["copy"].filename == "推荐表.doc.docx"
    assert hashlib.sha256(kept["copy"].data).hexdigest() == kept["copy"].sha256 == said.values["copy"]


def test_the_same_file_gives_the_same_copy(tmp_path: Path) -> None:
    script = f'cp "{tmp_path}/made.docx" "$made/form.docx"; sleep 2; touch "$made/form.docx"'
    (tmp_path / "made.docx").write_bytes(form())
    converter = Converter(stand_in(tmp_path, script))
    assert converter.convert(OLD, "RTF") == converter.convert(OLD, "RTF")


def test_a_report_is_read_from_its_copy(tmp_path: Path) -> None:
    found = read(copying(tmp_path, REPORT), Part("表.docx", form()), Part("汇报表.doc", OLD))
    assert found.report is not None
    assert [reason.values["filename"] for reason in found.reasons if reason.code == "form-converted"] == ["汇报表.doc"]


def test_without_a_converter_the_form_is_asked_for_again() -> None:
    assert faults(read(None, Part("推荐表.doc", OLD))) == [("推荐表.doc", "format")]


def test_a_copy_that_holds_no_form_is_not_kept(tmp_path: Path) -> None:
    found = read(copying(tmp_path, document("别的")), Part("推荐表.doc", OLD))
    assert faults(found) == [("推荐表.doc", "no-form")]
    assert [original.role for original in found.originals] == ["refused"]


@pytest.mark.parametrize(
    "script",
    [
        "exit 3",
        "exit 0",
        "kill -9 $$",
        'echo nothing > "$made/form.docx"',
        'ln -s /etc/hostname "$made/form.docx"',
        'head -c 40000000 /dev/zero > "$made/form.docx"',
        'touch "$made/a.docx" "$made/b.docx"',
        "exec /nonexistent",
    ],
)
def test_a_converter_that_fails_costs_its_own_form_only(tmp_path: Path, script: str) -> None:
    found = read(
        stand_in(tmp_path, script), Part("甲.doc", OLD), Part("表.docx", form()), Part("推荐表.rtf", OLD + b" ")
    )
    assert [dossier.form.name for dossier in found.dossiers] == ["云上读书会"]
    assert faults(found) == [("甲.doc", "conversion"), ("推荐表.rtf", "conversion")]


def test_a_converter_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONVERSION_SECONDS", 2)
    monkeypatch.setattr(limits, "CONVERSION_SECONDS_OF_MAIL", 3)
    script = f'trap "" TERM; (trap "" TERM; echo $$ > {tmp_path}/a; sleep 300) & echo $! > {tmp_path}/b; sleep 300'
    began = time.monotonic()
    parts = [Part(f"推荐表{number}.doc", OLD + b" " * number) for number in range(9)]
    found = read(stand_in(tmp_path, script), *parts, Part("表.docx", form()))
    assert time.monotonic() - began < 20
    assert len(faults(found)) == 9
    assert [dossier.form.name for dossier in found.dossiers] == ["云上读书会"]
    child = int((tmp_path / "b").read_text())
    assert not _runs(child)


def _runs(process: int) -> bool:
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        status = Path(f"/proc/{process}/stat")
        if status.exists() and status.read_text().split()[2] == "Z":
            return False
        time.sleep(0.1)
    return True


def test_a_converter_learns_no_secret_of_the_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANLI_MAIL_PASSWORD", "secret")
    program = stand_in(tmp_path, f'env > "{tmp_path}/seen"')
    with pytest.raises(ConversionFailed):
        Converter(program).convert(OLD, "RTF")
    assert "secret" not in (tmp_path / "seen").read_text()


def test_which_program_converts(tmp_path: Path) -> None:
    program = copying(tmp_path, form())
    (tmp_path / "soffice").symlink_to(program)
    assert find_converter({"PATH": str(tmp_path)}) == tmp_path / "soffice"
    assert find_converter({"PATH": str(tmp_path), "ANLI_CONVERTER": str(program)}) == program
    assert find_converter({"PATH": str(tmp_path), "ANLI_CONVERTER": ""}) is None
    assert find_converter({"PATH": "", "ANLI_CONVERTER": "nowhere"}) is None
    assert find_converter({"PATH": str(tmp_path / "empty")}) is None


@pytest.mark.debian
@pytest.mark.parametrize(
    ("name", "kind", "filters"),
    [
        ("推荐表.doc", "doc", "MS Word 97"),
        ("推荐表.wps", "doc", "MS Word 97"),
        ("推荐表.rtf", "rtf", "Rich Text Format"),
        ("推荐表.odt", "odt", "writer8"),
    ],
)
def test_forms_as_libreoffice_saves_them(tmp_path: Path, name: str, kind: str, filters: str) -> None:
    (dossier,) = read(libreoffice(), Part(name, saved_as(tmp_path, kind, filters))).dossiers
    assert (dossier.form.name, dossier.form.categories) == ("云上读书会", (2,))
    assert dossier.form.headings_missing == ()


@pytest.mark.debian
def test_a_form_as_a_web_page() -> None:
    (dossier,) = read(libreoffice(), Part("推荐表.doc", page())).dossiers
    assert (dossier.form.name, dossier.form.contact_phone) == ("云上读书会", "027-60000000")


@pytest.mark.debian
@pytest.mark.parametrize(
    "data", [b"{\\rtf1 \\b" * 3000, b"{\\rtf1 x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)]
)
def test_what_libreoffice_makes_nothing_of(data: bytes) -> None:
    assert faults(read(libreoffice(), Part("推荐表.doc", data)))[0][0] == "推荐表.doc"
