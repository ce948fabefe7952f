"""Canonical JSON (RFC 8785) and the leaf hash (RFC 9162, 2.1.1)."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1
_PLAIN = frozenset({str, int, bool, type(None)})
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def encode(value: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a mapping whose keys are ASCII and whose values are text, integers within ±(2^53 - 1),
    booleans, None, and lists, tuples or mappings of these.

    Within that domain sorting keys by bytes is RFC 8785's sorting by UTF-16 units, and orjson's escapes are its
    escapes; a property test holds the two encoders byte-equal. Raises TypeError for anything else: a float above all,
    which orjson writes otherwise than ECMAScript does, and NaN as null.
    """
    refuse_foreign(value)
    return encode_checked(value)


def encode_checked(value: Mapping[str, Any]) -> bytes:
    """As ``encode``, of a mapping all of whose parts ``refuse_foreign`` has let pass."""
    return orjson.dumps(value, option=_OPTIONS)


def refuse_foreign(value: Mapping[str, Any]) -> None:
    """Raises TypeError where a key or a value, however deep, has no canonical form here."""
    if not "".join(value).isascii():
        raise TypeError("a leaf's keys are ASCII")
    _refuse_foreign_among(value.values())


def _refuse_foreign_among(values: Iterable[Any]) -> None:
    for value in values:
        kind = type(value)
        if kind in _PLAIN:
            continue
        if kind is list or kind is tuple:
            if not _PLAIN.issuperset(map(type, value)):
                _refuse_foreign_among(value)
        elif kind is dict:
            refuse_foreign(value)
        else:
            raise TypeError(f"no canonical form here: {kind.__name__}")


def decode(leaf: bytes) -> dict[str, Any]:
    """The mapping a leaf was made of; raises ValueError where the bytes are no JSON object."""
    value = orjson.loads(leaf)
    if not isinstance(value, dict):
        raise ValueError("a leaf is a JSON object")
    return value


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf), 32 bytes."""
    return sha256(b"\x00" + leaf).digest()
