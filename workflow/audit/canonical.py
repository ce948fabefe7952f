"""Canonical JSON (RFC 8785) and the leaf hash (RFC 9162, 2.1.1)."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1


def encode(value: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a mapping whose keys are ASCII and whose values are text, integers within ±(2^53 - 1),
    booleans, None, and lists or mappings of these.

    Within that domain sorting keys by bytes is RFC 8785's sorting by UTF-16 units, and orjson's escapes are its
    escapes; a property test holds the two encoders byte-equal. Raises TypeError for anything else orjson refuses.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


def decode(leaf: bytes) -> dict[str, Any]:
    """The mapping a leaf was made of; raises ValueError where the bytes are no JSON object."""
    value = orjson.loads(leaf)
    if not isinstance(value, dict):
        raise ValueError("a leaf is a JSON object")
    return value


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf), 32 bytes."""
    return sha256(b"\x00" + leaf).digest()
