"""What verification does not vouch for: every column that no event tells of, and why that is so."""

from collections.abc import Mapping

OUTSIDE: Mapping[str, str] = {
    "alembic_version.version_num": "which shape the tables have; every command looks at it first",
    "checkpoints.at": "when a checkpoint was made; its note bears no time, and its size says after which event",
    "heartbeats.*": "when the clock of each machine last looked; it decides no case",
    "letters.id": "a row's number, in whose order letters are sent",
    "originals.id": "a row's number; what matters is their order within a mail",
    "reviews.id": "a row's number; what matters is their order within a case",
    "scores.id": "a row's number",
    "surveys.id": "a row's number; what matters is their order within a case",
}  # fmt: skip
"""By table and column (``*``: all of the table's) the reason. The page on trust lists them in the same words."""

SINCE: Mapping[str, tuple[tuple[str, int], tuple[str, ...]]] = {
    "forms": (("draft", 2), ("received_at", "problems", "doubts")),
    "submissions": (("intake", 2), ("sender", "subject")),
    "originals": (("intake", 2), ("form_id", "filename", "media_type", "role", "size")),
}
"""Columns of a table that only events of this kind and version or a later one cover."""


def is_outside(table: str, column: str) -> bool:
    """Whether no event of any version tells of the column."""
    return f"{table}.{column}" in OUTSIDE or f"{table}.*" in OUTSIDE
