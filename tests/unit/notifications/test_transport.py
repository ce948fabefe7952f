"""Addresses that letters leave by, what servers say, and the Maildir."""

import asyncio
import mailbox
from collections.abc import Sequence
from pathlib import Path

import pytest

from notifications.handover import Handover, Transport
from notifications.maildir import MaildirTransport
from notifications.transport import SmtpTransport, TransportUnusable, open_transport

MESSAGE = b"From: anli@anli.example\r\nTo: wxb@wuhan.example\r\nSubject: test\r\n\r\ntext\r\n"


def send(address: str) -> Handover:
    async def once() -> Handover:
        async with open_transport(address) as opened:
            return await opened.send("anli@anli.example", ["wxb@wuhan.example"], MESSAGE)

    return asyncio.run(once())


@pytest.mark.parametrize(
    "address",
    [
        *("", "maildir", "maildir:", "smtp:", "smtp://", "smtp://:25", "smtp://h:port", "smtp://h:70000"),
        *("http://h", "smtp://user:secret@h", "smtp://[::1", "SMTPX://h"),
        *("smtp://h?connections", "smtp://h?connections=0", "smtp://h?connections=９", "smtp://h?speed=1"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(TransportUnusable):
        open_transport(address)


@pytest.mark.parametrize(
    ("address", "port", "start_tls", "implicit"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtp://mail.example:2525", 2525, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp://localhost", 25, False, False),
        ("smtp://127.0.0.1:1025", 1025, False, False),
        ("smtp://[::1]:1025", 1025, False, False),
        ("smtp://localhost.other.example", 587, True, False),
        ("smtp://127.0.0.1.other.example", 587, True, False),
    ],
)
def test_a_password_never_leaves_in_the_clear(address: str, port: int, start_tls: bool, implicit: bool) -> None:
    opened = open_transport(address, "secret")
    assert isinstance(opened, SmtpTransport)
    assert (opened._port, opened._start_tls, opened._implicit_tls) == (port, start_tls, implicit)


@pytest.mark.parametrize(
    ("address", "leaves"),
    [
        *((f"smtp://{host}", False) for host in ("localhost", "LOCALHOST", "127.0.0.1:1025", "[::1]:1025")),
        *((f"smtp://{host}", True) for host in ("mail.example", "localhost.other.example", "127.0.0.1.other.example")),
        ("smtps://mail.example", True),
        ("maildir:box", False),
    ],
)
def test_each_says_whether_its_letters_leave_the_machine(address: str, leaves: bool) -> None:
    assert open_transport(address).leaves_the_machine is leaves


def test_of_a_transport_that_does_not_say_so_they_leave() -> None:
    class Pigeon(Transport):
        width = 1

        def room(self) -> int | None:
            return None

        async def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Handover:
            return Handover("unknown")

        async def __aenter__(self) -> Transport:
            return self

        async def __aexit__(self, *error: object) -> None:
            pass

    assert Pigeon().leaves_the_machine


def test_a_user_with_an_at_sign_is_one_user() -> None:
    opened = open_transport("smtp://anli%40mail.example@mail.example", "secret")
    assert isinstance(opened, SmtpTransport)
    assert (opened._user, opened._host) == ("anli@mail.example", "mail.example")


def test_a_maildir_is_made_and_filled(tmp_path: Path) -> None:
    answer = send(f"maildir:{tmp_path / 'deep' / 'box'}")
    assert answer.state == "sent"
    (kept,) = mailbox.Maildir(tmp_path / "deep" / "box")
    assert kept.as_bytes().replace(b"\n", b"\r\n") == MESSAGE


def test_a_maildir_that_cannot_be_made_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert send(f"maildir:{tmp_path / 'file'}").state == "failed"
    assert send(f"maildir:{tmp_path / 'file' / 'box'}").state == "failed"


def test_a_maildir_is_not_made_before_there_is_a_letter(tmp_path: Path) -> None:
    async def nothing() -> None:
        async with MaildirTransport(tmp_path / "box"):
            pass

    asyncio.run(nothing())
    assert not (tmp_path / "box").exists()
