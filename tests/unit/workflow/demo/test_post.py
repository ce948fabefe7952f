import email
import email.policy
from datetime import UTC, datetime

import pytest

from workflow.demo.post import Attachment, Naming, UnitMail, write_letter

NAME = "1.孝昌县示例读书会-“槐荫书房”云阅读-推荐表（盖章扫描件）.pdf"
SENT_AT = datetime(2024, 6, 30, 16, 0, 1, tzinfo=UTC)


def make_letter(naming: Naming = "rfc2231", stamped: bool = True) -> UnitMail:
    files = (
        Attachment(NAME, "application/pdf", b"%PDF-1.4"),
        Attachment("图片说明.txt", "text/plain", b"\xe5\x9b\xbe"),
    )
    return UnitMail(
        "孝感市委网信办",
        "wxb@xiaogan.example",
        "报送案例",
        "请查收。\n",
        SENT_AT,
        "<a@xiaogan.example>",
        files,
        naming,
        stamped,
    )


@pytest.mark.parametrize("naming", ["rfc2231", "rfc2047"])
def test_file_names_come_back(naming: Naming) -> None:
    message = email.message_from_bytes(write_letter(make_letter(naming)), policy=email.policy.default)
    assert [part.get_filename() for part in message.iter_attachments()] == [NAME, "图片说明.txt"]
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf", "text/plain"]


def test_raw_names_are_bytes_in_gb18030() -> None:
    written = write_letter(make_letter("raw"))
    assert b'filename="' + NAME.encode("gb18030") + b'"' in written
    message = email.message_from_bytes(written, policy=email.policy.default)
    assert message["Subject"] == "报送案例"
    body = message.get_body()
    assert body is not None
    assert body.get_content_charset() == "gb18030"
    assert body.get_content().strip() == "请查收。"


def test_topmost_received_is_when_it_came_though_its_date_is_earlier() -> None:
    message = email.message_from_bytes(write_letter(make_letter()), policy=email.policy.default)
    received = message.get_all("Received", [])
    assert len(received) == 2
    assert received[0].endswith("; Mon, 01 Jul 2024 00:00:01 +0800")
    assert message["Date"] == "Sun, 30 Jun 2024 23:59:36 +0800"
    assert message["From"] == "孝感市委网信办 <wxb@xiaogan.example>"


def test_without_stamps_only_the_date_tells() -> None:
    message = email.message_from_bytes(write_letter(make_letter(stamped=False)), policy=email.policy.default)
    assert message["Received"] is None
    assert message["Date"].datetime == SENT_AT


@pytest.mark.parametrize("naming", ["rfc2231", "rfc2047", "raw"])
def test_lines_are_short_end_in_crlf_and_repeat(naming: Naming) -> None:
    written = write_letter(make_letter(naming))
    assert written == write_letter(make_letter(naming))
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, written.split(b"\r\n"))) <= 998
