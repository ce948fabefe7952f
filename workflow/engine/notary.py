"""Keys made, checkpoints signed, proofs drawn: what the campaign vouches for towards those outside."""

from pathlib import Path

from sqlalchemy import Connection, text

from workflow.audit.events import Key
from workflow.audit.tlog import proof
from workflow.audit.tlog.checkpoint import KeptCheckpoint, TreeHead, head_of, latest_checkpoint
from workflow.audit.tlog.key import PublicKey, make_key
from workflow.audit.tlog.note import NoteUnsound
from workflow.audit.tlog.tiles import StoredTree, size_of
from workflow.audit.tlog.tlog_proof import ConsistencyProof, TlogProof, signed_head
from workflow.disk import cause_of
from workflow.engine.campaign import Campaign
from workflow.engine.signing import recorded_keys, sign_history
from workflow.errors import AnliError

LARGEST = 100_000
_LEAF = text("SELECT leaf FROM events WHERE seq = :seq")
_OF_SIZE = text("SELECT size, note, at FROM checkpoints WHERE size = :size")


class KeyNeeded(AnliError):
    """There is no key to sign with, or to check a signature by: values are none."""

    code = "error.key-needed"


class CheckpointUnsound(AnliError):
    """Not a checkpoint of this history: values are file and problem_code."""

    exit_status = 4
    code = "error.checkpoint-unsound"


class CheckpointUnreadable(CheckpointUnsound):
    """Another file than was meant, or a line written down wrongly: of the history it says nothing; values are file."""

    exit_status = 1


class CheckpointMissing(AnliError):
    """No checkpoint covers what was asked for, and there is no key to make one: values are size."""

    code = "error.checkpoint-missing"


class EventUnknown(AnliError):
    """No event of that number: values are event, last."""

    code = "error.event-unknown"


class ProofUnsound(AnliError):
    """What the database holds does not prove what was asked: values are event."""

    exit_status = 4
    code = "error.proof-unsound"


def make_signing_key(campaign: Campaign, file: Path) -> PublicKey:
    """Make the key that will sign this campaign's checkpoints; its public half goes on record.

    Raises KeyExists, or KeyUnusable where it cannot be written.
    """
    with campaign.writing() as (campaign, connection):
        key = make_key(f"{campaign.edition.mail.message_id_domain}/{campaign.token}", file)
        campaign.log(connection).append([Key(public_key=str(key))])
    return key


def seal(campaign: Campaign) -> KeptCheckpoint:
    """Sign the history as it stands. Raises KeyNeeded without a key, HistoryForked where it was tampered with."""
    key = campaign.signing_key
    if key is None:
        raise KeyNeeded
    with campaign.writing() as (campaign, connection):
        return sign_history(campaign, connection, key)


def prove(campaign: Campaign, event: int) -> TlogProof:
    """That the event stands in the history, by the last checkpoint, or by a new one where none covers it.

    Raises EventUnknown, CheckpointMissing, and ProofUnsound where the database does not bear it out.
    """
    with campaign.reading() as connection:
        last = size_of(connection)
        if not 1 <= event <= last:
            raise EventUnknown(event=event, last=last)
        kept = latest_checkpoint(connection, recorded_keys(connection), event)
    if kept is None:
        if campaign.signing_key is None:
            raise CheckpointMissing(size=event)
        kept = seal(campaign)
    with campaign.reading() as connection:
        leaf = bytes(connection.execute(_LEAF, {"seq": event}).scalar_one())
        path = proof.prove_inclusion(StoredTree(connection).node, event - 1, kept.size)
    proved = TlogProof(event - 1, tuple(path), kept.note, leaf)
    if not proved.holds():
        raise ProofUnsound(event=event)
    return proved


def prove_consistency(campaign: Campaign, old: str, new: str) -> tuple[TreeHead, ConsistencyProof]:
    """That the checkpoint ``new`` continues ``old``; each is a file, or the size of a checkpoint kept here.

    Raises CheckpointUnsound for a file that is none of this campaign's or is not borne out by the history,
    CheckpointMissing for a size, HistoryDamaged.
    """
    with campaign.reading() as connection:
        (earlier, _), (later, note) = sorted(_find(campaign, connection, word) for word in (old, new))
        if later.size > size_of(connection):
            raise CheckpointUnsound(file=new, problem_code="checkpoint.ahead", size=later.size)
        path = proof.prove_consistency(StoredTree(connection).node, earlier.size, later.size) if earlier.size else []
    consistency = ConsistencyProof(earlier.size, tuple(path), note)
    if not consistency.holds(earlier.root):
        raise CheckpointUnsound(file=f"{old}, {new}", problem_code="checkpoint.forked", size=earlier.size)
    return earlier, consistency


def read_checkpoint(file: Path) -> str:
    """The text of a file handed out earlier, whatever a mail program made of its line ends.

    Raises CheckpointUnreadable for what is no text, FileMissing, AccessDenied and the like where it is not to be had.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1).decode("utf-8").replace("\r\n", "\n")
    except OSError as refusal:
        raise cause_of(refusal, file) from None
    except UnicodeDecodeError:
        raise CheckpointUnreadable(file=str(file), problem_code="checkpoint.unreadable") from None


def _find(campaign: Campaign, connection: Connection, word: str) -> tuple[TreeHead, str]:
    if word.isdecimal() and word.isascii():
        row = connection.execute(_OF_SIZE, {"size": int(word[:18])}).first()
        if row is None:
            raise CheckpointMissing(size=word)
        return _sound(word, row.note, recorded_keys(connection), campaign)
    return _sound(word, read_checkpoint(Path(word)), recorded_keys(connection), campaign)


def _sound(file: str, note: str, keys: tuple[PublicKey, ...], campaign: Campaign) -> tuple[TreeHead, str]:
    try:
        if head_of(note).origin.rpartition("/")[2] != campaign.token:
            raise CheckpointUnsound(file=file, problem_code="checkpoint.foreign", origin=head_of(note).origin)
        return signed_head(note, keys), note
    except NoteUnsound as unsound:
        kind = CheckpointUnreadable if unsound.problem == "unreadable" else CheckpointUnsound
        raise kind(file=file, problem_code=f"checkpoint.{unsound.problem}") from None
