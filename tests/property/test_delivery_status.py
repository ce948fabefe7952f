"""Whatever bytes come back, a report comes out or none does; and what was written is what is read."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.bounce import DeliveryReport, answer_of, is_lasting, return_path
from notifications.delivery_status import ACTIONS, is_report, read_report
from tests.builders.effort import times
from tests.builders.reports import exchange, netease, postfix, report, tencent, written
from tests.property.test_intake_hostile import mutations

LETTER, WXB = "<0123456789abcdef0123456789abcdef@anli.example>", "wxb@wuhan.example"
REPORTS = [write(LETTER, WXB) for write in (postfix, exchange, netease, tencent)]
FIELDS = ("Final-Recipient", "Original-Recipient", "Action", "Status", "Diagnostic-Code", "Content-Type", "")
often = settings(max_examples=times(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(read: DeliveryReport | None) -> None:
    """What goes on record can be kept by every database and shown on every screen."""
    if read is None:
        return
    for told in read.recipients:
        assert told.action in ("", *ACTIONS)
        assert told.status == "" or told.status[0] in "245"
        answer = answer_of(told, WXB)
        assert answer.isprintable()
        assert len(answer.encode()) <= 2_000
        assert not is_lasting(answer) or answer.startswith("5.")
    assert read.words.isprintable()
    for name in read.names("anli.example"):
        assert name.isascii()
        assert name.isprintable()
    assert read.about(WXB) in (None, *read.recipients)


@often
@given(st.binary(max_size=3000))
def test_any_bytes(raw: bytes) -> None:
    check(read_report(raw))
    is_report(raw)


@often
@given(st.sampled_from(REPORTS).flatmap(mutations))
def test_a_report_damaged_anywhere(raw: bytes) -> None:
    check(read_report(raw))
    is_report(raw)


@often
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.binary(max_size=80)), max_size=30))
def test_any_fields_of_any_recipients(fields: list[tuple[str, bytes]]) -> None:
    group = b"".join(name.encode() + b": " + value + b"\r\n" if name else b"\r\n" for name, value in fields)
    read = read_report(written(("message/delivery-status", b"Reporting-MTA: dns; mx\r\n\r\n" + group)))
    assert read is not None
    check(read)


@often
@given(
    st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9.]{0,20}@[a-z]{1,20}\.example", fullmatch=True),
    st.sampled_from(ACTIONS),
    st.from_regex(r"[45]\.[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True),
    st.booleans(),
)
def test_what_was_written_is_read(token: str, to: str, action: str, status: str, by_path: bool) -> None:
    letter = f"<{token}@anli.example>"
    sent_to = return_path("bounces@anli.example", letter) if by_path else "intake@anli.example"
    read = read_report(report("" if by_path else letter, to, action, status, sent_to=sent_to))
    assert read is not None
    assert read.names("anli.example") == {letter}
    told = read.about(to)
    assert told is not None
    assert (told.action, told.status, told.addresses) == (action, status, (to,))
    assert is_lasting(answer_of(told, to)) == status.startswith("5")


@pytest.mark.parametrize("write", [postfix, exchange, netease, tencent])
def test_a_report_cut_off_at_any_place(write: Callable[[str, str], bytes]) -> None:
    whole = write(LETTER, WXB)
    for end in range(0, len(whole), 7):
        check(read_report(whole[:end]))
