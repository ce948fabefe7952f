"""The return path, whose report it is, and what it means for the address."""

import pytest

from notifications.bounce import DeliveryReport, Recipient, answer_of, is_lasting, return_path

TOKEN, WXB, OTHER = "0123456789abcdef" * 2, "wxb@wuhan.example", "somebody@elsewhere.example"
GONE = Recipient("failed", "5.1.1", (WXB,), "550 5.1.1 nobody")
GAVE_UP = Recipient("failed", "4.4.1", (OTHER,), "timed out")
LATE = Recipient("delayed", "4.4.1", (WXB,), "timed out")
PASSED_ON = Recipient("failed", "5.2.1", (OTHER,), "550 disabled")


def report(*recipients: Recipient, letters: tuple[str, ...] = (), tokens: tuple[str, ...] = ()) -> DeliveryReport:
    return DeliveryReport("report", frozenset(letters), frozenset(tokens), recipients, "")


@pytest.mark.parametrize(
    ("bounces", "expected"),
    [("bounces@anli.example", f"bounces+{TOKEN}@anli.example"), ("a+b@anli.example", f"a+b+{TOKEN}@anli.example")],
)
def test_every_letter_has_a_return_path_of_its_own(bounces: str, expected: str) -> None:
    assert return_path(bounces, f"<{TOKEN}@anli.example>") == expected


def test_a_letter_is_named_by_its_message_id_by_its_token_or_by_both() -> None:
    letter = f"<{TOKEN}@anli.example>"
    assert report(letters=(letter,)).names("anli.example") == {letter}
    assert report(tokens=(TOKEN,)).names("anli.example") == {letter}
    assert report(letters=(letter,), tokens=(TOKEN,)).names("anli.example") == {letter}
    assert len(report(letters=(letter,), tokens=("f" * 32,)).names("anli.example")) == 2


@pytest.mark.parametrize(
    ("recipients", "told"),
    [
        ((), None),
        ((LATE, PASSED_ON), LATE),
        ((LATE, GONE), GONE),
        ((GAVE_UP, PASSED_ON), PASSED_ON),
        ((PASSED_ON._replace(action="relayed"), GAVE_UP), GAVE_UP),
    ],
)
def test_what_it_says_of_an_address_or_of_whom_it_was_passed_on_to(
    recipients: tuple[Recipient, ...], told: Recipient | None
) -> None:
    assert report(*recipients).about(WXB.upper()) == told


def test_an_answer_tells_the_status_the_words_and_whom_else_it_was_meant_for() -> None:
    assert answer_of(GONE, WXB.upper()) == "5.1.1 550 5.1.1 nobody"
    assert answer_of(PASSED_ON, WXB) == f"5.2.1 550 disabled ({OTHER})"
    assert answer_of(GONE._replace(status="", words="", addresses=()), WXB) == ""
    assert len(answer_of(GONE._replace(words="多" * 900), WXB)) == 500


@pytest.mark.parametrize(
    ("answer", "lasting"),
    [
        ("5.1.1 550 5.1.1 nobody", True),
        ("5.1.1 unknown user", True),
        ("5.0.0", True),
        ("5.4.4 no route", True),
        ("4.4.1 timed out", False),
        ("4.2.2 552 full", False),
        ("5.0.0 550 Mail frequency limited", False),
        ("5.7.1 451 DT:SPM", False),
        ("", False),
        ("550 nobody", False),
        ("5th time", False),
    ],
)
def test_only_what_would_befall_the_next_letter_too_lasts(answer: str, lasting: bool) -> None:
    assert is_lasting(answer) is lasting
