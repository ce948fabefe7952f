"""What stands before the first field of a mail, or among its fields and is none, loses nothing else."""

import pytest

from tests.builders.mails import Part, mail
from workflow.intake.found import is_mail
from workflow.intake.head import mend_head
from workflow.intake.mail import read_mail

WHOLE = mail(Part("里面.docx", b"data"), headers=(b"Date: Thu, 20 Jun 2024 09:00:00 +0800",))


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf\xef\xbb\xbf",
        b"\xc3\xaf\xc2\xbb\xc2\xbf",
        b"\r\n\r\n",
        b"\x00",
        b"From - Thu Jun 20 10:12:00 2024\r\n",
        b"\xef\xbb\xbfFrom a@unit.example Thu Jun 20 10:12:00 2024\n",
        "以下为邮件原文\r\n".encode(),
    ],
)
def test_bytes_before_the_first_field(before: bytes) -> None:
    assert is_mail(before + WHOLE)
    found, plain = read_mail(before + WHOLE), read_mail(WHOLE)
    assert (found.sender_address, found.received_at, found.text) == (
        plain.sender_address, plain.received_at, plain.text,
    )  # fmt: skip
    assert [attachment.filename for attachment in found.attachments] == ["里面.docx"]


def test_a_mail_saved_in_sixteen_bits() -> None:
    assert read_mail(WHOLE.decode().encode("utf-16")).attachments == read_mail(WHOLE).attachments


@pytest.mark.parametrize(
    "line",
    [b"a line that is no field", "主题：案例".encode(), b"From somebody else", b"X-Folded :\r\n yes", b"@@@", b": x"],
)
@pytest.mark.parametrize("place", [b"From: ", b"To: ", b"Content-Type: "])
def test_a_bad_line_among_the_fields(line: bytes, place: bytes) -> None:
    found = read_mail(WHOLE.replace(place, line + b"\r\n" + place, 1))
    assert found.sender_address == "wxb@unit.example"
    assert found.received_at is not None
    assert [attachment.data for attachment in found.attachments] == [b"data"]


def test_a_bad_line_in_the_head_of_a_part() -> None:
    bad = WHOLE.replace(b"Content-Disposition: attachment", b"bad line\r\nContent-Disposition: attachment")
    (attachment,) = read_mail(bad).attachments
    assert (attachment.filename, attachment.data) == ("里面.docx", b"data")


def test_a_field_that_goes_on_at_the_margin() -> None:
    loose = WHOLE.replace(b"multipart/mixed; boundary", b"multipart/mixed;\r\nboundary")
    assert len(read_mail(loose).attachments) == 1
    assert mend_head(b"Subject: =?utf-8?b?YQ==?=\n=?utf-8?b?Yg==?=\n\n") == (
        b"Subject: =?utf-8?b?YQ==?=\n =?utf-8?b?Yg==?=\n\n"
    )


def test_a_boundary_that_is_not_the_one_named() -> None:
    other = WHOLE.replace(b'boundary="=_', b'boundary="=_not_', 1)
    assert [attachment.filename for attachment in read_mail(other).attachments] == ["里面.docx"]


@pytest.mark.parametrize("raw", [b"", b"words only", b"words\r\n\r\nFrom: a quotation", WHOLE])
def test_what_needs_no_mending_stays(raw: bytes) -> None:
    assert mend_head(raw) == raw
