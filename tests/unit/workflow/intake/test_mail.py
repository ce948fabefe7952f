"""Mails are read with the charsets and names that mail programs really write."""

import base64
import binascii
import time
import tracemalloc
from urllib.parse import quote_from_bytes

import pytest

from tests.builders.mails import Part, mail
from tests.builders.media import PDF
from workflow.intake import limits
from workflow.intake.mail import read_mail

NAME = "澴川读书会-推荐表.docx"
DATE = b"Date: Thu, 20 Jun 2024 09:00:00 +0800"


def disposition(value: bytes) -> tuple[bytes, ...]:
    return (b"Content-Type: application/octet-stream", b"Content-Disposition: attachment; " + value)


def encoded(name: str, charset: str, label: str) -> bytes:
    return f"=?{label}?B?{base64.b64encode(name.encode(charset)).decode()}?=".encode()


GB = NAME.encode("gb18030")
UTF8 = NAME.encode()


@pytest.mark.parametrize(
    "headers",
    [
        disposition(b"filename*=utf-8''" + quote_from_bytes(UTF8).encode()),
        disposition(b"filename*=gb2312'zh'" + quote_from_bytes(GB).encode()),
        disposition(
            b"filename*0*=GBK''" + quote_from_bytes(GB[:7]).encode() + b";\r\n filename*1*="
            + quote_from_bytes(GB[7:-5]).encode() + b";\r\n filename*2=.docx"
        ),
        disposition(b'filename="' + encoded(NAME, "utf-8", "utf-8") + b'"'),
        disposition(b"filename=" + encoded(NAME, "gb18030", "gb2312")),
        disposition(b'filename="' + encoded(NAME[:4], "utf-8", "utf8")
                    + b"\r\n " + encoded(NAME[4:], "utf-8", "utf8") + b'"'),
        disposition(b'filename*0="' + encoded(NAME, "utf-8", "utf-8")[:20] + b'";\r\n filename*1="'
                    + encoded(NAME, "utf-8", "utf-8")[20:] + b'"'),
        disposition(b"filename*=utf-8''" + quote_from_bytes(encoded(NAME, "utf-8", "utf-8")).encode()),
        disposition(b'filename="=?utf-8?B?' + base64.b64encode(UTF8)[:10] + b"?= =?utf-8?B?"
                    + base64.b64encode(UTF8)[10:] + b'?="'),
        disposition(b'filename="' + GB + b'"'),
        disposition(b'filename="' + UTF8 + b'"'),
        disposition(b'filename="' + quote_from_bytes(UTF8).encode() + b'"'),
        (b'Content-Type: application/octet-stream; name="' + encoded(NAME, "gb18030", "x-gbk") + b'"',),
        (b'Content-Type: application/octet-stream; name="' + GB + b'"', b"Content-Disposition: attachment"),
    ],
)  # fmt: skip
def test_names_of_attachments(headers: tuple[bytes, ...]) -> None:
    (attachment,) = read_mail(mail(Part("", b"data", headers))).attachments
    assert attachment.filename == NAME
    assert attachment.data == b"data"


def test_a_character_split_over_two_words_is_joined() -> None:
    data = NAME.encode()
    words = b" ".join(b"=?utf-8?B?" + base64.b64encode(piece) + b"?=" for piece in (data[:4], data[4:]))
    (attachment,) = read_mail(mail(Part("", b"data", disposition(b'filename="' + words + b'"')))).attachments
    assert attachment.filename == NAME


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\甲\\\\表.docx", "表.docx"),
        ("/abs/表.docx", "表.docx"),
        ("..", "attachment-3"),
        ("表\u202excod.exe", "表xcod.exe"),
        ("表\x07.docx", "表.docx"),
        ("a" * 300 + ".docx", "a" * 195 + ".docx"),
    ],
)
def test_a_name_is_never_a_path(sent: str, kept: str) -> None:
    (attachment,) = read_mail(mail(Part(sent, b"data"))).attachments
    assert attachment.filename == kept


@pytest.mark.parametrize("label", ["gb2312", "GBK", "x-gbk", "cp936", "hz-gb-2312", "gb18030", "us-ascii", "nonsense"])
def test_labels_of_the_gb_family_are_read_as_gb18030(label: str) -> None:
    text = "澴川镕㙍"
    raw = b"From: a@unit.example\r\nContent-Type: text/plain; charset=" + label.encode() + b"\r\n\r\n"
    assert read_mail(raw + text.encode("gb18030")).text == text


def test_real_hz_text() -> None:
    raw = b"From: a@unit.example\r\nContent-Type: text/plain; charset=hz-gb-2312\r\n\r\n~{<:Ky2;6C~}"
    assert "~{" not in read_mail(raw).text


def test_the_topmost_received_field_proves_the_time() -> None:
    headers = (
        b"Received: from a by b\r\n with ESMTP; Sun, 30 Jun 2024 23:59:59 +0800 (CST)",
        b"Received: from c by a; Sun, 30 Jun 2024 12:00:00 +0800",
        DATE,
    )
    found = read_mail(mail(headers=headers))
    assert found.received_at is not None
    assert found.received_at.isoformat() == "2024-06-30T15:59:59+00:00"
    assert found.received_proven
    assert found.reasons == ()


@pytest.mark.parametrize(
    "headers", [(DATE,), (b"Received: from a by b; never", DATE), (b"Received: from a by b", DATE)]
)
def test_a_date_alone_is_taken_with_a_warning(headers: tuple[bytes, ...]) -> None:
    found = read_mail(mail(headers=headers))
    assert found.received_at is not None
    assert found.received_at.isoformat() == "2024-06-20T01:00:00+00:00"
    assert not found.received_proven
    assert [(reason.code, reason.blocking) for reason in found.reasons] == [("received-time-unproven", False)]


@pytest.mark.parametrize("date", [b"", b"Date: tomorrow", b"Date: Thu, 99 Jun 99999 09:00:00 +0800"])
def test_no_date_at_all(date: bytes) -> None:
    found = read_mail(mail(headers=(date,) if date else ()))
    assert found.received_at is None
    assert [reason.code for reason in found.reasons] == ["received-time-unknown"]


def test_a_message_without_an_identifier_gets_one_from_its_bytes() -> None:
    one, again, other = read_mail(mail()), read_mail(mail()), read_mail(mail(text="别的"))
    assert one.message_id == again.message_id != other.message_id
    named = read_mail(mail(headers=(b"Message-ID: <abc@unit.example>",)))
    assert named.message_id == "<abc@unit.example>"


def test_senders() -> None:
    named = read_mail(mail(sender=encoded("示例市委网信办", "gb18030", "gb2312") + b" <WXB@Unit.example>"))
    assert (named.sender_address, named.sender_name) == ("wxb@unit.example", "示例市委网信办")
    raw = read_mail(mail(sender='"示例市" <a@unit.example>'.encode("gb18030")))
    assert (raw.sender_address, raw.sender_name) == ("a@unit.example", "示例市")
    assert read_mail(mail(sender=b"nobody")).sender_address == ""


@pytest.mark.parametrize(
    "sender",
    [
        '"武汉市 <wxb@wuhan.example>" <a@unit.example>',
        '"武汉市 \\"<wxb@wuhan.example>" <a@unit.example>',
        "武汉市 <wxb@wuhan.example> <a@unit.example>",
        "wxb@wuhan.example <a@unit.example>",
        "a@unit.example (武汉市 <wxb@wuhan.example>)",
        '"wxb@wuhan.example" <a@unit.example>, ',
        '"wxb@wuhan.example <a@unit.example>',
    ],
)
def test_a_name_that_looks_like_an_address_is_a_name(sender: str) -> None:
    for charset in ("utf-8", "gb18030"):
        assert read_mail(mail(sender=sender.encode(charset))).sender_address == "a@unit.example"


def forwarded(depth: int) -> bytes:
    inner = mail(Part("里面.docx", b"data"))
    for _ in range(depth):
        inner = b"Content-Type: message/rfc822\r\n\r\n" + inner
    return b"Received: from a by b; Thu, 20 Jun 2024 10:12:00 +0800\r\nFrom: a@unit.example\r\n" + inner


def test_forwarded_mails_are_opened_to_a_depth() -> None:
    assert [attachment.filename for attachment in read_mail(forwarded(3)).attachments] == ["里面.docx"]
    deep = read_mail(forwarded(limits.FORWARDED_DEPTH + 2))
    assert deep.attachments == ()
    assert [reason.code for reason in deep.reasons] == ["mail-nested-too-deep"]


def test_mails_attached_as_files_are_opened_too() -> None:
    raw = mail(Part("里面.docx", b"data"))
    for _ in range(3):
        raw = mail(Part("转发.eml", raw))
    assert [attachment.filename for attachment in read_mail(raw).attachments] == ["里面.docx"]
    for _ in range(10):
        raw = mail(Part("转发.eml", raw))
    deep = read_mail(raw)
    assert deep.attachments == ()
    assert [reason.code for reason in deep.reasons] == ["mail-nested-too-deep"]


@pytest.mark.parametrize("depth", [200, 3000])
def test_absurd_nesting_is_a_reason_and_not_a_crash(depth: int) -> None:
    head = b"From: a@unit.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth
    assert {"mail-nested-too-deep", "mail-unreadable"} & {reason.code for reason in read_mail(head).reasons}


def test_parts_in_parts_cost_no_more_than_parts() -> None:
    parts = (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (place, place) for place in range(900))
    raw = b"From: a@unit.example\r\n" + b"".join(parts) + b"\r\n" + b"x\r\n" * 40_000
    began = time.process_time()
    read = read_mail(raw)
    assert time.process_time() - began < 5
    assert "mail-nested-too-deep" in [reason.code for reason in read.reasons]


@pytest.mark.parametrize(
    ("encoded", "data"),
    [
        (b"5rmW\r\n5YyX", "湖北"),
        (b"5rmW5Yy", "湖\ufffd"),
        (b"5rmW5YyX5", "湖北"),
        (b"5r mW!5Y yX", "湖北"),
        (b"5rmW\xff5YyX", "湖北"),
        (b"5rmW5YyX====", "湖北"),
        (b"5rk=\r\nluWMlw==", "湖北"),
        (b"5rmW5YyX\r\n=\r\n-- \r\nA list of the office", "湖北"),
        (b"", ""),
    ],
)
def test_base64_however_broken(encoded: bytes, data: str) -> None:
    raw = b"Content-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" + encoded
    (attachment,) = read_mail(raw).attachments
    assert attachment.data.decode("utf-8", "replace") == data


@pytest.mark.parametrize(
    "encoding",
    [b"base64;", b"base64; x=y", b"(by hand) base64", b"base64 (b)", b'"base64"', b"Base64,", b"8bit", b"none"],
)
def test_an_encoding_that_is_said_loosely(encoding: bytes) -> None:
    told = PDF * 40
    parts = b"Content-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
    (attachment,) = read_mail(parts + base64.encodebytes(told)).attachments
    assert attachment.data == told


def test_a_file_under_uuencode() -> None:
    lines = b"".join(binascii.b2a_uu(PDF[start : start + 45]) for start in range(0, len(PDF), 45))
    raw = b"Content-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    (attachment,) = read_mail(raw + b"begin 644 a.pdf\r\n" + lines + b"`\nend\n").attachments
    assert attachment.data == PDF


def test_comments_in_a_content_type() -> None:
    raw = mail(Part("里面.docx", b"data")).replace(b"multipart/mixed;", b"multipart/mixed (one; boundary=x) ;")
    assert [attachment.filename for attachment in read_mail(raw).attachments] == ["里面.docx"]


def test_a_zone_that_was_assumed_is_said() -> None:
    found = read_mail(mail(headers=(b"Date: Sun, 30 Jun 2024 18:00:00 CST",)))
    assert found.received_at is not None
    assert found.received_at.isoformat() == "2024-06-30T10:00:00+00:00"
    assert [(doubt.code, doubt.values["zone"], doubt.blocking) for doubt in found.doubts] == [
        ("zone-assumed", "CST", False)
    ]
    assert read_mail(mail(headers=(DATE,))).doubts == ()


def test_a_header_field_without_end_costs_no_time() -> None:
    raw = b"Content-Type: multipart/mixed; " + b"boundary*1*=a;" * 100_000 + b"\r\nFrom: a@unit.example\r\n\r\ntext"
    assert read_mail(raw).sender_address == "a@unit.example"


def test_a_large_attachment_costs_a_few_times_its_size() -> None:
    raw = mail(Part("大.bin", bytes(8_000_000)))
    tracemalloc.start()
    (attachment,) = read_mail(raw).attachments
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(attachment.data) == 8_000_000
    assert peak < 5 * 8_000_000


def test_too_many_parts_are_not_read() -> None:
    found = read_mail(mail(*(Part(f"{number}.txt", b"x") for number in range(limits.ATTACHMENTS + 5))))
    assert len(found.attachments) == limits.ATTACHMENTS
    assert found.reasons[-1].code == "attachments-too-many"


def related(*parts: bytes, page: bytes) -> bytes:
    head = b"From: a@unit.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
    pieces = (b"Content-Type: text/html\r\n\r\n" + page, *parts)
    return head + b"".join(b"--b\r\n" + piece + b"\r\n" for piece in pieces) + b"--b--\r\n"


@pytest.mark.parametrize(
    ("page", "part", "inline"),
    [
        (b"<img src=cid:x>", b"Content-Type: image/png\r\nContent-ID: <x>\r\n\r\npng", True),
        (b"<img src='cid:X%40y'>", b"Content-Type: image/png\r\nContent-ID: <x@y>\r\n\r\npng", True),
        (b"<p>see</p>", b"Content-Type: image/png\r\nContent-ID: <x>\r\n\r\npng", False),
        (b"<img src=cid:x>", b"Content-Type: application/pdf\r\nContent-ID: <x>\r\n\r\n%PDF-", False),
        (b"<img src=cid:x>", b"Content-Type: video/mp4\r\nContent-ID: <x>\r\n\r\nvideo", False),
        (b"<img src=cid:y>", b"Content-Type: image/png\r\nContent-ID: <x>\r\n\r\npng", False),
        (
            b"<img src=cid:x>",
            b"Content-Type: image/png\r\nContent-ID: <x>\r\nContent-Disposition: attachment; filename=a.png\r\n\r\npng",
            False,
        ),
    ],
)
def test_only_a_picture_that_the_text_shows_is_inline(page: bytes, part: bytes, inline: bool) -> None:
    assert [attachment.inline for attachment in read_mail(related(part, page=page)).attachments] == [inline]


def test_a_picture_shown_by_the_text_is_inline() -> None:
    raw = (
        b"From: a@unit.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>one<style>no</style><img src=cid:x><br>two</p>\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <x>\r\n\r\npng\r\n--b--\r\n"
    )
    found = read_mail(raw)
    assert found.text == "one\ntwo"
    assert [attachment.inline for attachment in found.attachments] == [True]
