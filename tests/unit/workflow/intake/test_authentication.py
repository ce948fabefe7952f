"""What the organisers' own server says of a sender counts; what came with the mail does not."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from workflow.edition import find
from workflow.intake.authentication import read_authentication
from workflow.intake.found import FoundMail
from workflow.intake.reader import read_found

OWN = "mx.campaign.example"
FAILED = (
    f"Authentication-Results: {OWN}; spf=pass smtp.mailfrom=x.example; dmarc=fail (p=reject) header.from=wuhan.example"
)
PASSED = (
    f"Authentication-Results: {OWN};\r\n dkim=pass header.d=wuhan.example;\r\n dmarc=pass header.from=wuhan.example"
)
TRACE = "Received: from a.example by b.example; Tue, 18 Jun 2024 10:00:00 +0800"
OTHERS = "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=wuhan.example"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ([PASSED, TRACE], True),
        ([TRACE, FAILED], False),
        ([FAILED, TRACE, PASSED], False),
        ([PASSED, FAILED, TRACE], False),
        ([PASSED, TRACE, FAILED], True),
        ([OTHERS, TRACE], None),
        ([OTHERS, TRACE, FAILED], False),
        ([f"Authentication-Results: {OWN}; none"], None),
        ([f"Authentication-Results: {OWN}; dmarc=temperror header.from=x.example"], None),
        ([f"Authentication-Results: {OWN.upper()} 1; DMARC = Fail"], False),
        ([f"Authentication-Results: (dmarc=pass) {OWN}; spf=fail (dmarc=pass; dmarc=pass)"], None),
        ([f"Authentication-Results: {OWN}.evil.example; dmarc=pass"], None),
        ([TRACE], None),
    ],
)
def test_the_topmost_word_of_the_own_server_counts(fields: list[str], found: bool | None) -> None:
    raw = "\r\n".join([*fields, "From: a@wuhan.example", "", PASSED, ""]).encode()
    assert read_authentication(raw, OWN) is found
    assert read_authentication(raw, None) is None


@pytest.mark.parametrize(
    "raw", [b"", b"\xff" * 100, b"Authentication-Results: " + b"(" * 9000, EmailMessage().as_bytes()]
)
def test_nothing_that_comes_is_too_much(raw: bytes) -> None:
    assert read_authentication(raw, OWN) is None


def test_a_mail_is_read_together_with_what_the_server_found() -> None:
    edition = find("hubei-2024")
    named = replace(edition, mail=edition.mail.model_copy(update={"authserv_id": OWN}))
    raw = f"{FAILED}\r\n{TRACE}\r\nFrom: a@wuhan.example\r\nSubject: x\r\n\r\nx\r\n".encode()
    found = FoundMail("x.eml", raw, ())
    assert (read_found(found, named).authenticated, read_found(found, edition).authenticated) == (False, None)
