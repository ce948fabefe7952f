"""What is read of a mail's head is bounded, by whatever hand it was written."""

from email.message import Message
from email.parser import BytesHeaderParser

from notifications.fields import FIELD_CHARACTERS, BoundedFields, fields_of


def parse(head: bytes) -> "Message[str, str]":
    return BytesHeaderParser(policy=BoundedFields()).parsebytes(head + b"\r\n\r\n")


def test_the_beginning_of_a_long_field_is_kept() -> None:
    [value] = fields_of(parse(b"Subject: " + b"a" * 3 * FIELD_CHARACTERS), "subject")
    assert value == "a" * FIELD_CHARACTERS


def test_a_field_that_no_parser_bounded_is_bounded_all_the_same() -> None:
    message: Message[str, str] = Message()
    message["Subject"] = "a" * 3 * FIELD_CHARACTERS
    assert fields_of(message, "Subject") == ["a" * FIELD_CHARACTERS]


def test_fields_of_a_name_are_given_topmost_first_and_unfolded() -> None:
    head = b"Received: from a\r\n by b\r\nSubject: x\r\nRECEIVED: from c"
    assert fields_of(parse(head), "received") == ["from a by b", "from c"]


def test_bytes_that_are_no_ascii_are_kept() -> None:
    [value] = fields_of(parse("Subject: 案例".encode()), "subject")
    assert value.encode("ascii", "surrogateescape").decode() == "案例"
