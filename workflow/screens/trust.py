"""Keys, checkpoints and proofs, as commands print them."""

from base64 import b64encode
from pathlib import Path
from typing import Any

from workflow import clock
from workflow.audit.tlog.checkpoint import head_of, short_line
from workflow.audit.tlog.key import public_file
from workflow.audit.tlog.tlog_proof import ConsistencyProof, TlogProof
from workflow.engine import notary
from workflow.engine.campaign import Campaign
from workflow.screens.complaint import WordMissing
from workflow.screens.renderer import Answer, Renderer
from workflow.screens.screen import Verbatim


def make_key(campaign: Campaign, file: Path | None) -> dict[str, Any]:
    """Make the signing key in ``file``, else where the settings have it. Raises WordMissing where neither says."""
    file = file or campaign.key_file
    if file is None:
        raise WordMissing(word="FILE", command="audit keygen")
    key = notary.make_signing_key(campaign, file)
    return {"file": str(file), "public_file": str(public_file(file)), "public_key": str(key), "name": key.name}


def seal(campaign: Campaign, file: Path | None) -> dict[str, Any]:
    """Sign the history as it stands, and write the checkpoint to ``file`` where one is named."""
    kept = notary.seal(campaign)
    if file is not None:
        file.write_text(kept.note, encoding="utf-8", newline="\n")
    head = head_of(kept.note)
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "at": clock.show(clock.read(kept.at)),
        "note": kept.note,
        "line": short_line(head),
    }


def prove(campaign: Campaign, event: int, file: Path | None) -> dict[str, Any]:
    """The proof of one event, also written to ``file`` where one is named."""
    receipt: TlogProof = notary.prove(campaign, event)
    if file is not None:
        file.write_text(str(receipt), encoding="utf-8", newline="\n")
    head = head_of(receipt.note)
    return {
        "event": event,
        "index": receipt.place,
        "size": head.size,
        "root": head.root.hex(),
        "leaf": receipt.leaf.decode(),
        "path": [b64encode(each).decode() for each in receipt.path],
        "proof": str(receipt),
    }


def prove_growth(campaign: Campaign, old: str, new: str) -> dict[str, Any]:
    """The proof that one checkpoint continues the other."""
    consistency: ConsistencyProof
    head, consistency = notary.prove_consistency(campaign, old, new)
    later = head_of(consistency.note)
    return {
        "old": {"size": head.size, "root": head.root.hex()},
        "new": {"size": later.size, "root": later.root.hex()},
        "path": [b64encode(each).decode() for each in consistency.path],
        "proof": str(consistency),
    }


def draw_key(renderer: Renderer, answer: Answer) -> Verbatim:
    """Where the key lies, and its public half."""
    return Verbatim(renderer.say("key.made", **answer) + "\n")


def draw_checkpoint(renderer: Renderer, answer: Answer) -> Verbatim:
    """The note as it is, and the line for the minutes."""
    line = renderer.say("checkpoint.line", line=answer["line"])
    return Verbatim(f"{answer['note']}\n{line}\n")


def draw_proof(_renderer: Renderer, answer: Answer) -> Verbatim:
    """The proof as it is, to be sent on."""
    return Verbatim(answer["proof"])


def draw_growth(renderer: Renderer, answer: Answer) -> Verbatim:
    """The proof as it is, and what it proves."""
    sentence = renderer.say("checkpoint.continues", old=answer["old"]["size"], new=answer["new"]["size"])
    return Verbatim(f"{answer['proof']}\n{sentence}\n")
