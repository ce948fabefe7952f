"""Keys, checkpoints and proofs, as commands print them."""

from base64 import b64encode
from pathlib import Path
from typing import TypedDict

from workflow import clock
from workflow.audit.tlog.checkpoint import KeptCheckpoint, TreeHead, head_of, short_line
from workflow.audit.tlog.key import PublicKey, public_file
from workflow.audit.tlog.tlog_proof import ConsistencyProof, TlogProof
from workflow.engine.campaign import Campaign
from workflow.screens.complaint import WordMissing
from workflow.screens.renderer import Renderer
from workflow.screens.screen import Verbatim


class KeyDocument(TypedDict):
    file: str
    public_file: str
    public_key: str
    name: str


class CheckpointDocument(TypedDict):
    """root: hex. note: the signed text. line: for the minutes."""

    origin: str
    size: int
    root: str
    at: str
    note: str
    line: str


class ProofDocument(TypedDict):
    """index: the event's place among the leaves. path: base64. proof: the text to be sent on."""

    event: int
    index: int
    size: int
    root: str
    leaf: str
    path: list[str]
    proof: str


class HeadDocument(TypedDict):
    size: int
    root: str


class ConsistencyDocument(TypedDict):
    old: HeadDocument
    new: HeadDocument
    path: list[str]
    proof: str


def choose_key_file(campaign: Campaign, file: Path | None) -> Path:
    """The file that is named, else where the settings have the key. Raises WordMissing where neither says."""
    chosen = file or campaign.key_file
    if chosen is None:
        raise WordMissing(word="FILE", command="audit keygen")
    return chosen


def answer_key(file: Path, key: PublicKey) -> KeyDocument:
    return {"file": str(file), "public_file": str(public_file(file)), "public_key": str(key), "name": key.name}


def answer_checkpoint(kept: KeptCheckpoint) -> CheckpointDocument:
    head = head_of(kept.note)
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "at": clock.show(clock.read(kept.at)),
        "note": kept.note,
        "line": short_line(head),
    }


def answer_proof(event: int, proof: TlogProof) -> ProofDocument:
    """The proof of one event."""
    head = head_of(proof.note)
    return {
        "event": event,
        "index": proof.place,
        "size": head.size,
        "root": head.root.hex(),
        "leaf": proof.leaf.decode(),
        "path": [b64encode(step).decode() for step in proof.path],
        "proof": str(proof),
    }


def answer_consistency(earlier: TreeHead, proof: ConsistencyProof) -> ConsistencyDocument:
    """The proof that one checkpoint continues the other."""
    later = head_of(proof.note)
    return {
        "old": {"size": earlier.size, "root": earlier.root.hex()},
        "new": {"size": later.size, "root": later.root.hex()},
        "path": [b64encode(step).decode() for step in proof.path],
        "proof": str(proof),
    }


def draw_key(renderer: Renderer, answer: KeyDocument) -> Verbatim:
    """Where the key lies, and its public half."""
    return Verbatim(renderer.say("key.made", **answer) + "\n")


def draw_checkpoint(renderer: Renderer, answer: CheckpointDocument) -> Verbatim:
    """The note as it is, and the line for the minutes."""
    line = renderer.say("checkpoint.line", line=answer["line"])
    return Verbatim(f"{answer['note']}\n{line}\n")


def draw_proof(_renderer: Renderer, answer: ProofDocument) -> Verbatim:
    """The proof as it is, to be sent on."""
    return Verbatim(answer["proof"])


def draw_consistency(renderer: Renderer, answer: ConsistencyDocument) -> Verbatim:
    """The proof as it is, and what it proves."""
    sentence = renderer.say("checkpoint.continues", old=answer["old"]["size"], new=answer["new"]["size"])
    return Verbatim(f"{answer['proof']}\n{sentence}\n")
