"""Letters that a correction has overtaken: whatever becomes of them, they are not to be sent any more."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

OVERTAKEN = (
    "EXISTS (SELECT 1 FROM letters c JOIN batches b ON b.id = c.batch_id WHERE b.undoes = letters.batch_id "
    "AND c.recipient = letters.recipient AND c.kind = 'corrected' AND c.state <> 'cancelled')"
)
"""A condition over ``letters``."""

_AMONG = text(f"SELECT id FROM letters WHERE id IN :ids AND {OVERTAKEN}").bindparams(  # noqa: S608
    bindparam("ids", expanding=True)
)


def overtaken_among(connection: Connection, ids: Sequence[int]) -> set[int]:
    """The numbers of those that are overtaken."""
    return set(connection.execute(_AMONG, {"ids": list(ids)}).scalars()) if ids else set()
