"""A mail address as the rule book holds it: one, bare, in ASCII, so that it means the same in every header."""

import re
from collections.abc import Mapping

LONGEST = 254
"""Characters of the longest address (RFC 5321, 4.5.3.1.3, without its brackets)."""

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TOP = rf"(?:[a-z]{{2,63}}|xn--{_LABEL})"
_LOCAL = re.compile(rf"(?=.{{1,64}}$){_ATOM}(?:\.{_ATOM})*", re.ASCII | re.IGNORECASE)
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_TOP}", re.ASCII | re.IGNORECASE)

_BETWEEN = ",;，；、"
_AROUND = ' <>()"\\:'

Fault = tuple[str, Mapping[str, object]]
"""The catalogue's key of the sentence that says what is wrong, and the values that fill it."""


def find_fault(address: str) -> Fault | None:
    """What keeps a text from being the address of one mailbox; None where nothing does."""
    local, at, domain = address.rpartition("@")
    values: dict[str, object] = {"address": address}
    faults = {
        "edition.address-line-break": not address.isprintable(),
        "edition.address-several": address.count("@") > 1 or any(mark in address for mark in _BETWEEN),
        "edition.address-named": any(mark in address for mark in _AROUND),
        "edition.address-local": not local.isascii(),
    }
    code = next((code for code, found in faults.items() if found), None)
    if code is None and at and not domain.isascii() and is_domain(within := _within_ascii(domain)):
        return "edition.address-domain", {"domain": domain, "ascii": within}
    if code is None and not (_LOCAL.fullmatch(local) and is_domain(domain) and len(address) <= LONGEST):
        code = "edition.address"
    return (code, values) if code else None


def is_domain(text: str) -> bool:
    """Whether it is a domain of ASCII letters, of at least two labels."""
    return _DOMAIN.fullmatch(text) is not None and len(text) <= LONGEST - 1


def _within_ascii(domain: str) -> str:
    """The form of a domain beyond ASCII that every server compares (RFC 5890); empty where there is none."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
