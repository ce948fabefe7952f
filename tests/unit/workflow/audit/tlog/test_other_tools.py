"""What Anli hands out, checked by programs that others wrote: Go's sumdb packages and proofbundle."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.builders.campaigns import add_drafts, found_rehearsal, plain_drafts
from workflow.audit.tlog.canonical import leaf_hash
from workflow.audit.tlog.checkpoint import head_of
from workflow.audit.tlog.tlog_proof import ConsistencyProof, TlogProof
from workflow.engine import notary
from workflow.engine.campaign import Campaign

DEBIAN_GOPATH = Path("/usr/share/gocode")
WHY_NOT = "Go and Debian's golang-golang-x-mod-dev are not installed"
Check = Callable[[list[dict[str, Any]]], list[str]]


class Handed(NamedTuple):
    """What an auditor holds: the public key, an early checkpoint, proofs by the later one, and that it grew."""

    vkey: str
    early: str
    late: str
    receipts: list[TlogProof]
    growth: ConsistencyProof

    def asked(self, receipt: TlogProof, **changes: Any) -> dict[str, Any]:
        given = {
            "vkey": self.vkey,
            "checkpoint": receipt.note,
            "older": self.early,
            "growth": encode(self.growth.path),
            "leaf": base64.b64encode(receipt.leaf).decode(),
            "index": receipt.place,
            "path": encode(receipt.path),
        }
        return {**given, **changes}


def encode(path: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(each).decode() for each in path]


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handed]:
    folder = tmp_path_factory.mktemp("handed")
    campaign: Campaign = found_rehearsal(f"sqlite:///{folder / 'anli.db'}", folder)
    key = notary.make_signing_key(campaign, folder / "key")
    campaign = replace(campaign, key_file=folder / "key")
    add_drafts(campaign, plain_drafts(["武汉市", "孝感市"], 40))
    early = notary.seal(campaign)
    add_drafts(campaign, plain_drafts(["宜昌市"], 300))
    late = notary.seal(campaign)
    _, growth = notary.prove_consistency(campaign, str(early.size), str(late.size))
    receipts = [notary.prove(campaign, event) for event in (1, 2, 43, 44, 256, 257, late.size)]
    yield Handed(str(key), early.note, late.note, receipts, growth)
    campaign.engine.dispose()


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """The Go program, built once with Debian's packages and no network."""
    if not (shutil.which("go") and (DEBIAN_GOPATH / "src/golang.org/x/mod/sumdb/note").is_dir()):
        if os.environ.get("ANLI_ALL_TOOLS"):
            pytest.fail(WHY_NOT)
        pytest.skip(WHY_NOT)
    folder = tmp_path_factory.mktemp("go")
    program = folder / "check"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(DEBIAN_GOPATH),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "GOPROXY": "off",
    }
    source = Path(__file__).parent / "sumdb" / "main.go"
    subprocess.run(["go", "build", "-o", program, source], check=True, env=environment)

    def check(asked: list[dict[str, Any]]) -> list[str]:
        words = "\n".join(map(json.dumps, asked))
        done = subprocess.run([program], input=words, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    return check


@pytest.mark.debian
def test_go_finds_everything_sound(go: Check, handed: Handed) -> None:
    asked = [handed.asked(receipt) for receipt in handed.receipts if receipt.note == handed.late]
    assert len(asked) >= 5
    assert go(asked) == ["sound"] * len(asked)


@pytest.mark.debian
def test_go_finds_what_was_tampered_with(go: Check, handed: Handed) -> None:
    receipt = next(each for each in handed.receipts if each.note == handed.late)
    flipped = bytearray(receipt.leaf)
    flipped[20] ^= 1
    other = next(each for each in handed.receipts if each.place > receipt.place)
    size = head_of(receipt.note).size
    asked = [
        handed.asked(receipt, leaf=base64.b64encode(flipped).decode()),
        handed.asked(receipt, index=receipt.place + 1),
        handed.asked(receipt, path=encode(other.path)),
        handed.asked(receipt, growth=encode(handed.growth.path[::-1])),
        handed.asked(receipt, checkpoint=receipt.note.replace(f"\n{size}\n", f"\n{size + 1}\n")),
        handed.asked(receipt, vkey=handed.vkey.replace("+A", "+B", 1)),
        handed.asked(receipt, older=handed.late.replace("/", "0", 1)),
    ]
    answers = go(asked)
    assert len(answers) == len(asked)
    assert "sound" not in answers


def test_proofbundle_finds_everything_sound(handed: Handed) -> None:
    from proofbundle.tlogproof import verify_tlog_proof

    for receipt in handed.receipts:
        found = verify_tlog_proof(str(receipt), receipt.leaf, handed.vkey)
        assert found["ok"], found


def test_proofbundle_finds_what_was_tampered_with(handed: Handed) -> None:
    from proofbundle.tlogproof import verify_tlog_proof

    receipt = handed.receipts[2]
    assert not verify_tlog_proof(str(receipt), receipt.leaf + b" ", handed.vkey)["ok"]
    other = str(receipt).replace(f"index {receipt.place}", f"index {receipt.place + 1}")
    assert not verify_tlog_proof(other, receipt.leaf, handed.vkey)["ok"]


def test_proofbundle_sees_the_history_grow(handed: Handed) -> None:
    from proofbundle.checkpoint import verify_checkpoint
    from proofbundle.merkle import leaf_hash as other_leaf_hash
    from proofbundle.merkle import verify_consistency

    early, late = (verify_checkpoint(note, handed.vkey) for note in (handed.early, handed.late))
    assert early["ok"]
    assert late["ok"]
    roots = [each["root"] for each in (early, late)]
    sizes = [each["tree_size"] for each in (early, late)]
    assert verify_consistency(*sizes, list(handed.growth.path), *roots)
    assert not verify_consistency(*sizes, list(handed.growth.path)[::-1], *roots)
    assert other_leaf_hash(handed.receipts[0].leaf) == leaf_hash(handed.receipts[0].leaf)
