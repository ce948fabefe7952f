"""A scan is a page that opens; what a name says of it decides only where it says enough."""

import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from tests.builders.mails import archive
from tests.builders.media import PDF, pdf, picture
from workflow.intake.pdf import SMALL
from workflow.intake.refusal import Refusal
from workflow.intake.scan import Likely, check_scan, judge_name


def locked(user: str) -> bytes:
    """A PDF under passwords; one without a user's may be opened by anybody."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(PDF)))
    writer.encrypt(user, "owner", algorithm="AES-256")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def refused(data: bytes) -> tuple[str, object]:
    with pytest.raises(Refusal) as caught:
        check_scan(data, "扫描件.pdf")
    reason = caught.value.reason
    assert (reason.values["filename"], reason.blocking) == ("扫描件.pdf", True)
    return reason.code, reason.values["cause"]


def test_pages_that_open() -> None:
    ofd = archive(
        {"OFD.xml": b"<OFD/>", "Doc_0/Pages/Page_0/Content.xml": b"<Page/>", "Doc_0/Res/image_1.jpg": picture()}
    )
    assert check_scan(PDF, "a") == check_scan(pdf(3), "a") == "PDF"
    assert check_scan(b"\xef\xbb\xbf" + PDF + b"\r\n" * 20, "a") == "PDF"
    assert check_scan(locked(""), "a") == "PDF"
    assert check_scan(ofd, "a") == "OFD"
    assert check_scan(picture("TIFF"), "a") == "TIFF"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (locked("secret"), "encrypted"),
        (PDF[: len(PDF) // 2], "damaged"),
        (PDF[:40] + PDF[-30:], "damaged"),
        (pdf(0), "damaged"),
        (b"%PDF-1.4 nothing", "damaged"),
        (b"%PDF-1.4\n1 0 obj" + b"[" * 100_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n", "damaged"),
        (archive({"OFD.xml": b"<OFD/>"}), "damaged"),
        (picture()[:200], "damaged"),
        (b"text", "damaged"),
    ],
)
def test_pages_that_nobody_can_open(data: bytes, cause: str) -> None:
    assert refused(data) == ("scan-unreadable", cause)


def test_a_large_pdf_is_looked_at_outside() -> None:
    whole = PDF.replace(
        b"1 0 obj", b"9 0 obj<</Length 2000000>>stream\n" + bytes(SMALL) + b"\nendstream endobj\n1 0 obj", 1
    )
    assert len(whole) > SMALL
    assert check_scan(whole, "a") == "PDF"
    bomb = zlib.compress(bytes(50_000_000), 9)
    crafted = b"%PDF-1.5\n1 0 obj<</Type/XRef/W[1 2 1]/Size 50000000/Root 2 0 R/Filter/FlateDecode>>stream\n" + bomb
    assert refused(crafted + b" " * 2_000_000 + b"\nendstream endobj\nstartxref\n9\n%%EOF\n")[1] == "damaged"


@pytest.mark.parametrize(
    "words",
    [
        "推荐表（盖章扫描件）",
        "盖章件",
        "推荐表",
        "扫描0001",
        "scan_0001",
        "盖章",
        "盖章照片",
        "申报表签字盖章",
        "signed",
        "1-公章页",
    ],
)
def test_names_of_scans(words: str) -> None:
    assert judge_name(words, is_picture=True) is judge_name(words, is_picture=False) is Likely.YES


@pytest.mark.parametrize(
    "words",
    [
        "图1-合作协议签字仪式现场", "盖章现场", "扫码活动", "公章刻制培训", "扫描二维码参加活动",
        "图2 签字", "签约仪式", "designed",
        "stampede", "志愿者", "图1", "signing ceremony",
    ],
)  # fmt: skip
def test_names_of_photos(words: str) -> None:
    assert judge_name(words, is_picture=True) is Likely.NO


@pytest.mark.parametrize(
    "words",
    [
        "mmexport1718676600123", "微信图片_20240618101010", "img_20240618_101010", "dsc_0001", "wechatimg12",
        "qq图片20240618",
        "1", "扫描全能王 06-18-2024", "照片", "新文档", "5f2a9c0e77d1", "image", "推荐表填报现场", "意见书签字",
    ],
)  # fmt: skip
def test_names_that_say_nothing(words: str) -> None:
    assert judge_name(words, is_picture=True) in (Likely.MAYBE, Likely.YES)
    assert judge_name(words, is_picture=False) is not Likely.NO
