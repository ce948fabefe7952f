"""A message that a mail program reads back as it was written, and that any server passes on."""

from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.message import Mailbox, write_message
from tests.builders.inbox import open_letter, read_body

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=60)


def headers(name: str = "武汉市", subject: str = "推荐案例登记结果") -> dict[str, str | Mailbox]:
    return {
        "From": "anli@anli.example",
        "To": Mailbox(name, "wxb@wuhan.example"),
        "Subject": subject,
        "Message-ID": "<0123456789abcdef0123456789abcdef@anli.example>",
    }


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60)


@given(name=NAMES, subject=WORDS, lines=st.lists(WORDS | st.just(""), max_size=20))
def test_it_is_read_back_as_it_was_written(name: str, subject: str, lines: list[str]) -> None:
    message = write_message(headers(name, subject), "\n".join(lines), "<p>" + "\n".join(lines))
    letter = open_letter(message)
    to = make_header(decode_header(message_from_bytes(message)["To"]))
    assert str(to) == f"{name} <wxb@wuhan.example>"
    assert letter["Subject"] == subject
    assert read_body(message).splitlines() == "\n".join(lines).splitlines()
    html = letter.get_body(("html",))
    assert html is not None
    assert html.get_content().splitlines() == ("<p>" + "\n".join(lines)).splitlines()


@pytest.mark.parametrize("dates", [None, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_any_server_passes_it_on(dates: bytes | None) -> None:
    message = write_message(headers(), "请查收。\n" * 400, "<p>请查收。</p>" * 400, dates)
    assert message.isascii()
    assert max(map(len, message.split(b"\r\n"))) <= 78
    assert b"\n" not in message.replace(b"\r\n", b"")
    letter = open_letter(message)
    attached = [part.get_content() for part in letter.iter_attachments()]
    assert attached == ([] if dates is None else [dates.decode()])
    words = letter if dates is None else next(letter.iter_parts())
    assert words.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert (letter.get_content_type() == "multipart/mixed") is (dates is not None)


def test_a_checkpoint_arrives_byte_for_byte() -> None:
    note = "anli.example/0123456789abcdef\n12\n\n— anli.example c2lnbmF0dXJl\n".encode()
    message = write_message(headers(), "请查收。", "请查收。", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", note)
    dates, attached = open_letter(message).iter_attachments()
    assert dates.get_filename() == "dates.ics"
    assert attached.get_filename() == "checkpoint.txt"
    assert attached.get_payload(decode=True) == note


def test_a_header_cannot_begin_another() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        write_message(headers(subject="通知\r\nBcc: everyone@anli.example"), "", "")


@pytest.mark.parametrize("name", ["Wuhan", "武汉市", "Office, City; “Net”", '"', "湖北省" * 20])
def test_a_mailbox_is_read_back_as_it_was_written(name: str) -> None:
    message = write_message(headers(name), "", "")
    assert max(map(len, message.split(b"\r\n"))) <= 78
    to = str(make_header(decode_header(message_from_bytes(message)["To"].replace("\r\n", ""))))
    assert parseaddr(to) == (name, "wxb@wuhan.example") or to == f"{name} <wxb@wuhan.example>"


@pytest.mark.parametrize("address", ["", "wxb", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b"])
def test_what_is_no_address_is_refused(address: str) -> None:
    for name in ("Wuhan", "武汉市"):
        with pytest.raises((ValueError, MessageError)):
            write_message({"To": Mailbox(name, address)}, "", "")
