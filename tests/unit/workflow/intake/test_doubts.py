"""What a machine cannot decide is a doubt that names what was seen; what it can is none."""

import pytest

from states.doubts import DOUBTS
from tests.builders.forms import document, form
from tests.builders.mails import Part, archive, mail
from tests.builders.media import PDF, picture, track, video
from workflow.intake.dossier import Dossier
from workflow.intake.submission import Submission, read_submission

ONE = Part("1.云上读书会-推荐表.docx", form(案例名称="云上读书会", 申报单位="甲县图书馆"))
TWO = Part("2.网上议事厅-推荐表.docx", form(案例名称="网上议事厅", 申报单位="乙县社区"))
SCAN = Part("推荐表盖章扫描件.pdf", PDF)


def read(*parts: Part, text: str = "见附件") -> Submission:
    return read_submission(mail(*parts, text=text))


def seen(dossier: Dossier) -> list[tuple[str, object]]:
    """The doubts with the files that they name, but for the report's, which hardly a mail here brings."""
    return [
        (doubt.code, doubt.values.get("files", doubt.values.get("filename")))
        for doubt in dossier.doubts
        if doubt.code != "report-scan-missing"
    ]


def test_one_scan_for_two_forms_is_named_with_both() -> None:
    found = read(ONE, TWO, Part("推荐表盖章扫描件（合并）.pdf", PDF))
    assert [seen(dossier) for dossier in found.dossiers] == [[("scan-unclear", ["推荐表盖章扫描件（合并）.pdf"])]] * 2
    assert all(doubt.blocking for dossier in found.dossiers for doubt in dossier.doubts if doubt.code == "scan-unclear")
    assert [reason.code for reason in found.reasons] == ["report-missing"]


def test_a_form_that_has_its_own_scan_is_in_no_doubt() -> None:
    found = read(ONE, TWO, Part("云上读书会 盖章.pdf", PDF), Part("盖章扫描件.pdf", PDF))
    assert [seen(dossier) for dossier in found.dossiers] == [[], [("scan-unclear", ["盖章扫描件.pdf"])]]


@pytest.mark.parametrize(
    "name", ["mmexport1718676600123.jpg", "微信图片_20240618101010.jpg", "IMG_0001.png", "1.jpg", "云上读书会.jpg"]
)
def test_a_photo_that_may_be_the_scan(name: str) -> None:
    data = picture("PNG" if name.endswith("png") else "JPEG")
    (dossier,) = read(ONE, Part(name, data)).dossiers
    assert seen(dossier) == [("scan-unclear", [name])]
    (dossier,) = read(ONE, SCAN, Part(name, data)).dossiers
    assert seen(dossier) == []
    (dossier,) = read(ONE, Part(name, data), text=f"{name}：读书会现场").dossiers
    assert seen(dossier) == []


def test_a_document_that_may_be_the_scan() -> None:
    (dossier,) = read(ONE, Part("20240618101010.pdf", PDF)).dossiers
    assert seen(dossier) == [("scan-unclear", ["20240618101010.pdf"])]
    (dossier,) = read(ONE, Part("盖章扫描件.docx", document("（此处为扫描图片）"))).dossiers
    assert seen(dossier) == [("scan-unclear", ["盖章扫描件.docx"])]
    (dossier,) = read(ONE, Part("活动方案汇编.pdf", PDF)).dossiers
    assert seen(dossier) == []


def test_a_photo_of_a_ceremony_is_none() -> None:
    (dossier,) = read(ONE, Part("图1-合作协议签字仪式现场.jpg", picture())).dossiers
    assert (dossier.scans, len(dossier.pictures), seen(dossier)) == ((), 1, [])


def test_names_that_belie_their_bytes() -> None:
    (dossier,) = read(
        ONE, SCAN, Part("视频.mp4", picture()), Part("图1.jpg", picture("PNG")), Part("图2.jpeg", picture()),
        Part("短片.mp4", video(track(1920, 1080), brand=b"qt  ")),
    ).dossiers  # fmt: skip
    assert seen(dossier) == [
        ("media-misnamed", "视频.mp4"), ("media-misnamed", "图1.jpg"), ("media-misnamed", "短片.mp4"),
    ]  # fmt: skip
    assert [each.filename for each in dossier.pictures] == ["视频.mp4", "图1.jpg", "图2.jpeg"]
    assert not any(doubt.blocking for doubt in dossier.doubts)


def test_a_stamped_report_that_did_not_come() -> None:
    (dossier,) = read(ONE, SCAN).dossiers
    assert [(doubt.code, doubt.blocking) for doubt in dossier.doubts] == [("report-scan-missing", False)]
    (dossier,) = read(ONE, SCAN, Part("汇报表（盖章）.pdf", PDF)).dossiers
    assert dossier.doubts == ()


def test_a_zone_that_was_assumed_is_a_doubt_of_each_form() -> None:
    found = read_submission(mail(ONE, SCAN, headers=(b"Date: Sun, 30 Jun 2024 18:00:00 CST",)))
    assert [doubt.code for doubt in found.dossiers[0].doubts] == ["zone-assumed", "report-scan-missing"]
    assert found.doubts == found.dossiers[0].doubts


LINK = (
    '<div>视频见附件</div><div>从网易邮箱发来的超大附件</div><div><a href="https://attachment.mail.example/d?k=1">'
    "{}</a> (326.40M, 2024年7月5日 10:00 到期)</div>"
)


def paged(page: str, *parts: Part) -> Submission:
    raw = mail(*parts, text=page).replace(b"text/plain; charset=utf-8", b"text/html; charset=utf-8", 1)
    return read_submission(raw)


def test_a_file_that_came_as_a_link_is_named_with_its_size_and_end() -> None:
    (dossier,) = (found := paged(LINK.format("云上读书会视频.mp4"), ONE, SCAN)).dossiers
    (doubt,) = [doubt for doubt in dossier.doubts if doubt.code == "link-expires"]
    assert doubt.values == {"filename": "云上读书会视频.mp4", "size": "326.40M", "until": "2024-07-05T10:00:00+08:00"}
    assert not doubt.blocking
    assert doubt in found.doubts
    assert [reason.code for reason in found.reasons] == ["report-missing"]


def test_a_form_that_came_as_a_link_is_said_to() -> None:
    for name in ("云上读书会-推荐表.docx", "申报材料.zip"):
        found = paged(LINK.format(name))
        assert [(reason.code, reason.values.get("files")) for reason in found.reasons] == [
            ("form-linked", [name]), ("no-form", None),
        ]  # fmt: skip
    assert [reason.code for reason in paged(LINK.format("视频.mp4")).reasons] == ["no-form"]


def test_the_unit_that_wrote_the_mail_inside_is_known() -> None:
    inner = mail(ONE, SCAN, sender=b"wxb@wuhan.example")
    for part in (Part("转发.eml", inner), Part("邮件.zip", archive({"一/来件.eml": inner}))):
        found = read_submission(mail(part, sender=b"someone@elsewhere.example"))
        assert found.writers == ("wxb@wuhan.example",)
        assert len(found.dossiers) == 1
        assert len(found.dossiers[0].scans) == 1


def test_every_doubt_is_one_that_the_law_knows() -> None:
    found = [
        read(ONE, Part("mmexport1.jpg", picture()), Part("2.mp4", picture())),
        read(ONE, Part("盖章.pdf", b"%PDF-1.4 torn")),
        paged(LINK.format("云上读书会视频.mp4"), ONE),
        read_submission(mail(ONE, headers=(b"Date: Sun, 30 Jun 2024 18:00:00 CST",))),
        read(Part("表.docx", form(申报类别="〇 1.理论政策宣传 ⊛ 2.网络文化创意精品"))),
    ]
    seen = {doubt for submission in found for dossier in submission.dossiers for doubt in each(dossier)}
    assert seen == set(DOUBTS.items())


def each(dossier: Dossier) -> set[tuple[str, bool]]:
    return {(doubt.code, doubt.blocking) for doubt in dossier.doubts}
