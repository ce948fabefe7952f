"""A mail inside a mail is opened, however it was wrapped, and one that cannot be is named."""

import base64
import quopri

import pytest
from asn1crypto import cms

from tests.builders.mails import Part, mail
from workflow.intake.mail import read_mail

INNER = mail(Part("里面.docx", b"data"), sender=b"inner@unit.example", text="里面的话")
RFC822 = (b"Content-Type: message/rfc822", b'Content-Disposition: attachment; filename="y.eml"')


def outer(content: bytes, *headers: bytes) -> bytes:
    return mail(sender=b"outer@unit.example").replace(
        b"--=_boundary_of_the_test--",
        b"--=_boundary_of_the_test\r\n" + b"\r\n".join(headers) + b"\r\n\r\n" + content
        + b"\r\n--=_boundary_of_the_test--",
    )  # fmt: skip


def signed(content: bytes | None) -> bytes:
    inside = {"content_type": "data", "content": content} if content is not None else {"content_type": "data"}
    data = cms.SignedData({"version": "v1", "digest_algorithms": [], "encap_content_info": inside, "signer_infos": []})
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (INNER, b"8bit"),
        (base64.encodebytes(INNER), b"base64"),
        (base64.encodebytes(INNER), b"BASE64; charset=x"),
        (quopri.encodestring(INNER), b"quoted-printable"),
    ],
)
def test_a_mail_under_any_encoding(content: bytes, encoding: bytes) -> None:
    found = read_mail(outer(content, *RFC822, b"Content-Transfer-Encoding: " + encoding))
    assert [(attachment.filename, attachment.data) for attachment in found.attachments] == [("里面.docx", b"data")]
    assert found.text == "材料见附件。\n里面的话"
    assert found.writers == ("inner@unit.example",)
    assert found.reasons == ()


def test_a_multipart_under_base64() -> None:
    head, _, body = INNER.partition(b"\r\n\r\n")
    kind = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Type"))
    found = read_mail(outer(base64.encodebytes(body), kind, b"Content-Transfer-Encoding: base64"))
    assert [attachment.filename for attachment in found.attachments] == ["里面.docx"]


@pytest.mark.parametrize("armoured", [False, True])
def test_a_signed_mail(armoured: bool) -> None:
    data = signed(INNER)
    data = b"-----BEGIN CMS-----\n" + base64.encodebytes(data) + b"-----END CMS-----\n" if armoured else data
    found = read_mail(mail(Part("smime.p7m", data)))
    assert [attachment.filename for attachment in found.attachments] == ["里面.docx"]
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (bytes(cms.ContentInfo({"content_type": "enveloped_data"}).dump()), "encrypted"),
        (signed(None), "damaged"),
        (signed(INNER)[:200], "damaged"),
        (b"\x30\x80" * 5000, "damaged"),
        (b"", ""),
    ],
)
def test_a_mail_that_cannot_be_opened_is_named(data: bytes, cause: str) -> None:
    found = read_mail(mail(Part("密件.p7m", data)))
    assert [attachment.filename for attachment in found.attachments] == ["密件.p7m"]
    named = [(reason.code, reason.values["filename"], reason.values["cause"]) for reason in found.reasons]
    assert named == ([("mail-unopened", "密件.p7m", cause)] if cause else [])


def test_mails_of_a_mailbox_that_was_attached() -> None:
    many = b"From a Thu Jun 20 10:12:00 2024\r\n" + INNER + b"\r\n" + b"From b Thu Jun 20 10:12:00 2024\r\n" + INNER
    found = read_mail(mail(Part("导出.mbox", many)))
    assert [attachment.filename for attachment in found.attachments] == ["里面.docx"] * 2


@pytest.mark.parametrize(
    "quoted",
    [
        "-----原始邮件-----\n发件人: 示例市委网信办 <wxb@unit.example>\n发送时间: 2024年6月20日",
        '> From: "Office" <WXB@unit.example>\n> Date: today',
        "发件人：wxb@unit.example",
        "*发件人*：示例 [mailto:wxb@unit.example]",
    ],
)
def test_who_wrote_what_was_forwarded_in_the_text(quoted: str) -> None:
    assert read_mail(mail(text=quoted, sender=b"someone@elsewhere.example")).writers == ("wxb@unit.example",)
    assert read_mail(mail(text=quoted)).writers == ()
