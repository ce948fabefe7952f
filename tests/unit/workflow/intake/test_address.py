"""The address of a mailbox, however it is spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.intake.address import Address, AddressUnusable, PasswordShown, is_address, read_address


@pytest.mark.parametrize(
    ("word", "mailbox"),
    [
        ("imaps://a%40b.example@mail.example", "imaps://a%40b.example@mail.example/INBOX"),
        ("imaps://a@b.example@mail.example", "imaps://a%40b.example@mail.example/INBOX"),
        ("IMAPS://a@MAIL.example:993/inbox/", "imaps://a@mail.example/INBOX"),
        ("imap://a@mail.example:143", "imap://a@mail.example/INBOX"),
        ("imap://a@mail.example:1143/x/y", "imap://a@mail.example:1143/x/y"),
        ("imap://a@[::1]:993/", "imap://a@[::1]:993/INBOX"),
        ("imap://a@mail.example/案例 2024", "imap://a@mail.example/%E6%A1%88%E4%BE%8B%202024"),
        ("imap://a@mail.example/x%3By", "imap://a@mail.example/x%3By"),
    ],
)
def test_one_mailbox_has_one_name(word: str, mailbox: str) -> None:
    assert is_address(word)
    assert read_address(word).mailbox == mailbox
    assert read_address(mailbox).mailbox == mailbox


def test_one_mail_of_a_mailbox() -> None:
    read = read_address("imaps://a@mail.example/x;UIDVALIDITY=4294967295/;UID=20")
    assert read == Address(True, "a", "mail.example", 993, "x", (4294967295, 20))


@pytest.mark.parametrize(
    "rest",
    [
        "mail.example", "@mail.example", "a@", "a@mail.example:0", "a@mail.example:99999", "a@mail.example:x",
        "a@mail.example/x?y", "a@mail.example/x#y", "a@mail.example/x;UID=3", "a@mail.example/x;y", "a@[mail.example",
        "a%0D%0Ab@mail.example", "a@mail.example/x%00", "a@mail.example/%ff", "%ff@mail.example",
    ],
)  # fmt: skip
def test_what_is_no_address(rest: str) -> None:
    with pytest.raises(AddressUnusable) as unusable:
        read_address(f"imaps://{rest}")
    assert unusable.value.exit_status == 2


@pytest.mark.parametrize("rest", ["a:secret@mail.example/x", "a:sec@ret@mail.example", "a:secret@mail.example:x"])
def test_a_password_in_the_address_is_refused_and_not_repeated(rest: str) -> None:
    with pytest.raises((PasswordShown, AddressUnusable)) as refused:
        read_address(f"imap://{rest}")
    assert "sec" not in str(refused.value)


@pytest.mark.parametrize("word", ["mailbox", "imap:/a@b", "http://a@b", "smtps://a@b", "maildir:imap"])
def test_what_is_a_path(word: str) -> None:
    assert not is_address(word)


@given(st.text(), st.text(), st.text())
def test_any_words_are_an_address_or_are_refused(user: str, host: str, folder: str) -> None:
    try:
        mailbox = read_address(f"imap://{user}@{host}/{folder}").mailbox
    except (AddressUnusable, PasswordShown):
        return
    assert read_address(mailbox).mailbox == mailbox
