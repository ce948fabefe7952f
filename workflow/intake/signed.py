"""Signed and encrypted mails (S/MIME, RFC 8551): what was signed is taken out; the signature is not judged here."""

import base64
import binascii
import re

from asn1crypto import cms

_ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----|-----END [A-Z0-9 ]{1,40}-----")


class Sealed(Exception):
    """What was signed cannot be taken out; ``cause`` is ``encrypted`` or ``damaged``."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def open_signed(data: bytes) -> bytes:
    """Return the MIME entity inside a CMS SignedData (RFC 5652 5), DER or BER, raw or as text; raises Sealed."""
    try:
        wrapped = cms.ContentInfo.load(_unwrap(data))
        kind = wrapped["content_type"].native
        if kind in ("enveloped_data", "authenticated_enveloped_data", "encrypted_data"):
            raise Sealed("encrypted")
        if kind == "compressed_data":
            return bytes(wrapped["content"].decompressed)
        content = wrapped["content"]["encap_content_info"]["content"].native if kind == "signed_data" else None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, binascii.Error) as error:
        raise Sealed("damaged") from error
    if not isinstance(content, bytes) or not content:
        raise Sealed("damaged")
    return content


def _unwrap(data: bytes) -> bytes:
    text = _ARMOUR.sub(b"", data).strip()
    return data if data[:1] == b"\x30" else base64.b64decode(re.sub(rb"\s+", b"", text), validate=True)
