"""What an event holds of a row whose every column decides; who writes the row and who verifies it both ask here."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from workflow.audit.canonical import encode

_READ = ("name", "applicant", "categories", "headings_missing", "media", "documents", "filename")
_COUNTED = ("summary_characters", "content_characters", "scans")
_TICKED = ("received_proven", "applicant_opinion", "recommender_opinion")
_PERSONAL = ("contact_person", "contact_phone", "address")
_TEXTS = ("summary", "content", "applicant_opinion_text", "recommender_opinion_text")
FORM_COLUMNS = (*_READ, *_COUNTED, *_TICKED, *_PERSONAL, *_TEXTS)


def witness_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the law looks at in a form (附件4), by the columns of its row.

    Of a person's name, number and address only whether they were given, so that these can be erased one day; of the
    long texts their common SHA-256 in hex.
    """
    texts = {name: row[name] for name in _TEXTS}
    return {
        **{name: row[name] for name in _READ},
        **{name: int(row[name]) for name in _COUNTED},
        **{name: bool(row[name]) for name in _TICKED},
        "given": [name for name in _PERSONAL if row[name]],
        "texts": sha256(encode(texts)).hexdigest(),
    }


def digest(witness: Mapping[str, Any]) -> bytes:
    """SHA-256 of a witness's canonical form, 32 bytes."""
    return sha256(encode(witness)).digest()


def digest_cases(numbers: Iterable[object]) -> bytes:
    """SHA-256 of the numbers of a letter's cases as a JSON list, 32 bytes. Raises TypeError for what is none."""
    return sha256(orjson.dumps(tuple(numbers))).digest()
