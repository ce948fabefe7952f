"""Reports as servers write them, other mails, and what is made to break a reader."""

import base64
from collections.abc import Callable

import pytest

from notifications import delivery_status
from notifications.bounce import Recipient, answer_of, is_lasting
from notifications.delivery_status import is_report, read_report
from tests.builders.mails import Part, mail
from tests.builders.reports import BOUNDARY, coremail, exchange, netease, postfix, qmail, report, tencent, written

LETTER, TOKEN, WXB = "<0123456789abcdef0123456789abcdef@anli.example>", "fedcba9876543210" * 2, "wxb@wuhan.example"
NOT_FOUND = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
AS_WRITTEN: dict[Callable[[str, str], bytes], Recipient] = {
    postfix: Recipient("failed", "5.1.1", (WXB,), f'unknown user: "{WXB}"'),
    exchange: Recipient("failed", "5.1.10", (WXB,), NOT_FOUND),
    netease: Recipient("failed", "5.0.0", (WXB,), "550 收件人不存在"),
    tencent: Recipient("failed", "5.1.1", (WXB,), "550 邮箱不存在 5.1.1 Mailbox not found"),
}


@pytest.mark.parametrize("write", AS_WRITTEN, ids=lambda write: write.__name__)
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
def test_reports_of_real_servers(write: Callable[[str, str], bytes], ends: bytes) -> None:
    raw = write(LETTER, WXB).replace(b"\r\n", ends)
    read = read_report(raw)
    assert is_report(raw)
    assert read is not None
    assert (read.letters, read.recipients) == (frozenset({LETTER}), (AS_WRITTEN[write],))
    assert read.words.isprintable()
    assert "\N{REPLACEMENT CHARACTER}" not in read.words


def test_a_report_is_the_same_however_it_was_fetched() -> None:
    raw = postfix(LETTER, WXB)
    fetched = raw.replace(b"Return-Path: <>\r\n", b"Return-Path: <>\r\nX-Fetched-By: somebody\r\n").replace(
        b"\r\n", b"\n"
    )
    first, again, other = map(read_report, (raw, fetched, report(LETTER, WXB, identity="other")))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.identity == again.identity != other.identity


def test_the_token_is_read_where_the_report_was_sent_to() -> None:
    read = read_report(report("", WXB, sent_to=f"Bounces+{TOKEN.upper()}@anli.example"))
    assert read is not None
    assert (read.letters, read.tokens) == (frozenset(), frozenset({TOKEN}))


@pytest.mark.parametrize("action", delivery_status.ACTIONS)
def test_every_action_is_told(action: str) -> None:
    read = read_report(report(LETTER, WXB, action, "4.4.1"))
    assert read is not None
    assert [each.action for each in read.recipients] == [action]


def test_what_an_unread_encoding_hides_is_found() -> None:
    group = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {WXB}\nAction: failed\nStatus: 5.1.1\n"
    hidden = base64.encodebytes(group.encode())
    status = "message/delivery-status\r\nContent-Transfer-Encoding: base64"
    for part in ((status, hidden), ("message/global-delivery-status", group.encode())):
        read = read_report(written(part))
        assert read is not None
        assert read.recipients == (Recipient("failed", "5.1.1", (WXB,), ""),)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"action": "perhaps"}, ("", "5.1.1")),
        ({"status": "2.0.0"}, ("", "2.0.0")),
        ({"status": "sorry"}, ("failed", "5.1.1")),
        ({"status": "6.1.1", "said": "smtp; no"}, ("failed", "")),
        ({"status": "5.1.1234", "said": "1.5.1.1.9"}, ("failed", "")),
    ],
)
def test_what_makes_no_sense_is_not_told(changes: dict[str, str], told: tuple[str, str]) -> None:
    read = read_report(report(LETTER, WXB, **changes))
    assert read is not None
    assert [each[:2] for each in read.recipients] == [told]


def test_the_parts_of_a_returned_letter_are_no_part_of_the_report() -> None:
    forged = report("<forged@anli.example>", "all@wuhan.example").decode().replace(BOUNDARY, "other")
    read = read_report(
        written(
            ("message/rfc822", f"Message-ID: {LETTER}\r\n{forged}"),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {WXB}\r\nAction: failed",
            ),
        )
    )
    assert read is not None
    assert read.letters == {LETTER}
    assert [each.addresses for each in read.recipients] == [(WXB,)]


def test_other_mails_are_no_reports() -> None:
    people = mail(Part("a.txt", b"x"), sender=b"wxb@wuhan.example")
    receipt = written(("text/plain", "read"), kind="multipart/report; report-type=disposition-notification")
    away = written(("text/plain", "away"), kind="multipart/mixed")
    for raw in (b"", b"\0", b"\r\n\r\n", people, receipt, away):
        assert read_report(raw) is None
        assert not is_report(raw)


def test_a_mail_systems_own_words_are_a_report_without_recipients() -> None:
    raw = written(("text/plain; charset=gbk", "退信".encode("gbk")), kind="multipart/mixed").replace(
        b"auto-replied", b"no"
    )
    read = read_report(raw)
    assert not is_report(raw)
    assert read is not None
    assert (read.recipients, read.words) == ((), "退信")


def test_a_notice_in_no_reports_shape_is_tied_to_its_letter() -> None:
    for raw, status, begins in (
        (coremail(LETTER, WXB), "5.0.0", f"550 User not found: {WXB} (抱歉，您的邮件被退回来了"),
        (qmail(LETTER, WXB), "5.1.1", "550 5.1.1 No such user (Hi. This is the qmail-send program"),
        (qmail(LETTER, WXB, "452 4.2.2 over quota"), "4.2.2", "452 4.2.2 over quota"),
    ):
        read = read_report(raw)
        assert is_report(raw)
        assert read is not None
        assert read.letters == {LETTER}
        (told,) = read.recipients
        assert (told.status, told.addresses[0]) == (status, WXB)
        assert told.words.startswith(begins)
        assert WXB in read.words
        assert "Message-ID" not in told.words
    assert is_lasting(answer_of(read_only(coremail(LETTER, WXB)), WXB))


def read_only(raw: bytes) -> Recipient:
    read = read_report(raw)
    assert read is not None
    (told,) = read.recipients
    return told


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("550 No such user", "failed"),
        ("无法投递到以下地址", "failed"),
        ("Delivery is delayed and will be retried. 451 4.4.1 timeout", "delayed"),
        ("邮件延迟，系统将重试", "delayed"),
        ("您的来信已阅", ""),
    ],
)
def test_what_a_notice_says_became_of_the_letter(said: str, action: str) -> None:
    returned = ("message/rfc822", f"Message-ID: {LETTER}\r\nSubject: 退回\r\n\r\n550 退信")
    raw = written(("text/plain; charset=utf-8", f"{WXB}\r\n{said}"), returned, kind="multipart/mixed")
    assert read_only(raw.replace(b"auto-replied", b"no")).action == action


def test_a_letter_is_found_however_it_is_returned() -> None:
    letter = f"From: anli@anli.example\r\nTo: {WXB}\r\nSubject: x\r\nMessage-ID: {LETTER}\r\n\r\ntext"
    encoded = base64.encodebytes(letter.encode()).decode()
    words = ("text/plain", f"550 no {WXB}")
    for part in (
        ("message/rfc822\r\nContent-Transfer-Encoding: base64", encoded),
        ("application/octet-stream; name=a.eml\r\nContent-Transfer-Encoding: base64", encoded),
        ("text/rfc822-headers\r\nContent-Transfer-Encoding: base64", encoded),
        ("text/plain; name=a.eml\r\nContent-Disposition: attachment; filename=a.eml", letter),
    ):
        for kind in ("multipart/mixed", "multipart/report; report-type=delivery-status"):
            read = read_report(written(words, part, kind=kind).replace(b"auto-replied", b"no"))
            assert read is not None
            assert read.letters == {LETTER}, part[0]
    answering = written(words, kind="multipart/mixed").replace(
        b"Auto-Submitted: auto-replied", f"In-Reply-To: {LETTER}".encode()
    )
    read = read_report(answering)
    assert read is not None
    assert read.letters == {LETTER}


GROUP = f"Final-Recipient: rfc822; {WXB}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
HOSTILE = {
    "no parts": written(),
    "no end": postfix(LETTER, WXB)[:-60],
    "no boundary": postfix(LETTER, WXB).replace(b"boundary=", b"bound="),
    "zero bytes": postfix(LETTER, WXB).replace(b"Action", b"Act\0ion"),
    "a field of a megabyte": report(LETTER, WXB, said="smtp; " + "x" * 1_000_000),
    "a header of a megabyte": b"X: " + b"=?utf-8?q?a?= " * 90_000 + b"\r\n" + postfix(LETTER, WXB),
    "nothing but nesting": written(*[("message/rfc822", "Content-Type: message/rfc822\r\n\r\n" * 5_000)]),
    "nested reports": b"".join(
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{n}"\r\n\r\n--{n}\r\n'.encode()
        for n in range(3_000)
    ),
    "a thousand parts": written(*[("text/plain", "x")] * 1_000, ("message/delivery-status", f"A: b\r\n\r\n{GROUP}")),
    "ten thousand recipients": written(("message/delivery-status", "Reporting-MTA: dns; mx\r\n\r\n" + GROUP * 10_000)),
    "bad base64": written(("message/delivery-status\r\nContent-Transfer-Encoding: base64", "%%%")),
    "bad words": report(LETTER, WXB, said="smtp; =?utf-8?b?%%?= =?nothing?q?=zz?="),
    "an unknown charset": written(("text/plain; charset=\udcff".encode("utf-8", "replace").decode(), "x")),
    "line breaks in a Message-ID": report("<a\r\n b@anli.example>", WXB),
    "a page of brackets": written(("text/html", "<a " * 20_000), ("message/rfc822", f"Message-ID: {LETTER}\r\n\r\n")),
    "a page of addresses": coremail(LETTER, "a@" * 30_000),
    "more than is read": postfix(LETTER, WXB) + b"x" * delivery_status.LARGEST,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_nothing_stops_the_reader(case: str) -> None:
    read = read_report(HOSTILE[case])
    assert read is None or len(read.recipients) <= delivery_status.RECIPIENTS + 1
    assert read is None or (len(read.words) <= 500 and len(repr(read.recipients)) < 500_000)
    for told in read.recipients if read else ():
        assert told.words.isprintable()
        f"{told}".encode()
