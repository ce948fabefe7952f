"""What a contact says is blotted out of a text however it is written, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.publish.contacts import SIGN, Blotter, Contact

CONTACT = Contact("联系人甲乙", "027-61000001、13900000000", "湖北省示例市示例路12号")
PUBLIC = ("示例市", "示例读书会", "示例市文明网络")


def blot(text: str, contact: Contact = CONTACT) -> str:
    return Blotter([contact], PUBLIC).blot(text)


@pytest.mark.parametrize(
    "said",
    [
        "13900000000", "139 0000 0000", "139-0000-0000", "１３９００００００００", "+86 13900000000", "61000001",
        "（027）61000001", "联系人甲乙", "联系人 甲乙", "湖北省示例市示例路12号", "示例路12号",
    ],
)  # fmt: skip
def test_a_contact_is_blotted_out_however_it_is_written(said: str) -> None:
    blotter = Blotter([CONTACT], PUBLIC)
    written = blotter.blot(f"详询{said}。")
    assert SIGN in written
    assert written.startswith("详询")
    assert written.endswith("。")
    assert blotter.blotted == 1
    assert not any(digit in written for digit in "16１６")


@pytest.mark.parametrize("text", ["累计发布作品1094件，阅读61000002次", "示例市示例读书会", "139", "路12号楼前", ""])
def test_other_figures_and_names_stay(text: str) -> None:
    assert blot(text) == text


@pytest.mark.parametrize("person", ["甲乙主任", "甲 乙", "甲乙、丙丁", "甲乙（办公室）"])
def test_titles_spaces_and_several_names_hide_nobody(person: str) -> None:
    assert blot("请找甲乙", Contact(person, "", "")) == f"请找{SIGN}"


@pytest.mark.parametrize("person", ["示例读书会", "读书", "甲", "", None])
def test_a_name_that_is_public_or_no_name_blots_nothing(person: str | None) -> None:
    text = "示例读书会的甲级读书活动"
    assert blot(text, Contact(person, None, None)) == text


def test_a_mail_address_in_place_of_a_number_is_blotted_too() -> None:
    assert blot("请写信至Someone@Unit.example。", Contact("", "someone@unit.example", "")) == f"请写信至{SIGN}。"


@given(st.text(), st.text(), st.text(), st.text())
def test_no_field_breaks_a_text(person: str, phone: str, address: str, text: str) -> None:
    once = Blotter([Contact(person, phone, address)], ()).blot(text)
    assert len(once.replace(SIGN, "")) <= len(text)
