"""A signature that a receiving server, here dkimpy's verifier, accepts, and that breaks when the letter is altered."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain_key import SIGNED, DomainKey
from notifications.message import Mailbox, write_message
from tests.builders.inbox import open_letter
from tests.builders.keys import name_server, rsa_key

WRITTEN = datetime(2024, 6, 28, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DNS = name_server("anli.example", "s2024")


def key() -> DomainKey:
    return DomainKey("anli.example", "s2024", rsa_key())


def letter(name: str = "武汉市", text: str = "请查收。", dates: bytes | None = None) -> bytes:
    headers: dict[str, str | Mailbox] = {
        "From": Mailbox("湖北网络文明案例推选办公室", "anli@anli.example"),
        "To": Mailbox(name, "wxb@wuhan.example"),
        "Reply-To": Mailbox("", "reply@anli.example"),
        "Subject": "推荐案例登记结果" * 5,
        "Date": "Fri, 28 Jun 2024 09:30:00 +0800",
        "Message-ID": "<0123456789abcdef0123456789abcdef@anli.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "zh",
    }
    return write_message(headers, text, f"<p>{text}</p>", dates)


def signed(message: bytes) -> bytes:
    return key().sign(message, WRITTEN) + message


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60), st.text(max_size=200), st.booleans())
def test_a_signed_letter_verifies(name: str, text: str, with_dates: bool) -> None:
    message = signed(
        letter(name, text.encode("utf-8", "replace").decode(), b"BEGIN:VCALENDAR\r\n" if with_dates else None)
    )
    assert dkim.verify(message, dnsfunc=DNS)


def test_the_signature_is_ascii_in_short_lines_and_names_what_it_covers() -> None:
    header = key().sign(letter(), WRITTEN)
    assert header.isascii()
    assert max(map(len, header.split(b"\r\n"))) <= 76
    value = str(open_letter(signed(letter()))["DKIM-Signature"])
    fields = dict(field.strip().split("=", 1) for field in value.split(";"))
    assert (fields["a"], fields["c"], fields["d"], fields["s"]) == (
        "rsa-sha256",
        "relaxed/relaxed",
        "anli.example",
        "s2024",
    )
    assert fields["t"] == str(int(WRITTEN.timestamp()))
    covered = "".join(fields["h"].split()).split(":")
    assert covered == list(SIGNED)
    present = open_letter(letter()).keys()
    assert {*covered} == {*present}
    assert covered.count("From") == 2


def test_the_same_letter_at_the_same_moment_has_the_same_signature() -> None:
    assert key().sign(letter(), WRITTEN) == key().sign(letter(), WRITTEN)
    assert key().sign(letter(), WRITTEN) != key().sign(letter(), WRITTEN + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"anli@anli.example", b"evil@anli.example"),
        (b"wxb@wuhan.example", b"wxb@other.example"),
        (b"Fri, 28 Jun", b"Sat, 29 Jun"),
        (b"auto-generated", b"no"),
        (b"From: ", b"From: x@other.example\r\nFrom: "),
        (b"text/html", b"text/plain"),
    ],
)
def test_an_altered_letter_does_not_verify(old: bytes, new: bytes) -> None:
    message = signed(letter())
    assert old in message
    assert dkim.verify(message, dnsfunc=DNS)
    assert not dkim.verify(message.replace(old, new, 1), dnsfunc=DNS)


def test_relays_may_fold_headers_anew_and_end_with_more_blank_lines() -> None:
    message = signed(letter()).replace(b"To: ", b"TO:   ", 1) + b"\r\n\r\n"
    assert dkim.verify(message, dnsfunc=DNS)


def test_the_secret_is_not_shown() -> None:
    assert repr(key()) == "DomainKey('anli.example', 's2024')"
