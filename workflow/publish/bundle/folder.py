"""Writing the bundle: the events as they are, pages and tables made of them, and what proves them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from sqlalchemy import Connection, text

from workflow.audit.tlog.checkpoint import short_line
from workflow.audit.tlog.proof import prove_inclusion
from workflow.audit.tlog.tiles import StoredTree
from workflow.audit.tlog.tlog_proof import TlogProof
from workflow.engine.campaign import Campaign
from workflow.engine.notary import seal
from workflow.errors import AnliError
from workflow.publish.bundle.contents import Contents, gather
from workflow.publish.bundle.page import write_page
from workflow.publish.bundle.sheets import write_sheets

HERE = Path(__file__).parent
AS_THEY_ARE = ("verify.py", "README.md")
_CHECKPOINTS = text("SELECT size, note FROM checkpoints ORDER BY size")


class FolderTaken(AnliError):
    """A bundle is written into a folder of its own: values are folder."""

    code = "error.folder-taken"


class Exported(TypedDict):
    """cases: how many have events. size, root: of the checkpoint. line: for the minutes. files: relative to folder."""

    folder: str
    events: int
    cases: int
    size: int
    root: str
    line: str
    files: list[str]


def export(campaign: Campaign, folder: Path) -> Exported:
    """Write the history as it stands into the new ``folder``; what it holds, for the command's answer.

    Raises FolderTaken, and NothingSigned where nothing was signed yet and there is no key to sign with.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(folder=str(folder))
    if campaign.signing_key is not None:
        seal(campaign)
    with campaign.reading() as connection:
        contents = gather(connection)
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


def _write_trust(connection: Connection, contents: Contents, folder: Path) -> None:
    for name in ("checkpoints", "proofs"):
        (folder / name).mkdir()
    for kept in connection.execute(_CHECKPOINTS):
        _write(folder / "checkpoints" / f"{kept.size:09d}.txt", kept.note)
    for name, proof in _prove(connection, contents):
        _write(folder / "proofs" / f"{name}.tlog-proof", str(proof))
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
