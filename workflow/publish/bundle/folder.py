"""Writing the bundle: the events as they are, pages and tables made of them, and what proves them."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from workflow.audit.replay import fold, ordinal_of
from workflow.audit.rows import stream_rows
from workflow.audit.state import State
from workflow.audit.tlog.canonical import decode
from workflow.audit.tlog.checkpoint import (
    KeptCheckpoint,
    TreeHead,
    head_of,
    latest_checkpoint,
    make_checkpoint,
    short_line,
)
from workflow.audit.tlog.key import PublicKey
from workflow.audit.tlog.proof import prove_inclusion
from workflow.audit.tlog.tiles import StoredTree
from workflow.audit.tlog.tlog_proof import TlogProof
from workflow.engine.campaign import Campaign
from workflow.engine.notary import recorded_keys
from workflow.errors import AnliError
from workflow.publish.bundle.page import write_page
from workflow.publish.bundle.sheets import write_sheets

HERE = Path(__file__).parent
AS_THEY_ARE = ("verify.py", "README.md")
_LEAVES = "SELECT leaf FROM events ORDER BY seq"
_CHECKPOINTS = text("SELECT size, note FROM checkpoints ORDER BY size")


class NothingSigned(AnliError):
    """No checkpoint has been made yet, and there is no key to make one."""

    code = "error.nothing-signed"


class FolderTaken(AnliError):
    """A bundle is written into a folder of its own: values are folder."""

    code = "error.folder-taken"


class Contents(NamedTuple):
    """What a bundle holds. leaves: the events' exact bytes. last: for each case's number, its last event's place."""

    leaves: list[bytes]
    events: list[dict[str, Any]]
    state: State
    last: Mapping[str, int]
    checkpoint: KeptCheckpoint
    head: TreeHead
    keys: tuple[PublicKey, ...]


def export(campaign: Campaign, folder: Path) -> dict[str, Any]:
    """Write the history as it stands into the new ``folder``; what it holds, for the command's answer.

    Raises FolderTaken, and NothingSigned where nothing was signed yet and there is no key to sign with.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(folder=str(folder))
    if (key := campaign.signing_key) is not None:
        with campaign.writing() as (campaign, connection):
            make_checkpoint(connection, key, campaign.now)
    with campaign.reading() as connection:
        contents = _gather(connection)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "events.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in contents.leaves))
        _write_trust(connection, contents, folder)
    write_page(campaign, contents, folder / "history.html")
    write_sheets(campaign, contents, folder)
    for name in AS_THEY_ARE:
        shutil.copyfile(HERE / name, folder / name)
    return {
        "folder": str(folder),
        "events": len(contents.leaves),
        "cases": len(contents.last),
        "size": contents.head.size,
        "root": contents.head.root.hex(),
        "line": short_line(contents.head),
        "files": sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()),
    }


def _gather(connection: Connection) -> Contents:
    checkpoint = latest_checkpoint(connection)
    if checkpoint is None:
        raise NothingSigned
    leaves = [bytes(leaf) for (leaf,) in stream_rows(connection, _LEAVES)]
    events = [decode(leaf) for leaf in leaves]
    state = State()
    last: dict[str, int] = {}
    for place, event in enumerate(events):
        fold(state, event)
        if event.get("case"):
            last[event["case"]] = place
    ordered = dict(sorted(last.items(), key=lambda item: ordinal_of(item[0])))
    return Contents(leaves, events, state, ordered, checkpoint, head_of(checkpoint.note), recorded_keys(connection))


def _write_trust(connection: Connection, contents: Contents, folder: Path) -> None:
    for name in ("checkpoints", "proofs"):
        (folder / name).mkdir()
    for size, note in connection.execute(_CHECKPOINTS):
        _write(folder / "checkpoints" / f"{size:09d}.txt", note)
    for name, receipt in _prove(connection, contents):
        _write(folder / "proofs" / f"{name}.tlog-proof", str(receipt))
    _write(folder / "public-key.txt", "".join(f"{key}\n" for key in contents.keys))


def _prove(connection: Connection, contents: Contents) -> Iterator[tuple[str, TlogProof]]:
    """The last event of each case, as far as the checkpoint covers it."""
    node = StoredTree(connection).node
    for number, place in contents.last.items():
        if place < contents.head.size:
            path = prove_inclusion(node, place, contents.head.size)
            yield number, TlogProof(place, tuple(path), contents.checkpoint.note, contents.leaves[place])


def _write(file: Path, written: str) -> None:
    file.write_text(written, encoding="utf-8", newline="\n")
