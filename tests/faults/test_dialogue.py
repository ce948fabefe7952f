"""A mail server that fails at any step of its dialogue: what a letter's fate is, and that the next one fares well."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notifications.handover import Handover
from notifications.transport import open_transport
from tests.builders.certificate import make_certificate
from tests.faults.server import Behaviour, mail_server

SENDER, RECIPIENT, OTHER = "anli@anli.example", "wxb@wuhan.example", "wxb@huangshi.example"
MESSAGE = b"Subject: test\r\n\r\n.text\r\n..\r\nend\r\n"
NOT_LOOPBACK = "127.0.0.2"
STEPS = ("greeting", "ehlo", "mail", "rcpt", "data", "dot")
HANGING, AT_LEISURE = 1.5, 60.0
"""Seconds for one letter: where the server is not to answer, and where it is."""


def send(
    address: str, count: int = 1, recipients: tuple[str, ...] = (RECIPIENT,), deadline: float = AT_LEISURE
) -> list[Handover]:
    """What becomes of some letters, one after the other."""

    async def all_of_them() -> list[Handover]:
        async with open_transport(address, "secret", deadline) as transport:
            return [await transport.send(SENDER, recipients, MESSAGE) for _ in range(count)]

    return asyncio.run(all_of_them())


@pytest.fixture
def served() -> Iterator[tuple[Behaviour, str]]:
    with mail_server() as running:
        yield running


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", ["reset", "close", "hang"])
def test_a_broken_connection_is_known_or_unknown_and_never_used_again(
    served: tuple[Behaviour, str], step: str, fault: str
) -> None:
    behaviour, address = served
    behaviour.faults[step] = fault
    first, second = send(address, 2, deadline=HANGING if fault == "hang" else AT_LEISURE)
    assert first.state == ("unknown" if step == "dot" else "deferred")
    assert first.words
    assert first.rest == (step in ("greeting", "ehlo"))
    assert second.state == "sent"
    assert behaviour.connections == 2
    assert len(behaviour.received) == (2 if step == "dot" else 1)


@pytest.mark.parametrize("step", STEPS[2:])
@pytest.mark.parametrize(("reply", "state"), [("451 4.3.0 not now", "deferred"), ("554 5.6.0 never", "failed")])
def test_a_refusal_leaves_the_connection_in_use(
    served: tuple[Behaviour, str], step: str, reply: str, state: str
) -> None:
    behaviour, address = served
    behaviour.faults[step] = reply
    first, second = send(address, 2)
    assert (first.state, first.words) == (state, reply)
    assert first.step == {"mail": "sender", "rcpt": "recipient"}.get(step, "text")
    assert first.rest == (step == "mail" and state == "failed")
    assert second.state == "sent"
    assert behaviour.connections == 1


def test_what_a_server_refused_it_has_refused_whatever_comes_after(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served
    behaviour.faults |= {"dot": "451 4.3.0 not now", "rset": "hang"}
    first, second = send(address, 2, deadline=HANGING)
    assert (first.state, second.state) == ("deferred", "sent")


@pytest.mark.parametrize("step", STEPS[2:])
def test_a_server_that_says_goodbye_is_called_again(served: tuple[Behaviour, str], step: str) -> None:
    behaviour, address = served
    behaviour.faults[step] = "421 4.7.0 closing"
    first, second = send(address, 2)
    assert (first.state, second.state) == ("deferred", "sent")
    assert behaviour.connections == 2


@pytest.mark.parametrize("reply", ["421 too busy", "554 not you"])
def test_a_server_that_does_not_let_one_in_is_left_alone(served: tuple[Behaviour, str], reply: str) -> None:
    behaviour, address = served
    behaviour.faults["greeting"] = reply
    (answer,) = send(address)
    assert (answer.state, answer.words, answer.step, answer.rest) == ("deferred", reply, "connection", True)


def test_a_greeting_of_the_older_kind_will_do(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served
    behaviour.faults["ehlo"] = "502 what?"
    assert send(address)[0].state == "sent"


def test_a_connection_closed_while_idle_costs_no_try(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served

    async def twice(fault: str) -> Handover:
        async with open_transport(address) as transport:
            await transport.send(SENDER, [RECIPIENT], MESSAGE)
            behaviour.faults["mail"] = fault
            return await transport.send(SENDER, [RECIPIENT], MESSAGE)

    for fault in ("close", "reset", "421 idle for too long", "450 4.7.1 MI:DMC too many on this connection"):
        assert asyncio.run(twice(fault)).state == "sent"


@pytest.mark.parametrize("reply", ["299 perhaps", "354 go on", "what?"])
def test_a_last_reply_that_makes_no_sense_is_no_answer(served: tuple[Behaviour, str], reply: str) -> None:
    behaviour, address = served
    behaviour.faults["dot"] = reply
    first, second = send(address, 2)
    assert (first.state, second.state) == ("unknown", "sent")
    assert behaviour.connections == 2


def test_dots_arrive_as_they_were_written(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served
    send(address)
    assert behaviour.received == [(RECIPIENT, MESSAGE)]


def test_some_refused_all_refused(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served
    behaviour.refused[OTHER] = "550 5.1.1 nobody"
    (partly,) = send(address, recipients=(RECIPIENT, OTHER))
    assert (partly.state, partly.refused) == ("sent", {OTHER: "550 5.1.1 nobody"})
    assert "550 5.1.1 nobody" in partly.words
    behaviour.refused[RECIPIENT] = "450 4.2.0 greylisted"
    (wholly,) = send(address, recipients=(RECIPIENT, OTHER))
    assert (wholly.state, wholly.words) == ("deferred", "450 4.2.0 greylisted; 550 5.1.1 nobody")
    behaviour.refused[RECIPIENT] = "550 5.7.1 not here"
    assert send(address, recipients=(RECIPIENT, OTHER))[0].state == "failed"


@pytest.mark.parametrize("address", ["a\r\nRCPT TO:<b@c.example>", "收件人@wuhan.example"])
def test_an_address_that_no_server_takes_never_reaches_one(served: tuple[Behaviour, str], address: str) -> None:
    behaviour, mail = served
    assert send(mail, recipients=(address,))[0].state == "failed"
    assert behaviour.received == []


def test_connections_are_closed_after_so_many_letters(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served
    assert {answer.state for answer in send(f"{address}?per-connection=3", 7)} == {"sent"}
    assert behaviour.connections == 3
    assert behaviour.steps.count("quit") == 3


def test_a_connection_too_many_makes_the_pool_narrower(served: tuple[Behaviour, str]) -> None:
    behaviour, address = served

    async def both() -> tuple[list[Handover], int]:
        async with open_transport(f"{address}?connections=2") as transport:
            behaviour.slow = 0.05
            first = asyncio.create_task(transport.send(SENDER, [RECIPIENT], MESSAGE))
            while behaviour.connections == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            behaviour.faults["greeting"] = "421 too many connections"
            second = asyncio.create_task(transport.send(SENDER, [OTHER], MESSAGE))
            return list(await asyncio.gather(first, second)), transport.width

    answers, width = asyncio.run(both())
    assert ([answer.state for answer in answers], width) == (["sent", "released"], 1)


Certificate = Callable[..., tuple[ssl.SSLContext, Path]]


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """Makes what a server shows, and the file that vouches for it."""

    def make(name: str = NOT_LOOPBACK, days: int = 1) -> tuple[ssl.SSLContext, Path]:
        shown, vouching = make_certificate(tmp_path, name, days)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(shown)
        return context, vouching

    return make


def test_letters_travel_under_a_certificate_that_is_vouched_for(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, vouching = certificate()
    monkeypatch.setenv("SSL_CERT_FILE", str(vouching))
    with mail_server(NOT_LOOPBACK, context) as (behaviour, address):
        assert [answer.state for answer in send(address, 2)] == ["sent", "sent"]
        assert behaviour.connections == 1


@pytest.mark.parametrize(
    ("name", "days", "vouched"), [("127.0.0.3", 1, 1), (NOT_LOOPBACK, -1, 1), (NOT_LOOPBACK, 1, 0)]
)
def test_a_certificate_of_another_or_expired_or_of_nobody_gets_nothing(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, name: str, days: int, vouched: bool
) -> None:
    context, vouching = certificate(name, days)
    if vouched:
        monkeypatch.setenv("SSL_CERT_FILE", str(vouching))
    with mail_server(NOT_LOOPBACK, context) as (behaviour, address):
        (answer,) = send(address.replace("//", "//anli@"))
        assert (answer.state, answer.rest, behaviour.received) == ("deferred", True, [])
        assert "certificate" in answer.words.lower()
        assert set(behaviour.steps) == {"greeting", "ehlo"}


@pytest.mark.parametrize("user", ["", "anli@"])
def test_a_server_that_no_longer_offers_tls_gets_nothing(user: str) -> None:
    with mail_server(NOT_LOOPBACK) as (behaviour, address):
        (answer,) = send(address.replace("//", f"//{user}"))
        assert (answer.state, answer.rest, behaviour.received) == ("deferred", True, [])
        assert "STARTTLS" in answer.words
        assert set(behaviour.steps) <= {"greeting", "ehlo", "quit"}
