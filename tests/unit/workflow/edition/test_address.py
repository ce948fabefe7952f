"""One mailbox a text, bare and in ASCII; everything else is refused with what is wrong."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.edition.address import find_fault, is_domain


@pytest.mark.parametrize(
    "address",
    [
        "wxb@wuhan.example",
        "a.b+c_d-e@mail.wuhan.example",
        "12345678@qq.example",
        "WXB@WUHAN.EXAMPLE",
        "o'hara@unit.example",
        "wxb@xn--fiq228c.xn--fiqs8s",
        "a" * 64 + "@unit.example",
    ],
)
def test_an_address_is_taken_as_it_is(address: str) -> None:
    assert find_fault(address) is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("wxb@wuhan.example\r\nBcc: all@anli.example", "line-break"),
        ("wxb@wuhan.example\n", "line-break"),
        ("wxb@wuhan.example\r", "line-break"),
        ("wxb\x00@wuhan.example", "line-break"),
        ("wxb@wuhan.example\u2028", "line-break"),
        ("wxb\u200b@wuhan.example", "line-break"),
        ("\u202ewxb@wuhan.example", "line-break"),
        ("a@wuhan.example,b@wuhan.example", "several"),
        ("a@wuhan.example, b@wuhan.example", "several"),
        ("a@wuhan.example;b@wuhan.example", "several"),
        ("a@wuhan.example，b@wuhan.example", "several"),
        ("a@wuhan.example、b@wuhan.example", "several"),
        ("a@wuhan.example@other.example", "several"),
        ("a,b", "several"),
        ("武汉市 <wxb@wuhan.example>", "named"),
        ("<wxb@wuhan.example>", "named"),
        ('"wxb"@wuhan.example', "named"),
        ('"a b"@wuhan.example', "named"),
        ("wxb(comment)@wuhan.example", "named"),
        ("wxb@wuhan.example b", "named"),
        (" wxb@wuhan.example", "named"),
        ("a\\b@wuhan.example", "named"),
        ("group:wxb@wuhan.example", "named"),
        ("网信办@wuhan.example", "local"),
        ("wхb@wuhan.example", "local"),
        ("wxb＠wuhan.example", ""),
        ("wxb@武汉.example", "domain"),
        ("wxb@wuhan。example", "domain"),
        ("", ""),
        ("wxb", ""),
        ("@wuhan.example", ""),
        ("wxb@", ""),
        ("wxb@wuhan", ""),
        ("wxb@[127.0.0.1]", ""),
        ("wxb@127.0.0.1", ""),
        (".wxb@wuhan.example", ""),
        ("wxb.@wuhan.example", ""),
        ("w..b@wuhan.example", ""),
        ("wxb@-wuhan.example", ""),
        ("wxb@wuhan..example", ""),
        ("a" * 65 + "@wuhan.example", ""),
        ("a@" + "b." * 130 + "example", ""),
        ("wxb@" + "武" * 80 + ".example", ""),
    ],
)
def test_what_is_wrong_is_said(address: str, code: str) -> None:
    fault = find_fault(address)
    assert fault is not None
    assert fault[0] == f"edition.address{'-' if code else ''}{code}"


def test_a_domain_beyond_ascii_is_given_as_it_is_to_be_written() -> None:
    assert find_fault("wxb@武汉.example") == (
        "edition.address-domain",
        {"domain": "武汉.example", "ascii": "xn--5lwws.example"},
    )
    assert find_fault("wxb@xn--5lwws.example") is None


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('@.@,<>"\r\n ab-'), max_size=40))
def test_what_is_taken_is_one_mailbox_in_any_header(address: str) -> None:
    if find_fault(address) is not None:
        return
    message = EmailMessage(policy=SMTP)
    message["To"] = Address("武汉市", addr_spec=address)
    (mailbox,) = message["To"].addresses
    assert mailbox.addr_spec == address
    assert address.isascii()
    assert is_domain(mailbox.domain)


@given(
    st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}(\.[a-z0-9]{1,5}){0,2}", fullmatch=True),
    st.from_regex(r"([a-z0-9]{1,8}\.){1,3}[a-z]{2,6}", fullmatch=True),
)
def test_any_dot_atom_is_an_address(local: str, domain: str) -> None:
    assert find_fault(f"{local}@{domain}") is None
