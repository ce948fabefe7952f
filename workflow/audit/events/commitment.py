"""What an event holds of a row whose every column counts; who writes the row and who verifies it both ask here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any, TypeAlias

import orjson
from msgspec import Struct
from sqlalchemy import Boolean

from workflow import clock
from workflow.audit.state import Covered
from workflow.audit.tlog.canonical import encode, encode_checked
from workflow.store import Form
from workflow.store.personal import FIELDS

Scalar: TypeAlias = str | int | bool | None

SALT_BYTES = 16
FORM_TEXTS_1 = ("summary", "content", "applicant_opinion_text", "recommender_opinion_text")
_FORM_COLUMNS_1 = (
    *("name", "applicant", "categories", "headings_missing", "media", "documents", "filename"),
    *("summary_characters", "content_characters", "scans"),
    *("received_proven", "applicant_opinion", "recommender_opinion"),
    *FORM_TEXTS_1,
)
FORM_COLUMNS = {1: _FORM_COLUMNS_1, 2: (*_FORM_COLUMNS_1, "received_at", "problems", "doubts")}
"""For each version of a draft the columns of ``forms`` that it covers at least. A new column is a new version."""

LONG = frozenset({*FORM_TEXTS_1, "problems", "doubts"})
"""Columns of which only a common hash is told."""

MAIL_COLUMNS = ("sender", "subject")
ORIGINAL_COLUMNS = ("form_id", "filename", "media_type", "role", "size", "sha256")
"""What an intake covers of a mail's row, and of each row of the files that came with it."""

_TRUTH: Mapping[object, bool] = {0: False, 1: True}
_TICKED = frozenset(column.name for column in Form.__table__.columns if isinstance(column.type, Boolean))  # type: ignore[attr-defined]


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """Long columns by name, and SHA-256 (hex) of their canonical form: an object of their names and what they hold."""

    columns: list[str]
    sha256: str


class FormCommitment(Struct, frozen=True, forbid_unknown_fields=True):
    """What an event holds of a form's row, and names of it; of a person only salted hashes.

    given: which of the personal fields were. personal: of each SHA-256(salt ‖ value) in hex.
    """

    columns: dict[str, Scalar]
    texts: Texts
    given: list[str]
    personal: dict[str, str]

    @property
    def covered(self) -> Covered:
        return Covered(tuple(self.columns), tuple(self.texts.columns))

    def leaves_out(self, columns: Iterable[str]) -> set[str]:
        """Those of the columns that it does not vouch for."""
        return set(columns).difference(self.columns, self.texts.columns)

    def digest(self) -> bytes:
        """32 bytes that only a row with the same columns leads to."""
        return sha256(encode_checked({"columns": self.columns, "texts": self.texts.sha256})).digest()


def commit_to_form(row: Mapping[str, Any], person: Mapping[str, Any]) -> FormCommitment:
    """What a draft tells of a form (附件4). row: by the columns of ``forms``. person: by those of ``personal``.

    Raises TypeError where a column holds what it cannot.
    """
    columns = FORM_COLUMNS[max(FORM_COLUMNS)]
    long = sorted(LONG.intersection(columns))
    return FormCommitment(
        {name: _plain(name, row[name]) for name in columns if name not in LONG},
        Texts(long, _digest_texts({name: row[name] for name in long})),
        [name for name in FIELDS if person[name]],
        {name: hide(person[name], person[f"{name}_salt"]).hex() for name in FIELDS},
    )


def commit_to_mail(mail: Mapping[str, Any], originals: Iterable[Mapping[str, Any]]) -> str:
    """What an intake tells of a mail's sender, subject and files beyond what it names: SHA-256 in hex of them all.

    mail: by the columns of ``submissions``. originals: by those of ``originals``, in the order of their rows. One hash
    holds them all, because who guesses a sender would have to know every file's size and name besides.

    Raises TypeError where a column holds what it cannot.
    """
    listing = [{name: row[name] for name in ORIGINAL_COLUMNS} for row in originals]
    return sha256(encode({**{name: mail[name] for name in MAIL_COLUMNS}, "originals": listing})).hexdigest()


def digest_row(row: Mapping[str, Any], covered: Covered) -> bytes:
    """What ``FormCommitment.digest`` gives of the row, which holds at least the columns covered.

    Raises TypeError where a column holds what it cannot.
    """
    columns = {name: _plain(name, row[name]) for name in covered.columns}
    texts = _digest_texts({name: row[name] for name in covered.texts})
    return sha256(encode({"columns": columns, "texts": texts})).digest()


def salt_person(person: Mapping[str, str]) -> dict[str, Any]:
    """The row of ``personal`` for what a form says of a person: each field beside a salt of its own."""
    return {
        key: value
        for name in FIELDS
        for key, value in ((name, person[name]), (f"{name}_salt", token_bytes(SALT_BYTES)))
    }


def hide(value: str, salt: bytes) -> bytes:
    """SHA-256(salt ‖ value in UTF-8), 32 bytes. The salt's length is fixed, so that no two pairs are written alike."""
    return sha256(salt + value.encode()).digest()


def _plain(name: str, value: object) -> Any:
    """A column's value as leaves hold it: a moment as it is stored, a tick as true or false."""
    if isinstance(value, datetime):
        return clock.write(value)
    return _TRUTH.get(value, value) if name in _TICKED else value


def _digest_texts(texts: Mapping[str, Any]) -> str:
    return sha256(encode({name: _parsed(name, value) for name, value in texts.items()})).hexdigest()


def _parsed(name: str, value: object) -> object:
    """A JSON column as both databases give it; raises TypeError for what is none."""
    if name != "problems" or not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except ValueError as error:
        raise TypeError(str(error)) from None
