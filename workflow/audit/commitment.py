"""What an event holds of a row whose every column decides; who writes the row and who verifies it both ask here."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import orjson

from workflow.audit.tlog.canonical import encode
from workflow.store.personal import FIELDS

_READ = ("name", "applicant", "categories", "headings_missing", "media", "documents", "filename")
_COUNTED = ("summary_characters", "content_characters", "scans")
_TICKED = ("received_proven", "applicant_opinion", "recommender_opinion")
SALT_BYTES = 16
_TEXTS = ("summary", "content", "applicant_opinion_text", "recommender_opinion_text")
FORM_COLUMNS = (*_READ, *_COUNTED, *_TICKED, *_TEXTS)


def commit_to_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the law looks at in a form (附件4), by the columns of its row.

    Of the long texts their common SHA-256 in hex; nothing of what it says of a person, for which see ``hide_person``.
    """
    texts = {name: row[name] for name in _TEXTS}
    return {
        **{name: row[name] for name in _READ},
        **{name: int(row[name]) for name in _COUNTED},
        **{name: bool(row[name]) for name in _TICKED},
        "texts": sha256(encode(texts)).hexdigest(),
    }


def salt_person(said: Mapping[str, str]) -> dict[str, Any]:
    """The row of ``personal`` for what a form says of a person: each field beside a salt of its own."""
    return {
        key: each for name in FIELDS for key, each in ((name, said[name]), (f"{name}_salt", token_bytes(SALT_BYTES)))
    }


def hide_person(row: Mapping[str, Any]) -> dict[str, Any]:
    """What an event holds of that row: which fields were given, and of each its salted hash in hex."""
    return {
        "given": [name for name in FIELDS if row[name]],
        "personal": {name: hide(row[name], row[f"{name}_salt"]).hex() for name in FIELDS},
    }


def hide(value: str, salt: bytes) -> bytes:
    """SHA-256(salt ‖ value in UTF-8), 32 bytes. The salt's length is fixed, so that no two pairs are written alike."""
    return sha256(salt + value.encode()).digest()


def digest(commitment: Mapping[str, Any]) -> bytes:
    """SHA-256 of a commitment's canonical form, 32 bytes."""
    return sha256(encode(commitment)).digest()


def digest_cases(numbers: Iterable[object]) -> bytes:
    """SHA-256 of the numbers of a letter's cases as a JSON list, 32 bytes. Raises TypeError for what is none."""
    return sha256(orjson.dumps(tuple(numbers))).digest()
