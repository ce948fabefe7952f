"""Signing the history as it stands, with a key that the history itself names."""

from sqlalchemy import Connection, text

from workflow.audit.events import Key, read
from workflow.audit.tlog.checkpoint import KeptCheckpoint, make_checkpoint
from workflow.audit.tlog.fault import KeyUnusable
from workflow.audit.tlog.key import PublicKey, SigningKey, parse_public_key
from workflow.engine.campaign import Campaign

_KEYS = text("SELECT leaf FROM events WHERE batch_id IS NULL AND kind = 'key' ORDER BY seq")


def recorded_keys(connection: Connection) -> tuple[PublicKey, ...]:
    """The public keys that the history itself names."""
    found = (read(bytes(leaf)) for leaf in connection.execute(_KEYS).scalars())
    return tuple(parse_public_key(event.public_key) for event in found if isinstance(event, Key))


def sign_history(campaign: Campaign, connection: Connection, key: SigningKey) -> KeptCheckpoint:
    """Sign the tree in the caller's transaction, as ``make_checkpoint`` says.

    Raises KeyUnusable where the history does not name the key: what it signed nobody could ever check.
    """
    keys = recorded_keys(connection)
    if key.public not in keys:
        raise KeyUnusable(file=str(campaign.key_file), problem_code="key.unrecorded")
    return make_checkpoint(connection, key, campaign.now, keys)
