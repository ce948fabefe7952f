"""What refusals mean: providers' own words first, then the enhanced status, then the class of the code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.replies import AFTER_A_REST, AFTER_RECONNECTING, FOR_GOOD, FOR_NOW, Judgement, judge


@pytest.mark.parametrize(
    ("code", "words", "meaning"),
    [
        (550, "Ip frequency limited [MX 1]. http://service.mail.example", AFTER_A_REST),
        (550, "Domain frequency limited", AFTER_A_REST),
        (550, "Connection frequency limited", AFTER_A_REST),
        (550, "Ip concurrency limited", AFTER_A_REST),
        (550, "Mailbox not found", FOR_GOOD),
        (550, "Mailbox unavailable or access denied", FOR_GOOD),
        (550, "Mail content denied", FOR_GOOD),
        (421, "HL:ICC 163 smtp1,AbCd 1718800000", AFTER_A_REST),
        (421, "HL:IFC 163 smtp1", AFTER_A_REST),
        (450, "MI:DMC 163 smtp2", AFTER_RECONNECTING),
        (451, "MI:DMC 163 smtp2", AFTER_RECONNECTING),
        (450, "MI:SFQ 163 smtp3", AFTER_A_REST),
        (451, "MI:SFQ 163 smtp3", AFTER_A_REST),
        (451, "RP:QRC 163 smtp4", AFTER_A_REST),
        (451, "DT:SPM ,please try again", FOR_NOW),
        (554, "DT:SPM 163 smtp5", FOR_GOOD),
        (554, "MI:STC 163 smtp6", AFTER_A_REST),
        (550, "User not found: somebody", FOR_GOOD),
    ],
)
def test_what_providers_say_goes_first(code: int, words: str, meaning: Judgement) -> None:
    assert judge(code, words) == meaning


@pytest.mark.parametrize(
    ("code", "words", "meaning"),
    [
        (450, "4.2.0 Greylisted, see http://postgrey.example", FOR_NOW),
        (451, "4.7.1 Please try again later", FOR_NOW),
        (450, "5.1.1 no such user", FOR_GOOD),
        (550, "4.2.1 mailbox busy", FOR_NOW),
        (552, "5.2.2 over quota", FOR_GOOD),
        (421, "4.4.2 timeout exceeded", AFTER_RECONNECTING),
        (421, "5.7.0 go away", AFTER_RECONNECTING),
    ],
)
def test_the_enhanced_status_goes_before_the_code(code: int, words: str, meaning: Judgement) -> None:
    assert judge(code, words) == meaning


@pytest.mark.parametrize(("code", "meaning"), [(450, FOR_NOW), (452, FOR_NOW), (500, FOR_GOOD), (554, FOR_GOOD)])
def test_the_class_of_the_code_goes_last(code: int, meaning: Judgement) -> None:
    assert judge(code, "") == judge(code, "as 5.1.1 says") == judge(code, "5.1.1234") == meaning


@given(st.integers(-1, 999), st.text())
def test_every_reply_means_something(code: int, words: str) -> None:
    meaning = judge(code, words)
    assert meaning.then in ("go on", "reconnect", "rest")
    if not 400 <= code <= 599:
        assert meaning == AFTER_RECONNECTING
