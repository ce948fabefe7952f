"""A mail becomes dossiers: each form with its own scan, pictures, videos and captions."""

from pathlib import Path

import pytest

from states.reasons import Reason
from tests.builders.forms import CONTENT, document, form, form_blocks, report, table
from tests.builders.mails import Part, archive, mail
from tests.builders.media import PDF, picture, png_header, track, video
from workflow.intake.dossier import Dossier
from workflow.intake.submission import Submission, read_submission

SAMPLE = Path(__file__).parents[4] / "workflow" / "demo" / "mailbox" / "01-xiaogan.eml"
ONE = form(案例名称="云上读书会", 申报单位="甲县图书馆")
TWO = form(案例名称="网上议事厅", 申报单位="乙县社区")


def read(*parts: Part, text: str = "见附件") -> Submission:
    return read_submission(mail(*parts, text=text))


def codes(submission: Submission) -> list[str]:
    return [reason.code for reason in submission.reasons if reason.code != "report-missing"]


def doubts(dossier: Dossier) -> list[Reason]:
    return [doubt for doubt in dossier.doubts if doubt.code != "report-scan-missing"]


def test_two_cases_share_one_mail() -> None:
    found = read(
        Part("乙县社区-推荐表.docx", TWO),
        Part("甲县图书馆-推荐表.docx", ONE),
        Part("云上读书会 扫描件.pdf", PDF),
        Part("乙县社区-推荐表(盖章).jpg", picture()),
        Part("网上议事厅图1.png", picture("PNG")),
        Part("甲县图书馆视频.mp4", video(track(1920, 1080))),
        Part("说明.txt", "网上议事厅图1：议事现场\n甲县图书馆视频.mp4：读书会\n实况".encode("gb18030")),
    )
    hall, club = found.dossiers
    assert (hall.form.name, club.form.name) == ("网上议事厅", "云上读书会")
    assert [scan.filename for scan in hall.scans] == ["乙县社区-推荐表(盖章).jpg"]
    assert [scan.filename for scan in club.scans] == ["云上读书会 扫描件.pdf"]
    assert [(each.filename, each.caption_characters) for each in hall.pictures] == [("网上议事厅图1.png", 4)]
    assert [(each.width, each.caption_characters) for each in club.videos] == [(1920, 5)]
    assert (found.unpaired, codes(found)) == ((), [])
    assert [original.role for original in found.originals] == [
        "form", "form", "scan", "scan", "picture", "video", "captions",
    ]  # fmt: skip
    assert hall.documents == tuple(found.originals[place].sha256 for place in (0, 3, 4))


def test_numbers_pair_what_names_do_not() -> None:
    parts = [Part("1.表.docx", ONE), Part("2.表.docx", TWO), Part("2、盖章.pdf", PDF), Part("1-照片.jpg", picture())]
    club, hall = read(*parts).dossiers
    assert [scan.filename for scan in hall.scans] == ["2、盖章.pdf"]
    assert [each.filename for each in club.pictures] == ["1-照片.jpg"]


def test_what_cannot_be_paired_is_told() -> None:
    found = read(Part("甲.docx", ONE), Part("乙.docx", TWO), Part("IMG_0001.jpg", picture()))
    assert found.unpaired == ("IMG_0001.jpg",)
    assert codes(found) == ["attachment-unpaired"]
    assert all(not dossier.pictures for dossier in found.dossiers)


def test_the_only_form_has_everything_but_the_reports_scan() -> None:
    found = read(
        Part("表.docx", ONE),
        Part("汇报表（盖章）.pdf", PDF),
        Part("IMG_0001.jpg", picture()),
        Part("活动方案.pdf", PDF),
        Part("汇报表.docx", report(("网络文化创意精品", "云上读书会", "甲县图书馆", "联系人甲", "027-60000000"))),
    )
    (dossier,) = found.dossiers
    assert dossier.scans == ()
    assert len(dossier.pictures) == 1
    assert [original.role for original in found.originals] == ["form", "report-scan", "picture", "other", "report"]
    assert found.reasons == ()


def test_words_of_the_case_name_are_not_taken_for_words_of_the_file() -> None:
    case = form(案例名称="盖章不用跑")
    (dossier,) = read(Part("盖章不用跑.docx", case), Part("盖章不用跑-图1.jpg", picture())).dossiers
    assert (len(dossier.scans), len(dossier.pictures)) == (0, 1)


def test_a_scan_must_really_open() -> None:
    for data in (b"%PDF-1.4 nothing", picture()[:200], b"text"):
        (dossier,) = read(Part("表.docx", ONE), Part("表（盖章）.pdf", data)).dossiers
        assert dossier.scans == ()
    (dossier,) = read(Part("表.docx", ONE), Part("表（盖章）.pdf", b"%PDF-1.4 nothing")).dossiers
    assert [(doubt.code, doubt.blocking) for doubt in doubts(dossier)] == [("scan-unreadable", True)]


def test_captions_in_the_body_and_in_the_form() -> None:
    (dossier,) = read(
        Part("表.docx", ONE), Part("1.jpg", picture()), text="图片说明\n1.jpg：现场照片\n联系人：某"
    ).dossiers
    assert dossier.pictures[0].caption_characters == 4
    told = document(*form_blocks(案例名称="云上读书会"), "图片说明：读书会现场")
    (dossier,) = read(Part("表.docx", told), Part("照片.jpg", picture())).dossiers
    assert dossier.pictures[0].caption_characters == 5


def test_captions_in_a_word_table() -> None:
    captions = document(table(["文件名", "说明"], ["照片1.jpg", "现场"], ["照片2", "合影留念"]))
    parts = [
        Part("表.docx", ONE),
        Part("照片1.jpg", picture()),
        Part("照片2.jpg", picture("JPEG", 301)),
        Part("图片说明.docx", captions),
    ]
    (dossier,) = read(*parts).dossiers
    assert [each.caption_characters for each in dossier.pictures] == [2, 4]


def test_a_broken_picture_is_kept_with_nothing_measured_and_a_reason() -> None:
    parts = [Part("表.docx", ONE), Part("断.jpg", picture()[:300]), Part("大.png", png_header(20000, 10000))]
    (dossier,) = read(*parts).dossiers
    assert [(each.format, each.dpi) for each in dossier.pictures] == [("JPG", 0.0), ("PNG", 0.0)]
    assert [reason.code for reason in dossier.reasons] == ["picture-unreadable", "picture-too-large"]


def test_forms_in_archives_pair_by_folder() -> None:
    members = {
        "案例甲/表.docx": ONE,
        "案例甲/照片.jpg": picture(),
        "案例乙/表.docx": TWO,
        "案例乙/盖章.pdf": PDF,
        "__MACOSX/案例甲/._表.docx": b"x",
        "../../逃.txt": b"x",
    }
    for raw_names in (False, True):
        found = read(Part("材料.zip", archive(members, raw_names=raw_names)))
        club, hall = found.dossiers
        assert (len(club.pictures), len(club.scans), len(hall.pictures), len(hall.scans)) == (1, 0, 0, 1)
        assert [original.filename for original in found.originals] == [
            "材料.zip", "表.docx", "照片.jpg", "表.docx", "盖章.pdf", "逃.txt",
        ]  # fmt: skip


def test_archives_that_cannot_be_read_are_kept_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.intake.seven_zip.find_program", lambda: None)
    nested = archive({"表.docx": ONE})
    for _ in range(10):
        nested = archive({"内.zip": nested})
    bomb = archive({"零.txt": bytes(40_000_000)})
    parts = [
        Part("一.rar", b"Rar!\x1a\x07\x00data"),
        Part("二.7z", b"7z\xbc\xaf\x27\x1c"),
        Part("winmail.dat", b"\x78\x9f\x3e\x22"),
    ]
    found = read(*parts, Part("十层.zip", nested), Part("弹.zip", bomb), Part("表.docx", ONE))
    reasons = [reason for reason in found.reasons if reason.code == "archive-unreadable"]
    assert [reason.values["cause"] for reason in reasons] == ["format", "format", "format", "too-deep", "too-large"]
    assert len(found.dossiers) == 1


def test_old_word_files_and_forms_as_pdf_have_to_be_sent_again() -> None:
    found = read(Part("推荐表.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)), Part("推荐表.wps", b"{\\rtf1"))
    assert codes(found) == ["form-unreadable", "form-unreadable", "no-form"]
    assert [reason.values.get("format") for reason in found.reasons][:2] == ["DOC", "RTF"]
    assert codes(read(Part("案例推荐表.pdf", PDF))) == ["form-unreadable", "no-form"]
    assert codes(read(Part("案例推荐表.docx", b"not a document"))) == ["form-unreadable", "no-form"]
    assert codes(read(Part("案例推荐表.docx", ONE[:900]))) == ["form-unreadable", "no-form"]


def test_a_blank_form_is_not_a_case() -> None:
    blank = form(申报单位="", 案例名称="", 案例简介="（案例简介不超过 200字）", 案例内容="一、背景意义")
    found = read(Part("空白.docx", blank), Part("表.docx", ONE), Part("照片.jpg", picture()))
    assert [dossier.form.name for dossier in found.dossiers] == ["云上读书会"]
    assert len(found.dossiers[0].pictures) == 1
    assert codes(found) == ["form-blank"]


def test_the_same_file_twice_counts_once() -> None:
    assert len(read(Part("表.docx", ONE), Part("表.docx", ONE)).dossiers) == 1


def test_a_form_is_known_by_its_labels_and_not_by_its_name() -> None:
    assert len(read(Part("新建 Microsoft Word 文档.docx", ONE)).dossiers) == 1
    assert read(Part("推荐表.docx", document("通知", CONTENT))).dossiers == ()


def test_a_shared_beginning_of_names_pairs() -> None:
    parts = [Part("城东数字乡村.docx", ONE), Part("城西智慧课堂.docx", TWO), Part("城西智慧课堂现场.jpg", picture())]
    club, hall = read(*parts).dossiers
    assert (len(club.pictures), len(hall.pictures)) == (0, 1)


def test_files_of_equal_bytes_stay_with_their_own_forms() -> None:
    submission = read_submission(SAMPLE.read_bytes())
    assert len({dossier.documents[1] for dossier in submission.dossiers}) == 1
    scans = [{name for name in dossier.filenames if name.endswith(".pdf")} for dossier in submission.dossiers]
    assert all(len(names) == 1 for names in scans)
    assert len(set.union(*scans)) == len(submission.dossiers)


def test_a_form_attached_twice_is_one_form() -> None:
    copy = Part("云上读书会-推荐表(1).docx", ONE)
    (dossier,) = (found := read(Part("云上读书会-推荐表.docx", ONE), copy, Part("盖章扫描件.pdf", PDF))).dossiers
    assert [scan.filename for scan in dossier.scans] == ["盖章扫描件.pdf"]
    assert (found.unpaired, codes(found)) == ((), [])
    assert [original.role for original in found.originals] == ["form", "form", "scan"]


def test_folders_of_one_archive_keep_to_themselves() -> None:
    members = {
        "甲案/表.docx": ONE,
        "甲案/盖章扫描件.pdf": PDF,
        "甲案/图1.jpg": picture(),
        "甲案/文字/图片说明.txt": ("图1.jpg：" + "甲" * 60).encode(),
        "乙案/表.docx": TWO,
        "乙案/盖章扫描件.pdf": PDF,
        "乙案/图1.jpg": picture("JPEG", 301),
        "乙案/图片说明.txt": ("图1.jpg：" + "乙" * 10).encode(),
    }
    found = read(Part("材料.zip", archive(members)))
    club, hall = found.dossiers
    assert [each.caption_characters for each in (*club.pictures, *hall.pictures)] == [60, 10]
    assert (len(club.scans), len(hall.scans)) == (1, 1)
    assert (found.unpaired, codes(found)) == ((), [])


def test_the_same_file_inside_and_outside_an_archive_counts_once() -> None:
    inside = archive({"甲案/图1.jpg": (same := picture())})
    (dossier,) = read(Part("表.docx", ONE), Part("图1.jpg", same), Part("材料.zip", inside)).dossiers
    assert [each.filename for each in dossier.pictures] == ["图1.jpg"]


def test_every_report_table_of_a_mail_counts() -> None:
    rows = [
        ("网络文化创意精品", name, applicant, "联系人甲", "027-60000000")
        for name, applicant in (("云上读书会", "甲县图书馆"), ("网上议事厅", "乙县社区"))
    ]
    tables = [
        Part(f"汇报表{unit}.docx", report(row, unit=unit)) for row, unit in zip(rows, ("甲市", "乙市"), strict=True)
    ]
    found = read(Part("云上读书会.docx", ONE), Part("网上议事厅.docx", TWO), *tables)
    assert found.report is not None
    assert (found.report.unit, [row.name for row in found.report.rows]) == ("甲市、乙市", ["云上读书会", "网上议事厅"])
    assert found.reasons == ()
