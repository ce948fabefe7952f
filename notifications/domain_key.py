"""The signature by which a receiving server knows that a letter is the domain's own and unaltered (DKIM, RFC 6376)."""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED = (
    "From", "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type",
)  # fmt: skip
"""Headers under the signature; From once more than there are, so that nobody adds another (RFC 6376, 8.15)."""

LEAST_BITS = 1_024
"""Of an RSA key that receivers accept (RFC 8301, 3.2)."""

_HEADER = "DKIM-Signature"
_LINE = 64


class DomainKey(NamedTuple):
    """domain, selector: where the public half is published, ``SELECTOR._domainkey.DOMAIN``."""

    domain: str
    selector: str
    private: "RSAPrivateKey"

    def sign(self, message: bytes, at: datetime) -> bytes:
        """The header that goes before the message, relaxed both ways; for the same moment the same bytes."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256
        from dkim import rfc822_parse, select_headers
        from dkim.canonicalization import CanonicalizationPolicy

        relaxed = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
        headers, body = rfc822_parse(message)
        body_hash = b64encode(sha256(relaxed.canonicalize_body(body)).digest()).decode()
        value = "\r\n ".join((
            " v=1; a=rsa-sha256; c=relaxed/relaxed;",
            f"d={self.domain};",
            f"s={self.selector}; t={int(at.timestamp())};",
            "h=" + ":".join(SIGNED[:6]) + ":",
            ":".join(SIGNED[6:]) + ";",
            f"bh={body_hash};",
            "b=",
        ))  # fmt: skip
        names = [name.lower().encode() for name in SIGNED]
        signed = select_headers(relaxed.canonicalize_headers(headers), names)
        own = relaxed.canonicalize_headers([(_HEADER.encode(), value.encode())])
        covered = b"".join(name + b":" + text for name, text in (*signed, *own)).removesuffix(b"\r\n")
        signature = b64encode(self.private.sign(covered, PKCS1v15(), SHA256())).decode()
        lines = [signature[start : start + _LINE] for start in range(0, len(signature), _LINE)]
        folded = "\r\n ".join(lines)
        return f"{_HEADER}:{value}{folded}\r\n".encode()

    def __repr__(self) -> str:
        """Without the secret."""
        return f"DomainKey({self.domain!r}, {self.selector!r})"
