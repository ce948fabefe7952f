"""Check this folder: python3 verify.py [CHECKPOINT-FILE or "LINE FROM THE MINUTES"] [PUBLIC-KEY-FILE]

Needs Python 3.9 or later; with the package `cryptography` it checks signatures as well. Changes nothing.
An event is one line of events.jsonl, byte for byte. Its leaf hash is SHA-256(0x00 + line), a node of the tree is
SHA-256(0x01 + left + right), and the tree is that of RFC 9162, 2.1.1. A checkpoint states how many events there were
and their root, signed with Ed25519 (https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note).
Give it a checkpoint, or a line from the minutes, that you received earlier by another way: that is what tells you
that nobody rewrote the history before they handed you this folder.
The last line is the verdict: 0 (exit status) all holds and all events are covered, 3 nothing is wrong but not all is
covered, 4 something is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
found_wrong: list[str] = []
uncovered: list[str] = []


def tell(sound: bool, sentence: str) -> bool:
    sys.stdout.write(("ok     " if sound else "WRONG  ") + sentence + "\n")
    if not sound:
        found_wrong.append(sentence)
    return sound


def leave_open(sentence: str) -> None:
    sys.stdout.write(f"?      {sentence}\n")
    uncovered.append(sentence)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1: split at the largest power of two below the number of leaves."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:]))


def root_of_path(leaf_hash: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162, 2.1.3.2: climb from a leaf by its siblings; None where the path does not fit."""
    place, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            leaf_hash = sha256(b"\x01" + sibling + leaf_hash)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            leaf_hash = sha256(b"\x01" + leaf_hash + sibling)
        place, last = place >> 1, last >> 1
    return leaf_hash if last == 0 else None


def signed_by(text: str, signatures: str, vkey: str) -> bool | None:
    """None where no signature names this key; else whether it is right."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    name, key_id, key = vkey.strip().split("+", 2)
    for line in signatures.splitlines():
        _, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded)
        if (signer, raw[:4].hex()) == (name, key_id):
            try:
                Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(raw[4:], text.encode())
            except InvalidSignature:
                return False
            return True
    return None


def check_checkpoint(name: str, note: str, hashes: list[bytes], keys: list[str], token: str) -> int:
    """The tree has the root that the checkpoint of this campaign states, and one of the keys signed it.

    How many events it vouches for: none where anything about it is wrong, or nobody could check its signature.
    """
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    fits = int(size) <= len(hashes) and root_of(hashes[: int(size)]) == base64.b64decode(root)
    fits = tell(fits, f"{name}: the first {size} events have the root it states")
    fits = tell(origin.rpartition("/")[2] == token, f"{name}: of this campaign") and fits
    try:
        answers = [signed_by(text + "\n", signatures, key) for key in keys]
    except ImportError:
        leave_open(f"{name}: its signature not checked; install the package cryptography")
        return 0
    signed = tell(True in answers and False not in answers, f"{name}: signed by the public key")
    return int(size) if fits and signed else 0


def check_proof(name: str, proof: str, hashes: list[bytes], notes: list[str], last: dict[str, int]) -> None:
    """The proof's own event is the last of its case, and stands where it says in a checkpoint checked above."""
    head, _, note = proof.partition("\n\n")
    first, extra, index, *path = head.split("\n")
    size, root = note.split("\n")[1:3]
    place, leaf_hash = int(index.split(" ")[1]), sha256(b"\x00" + base64.b64decode(extra.split(" ")[1]))
    climbed = root_of_path(leaf_hash, place, int(size), [base64.b64decode(each) for each in path])
    sound = first == "c2sp.org/tlog-proof@v1" and note in notes and hashes[place] == leaf_hash
    sound = sound and climbed == base64.b64decode(root) and last.get(name.partition(".")[0]) == place
    tell(sound, f"{name}: proves event {place + 1}, the last of its case")


def check_line(line: str, hashes: list[bytes]) -> int:
    """A line from the minutes: the number of events, and the first 160 bits of the root in 32 letters."""
    size, _, letters = line.strip().upper().partition(" ")
    letters = letters.replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    number = int.from_bytes(root_of(hashes[: int(size)]), "big") >> 96
    written = "".join(BASE32[number >> 5 * place & 31] for place in reversed(range(32)))
    sound = tell(int(size) <= len(hashes) and letters == written, f"the line from the minutes, of {size} events")
    return int(size) if sound else 0


def read_notes(folder: str) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in sorted((HERE / folder).iterdir())}


def check_keys(keys: list[str], events: list[dict[str, object]], own: bool) -> None:
    """The keys are those that the history says were made; or, where you brought your own, it knows yours."""
    made = [event["public_key"] for event in events if event["kind"] == "key"]
    known = bool(keys) and (set(keys) <= set(made) if own else keys == made)
    tell(known, "the key you brought: one the history names" if own else "public-key.txt: the keys the history names")


def check_checkpoints(
    notes: dict[str, str], hashes: list[bytes], keys: list[str], events: list[dict[str, object]]
) -> int:
    """How many events the checkpoints vouch for; each lies under its own size, and those the history tells of hold."""
    token, reaches = str(events[0]["token"]), 0
    for name, note in notes.items():
        reaches = max(reaches, check_checkpoint(name, note, hashes, keys, token))
        tell(name == f"{int(note.split(chr(10))[1]):09d}.txt", f"{name}: lies under its size")
    for event in events:
        if event["kind"] == "checkpoint":
            size, root = int(str(event["size"])), event["root"]
            tell(root_of(hashes[:size]).hex() == root, f"event {event['seq']}: seals the first {size} events")
    tell(bool(notes), f"checkpoints: {len(notes)}; without any, nothing is signed")
    return reaches


def check_proofs(notes: dict[str, str], hashes: list[bytes], events: list[dict[str, object]]) -> None:
    """Each case that the last checkpoint covers has its proof."""
    covered = max([int(note.split("\n")[1]) for note in notes.values()], default=0)
    last = {str(event["case"]): place for place, event in enumerate(events) if event.get("case")}
    proofs = read_notes("proofs")
    for name, proof in proofs.items():
        check_proof(name, proof, hashes, list(notes.values()), last)
    missing = {f"{case}.tlog-proof" for case, place in last.items() if place < covered} - set(proofs)
    tell(not missing, f"proofs: one for each case; missing: {', '.join(sorted(missing)) or 'none'}")


def main(received: str = "", key_file: str = "") -> int:
    lines = (HERE / "events.jsonl").read_bytes().split(b"\n")[:-1]
    hashes = [sha256(b"\x00" + line) for line in lines]
    events = [json.loads(line) for line in lines]
    numbered = [event["seq"] for event in events] == list(range(1, len(lines) + 1))
    tell(numbered, f"events.jsonl: {len(lines)} events, numbered without a gap")
    keys = pathlib.Path(key_file or HERE / "public-key.txt").read_text("utf-8").split()
    check_keys(keys, events, bool(key_file))
    notes = read_notes("checkpoints")
    reaches = check_checkpoints(notes, hashes, keys, events)
    check_proofs(notes, hashes, events)
    if received and pathlib.Path(received).is_file():
        note = pathlib.Path(received).read_text("utf-8")
        reaches = max(reaches, check_checkpoint(received, note, hashes, keys, str(events[0]["token"])))
    elif received:
        reaches = max(reaches, check_line(received, hashes))
    if reaches < len(hashes):
        leave_open(
            f"events {reaches + 1} to {len(hashes)}: covered by no sound checkpoint; anyone may have made them up"
        )
    if not received:
        sys.stdout.write("note   nothing you brought was held against it: a whole other history could look like this\n")
    sys.stdout.write("note   not checked, and no evidence: cases.csv, events.csv, history.xlsx, history.html\n")
    return give_verdict(len(hashes))


def give_verdict(count: int) -> int:
    """One line in both languages, and the exit status that says the same."""
    if found_wrong:
        line, status = f"核验未通过：有 {len(found_wrong)} 处不符 · FAILED: {len(found_wrong)} things are wrong", 4
    elif uncovered:
        line, status = (
            f"未见不符，但有 {len(uncovered)} 处无从核验 · INCOMPLETE: {len(uncovered)} things not covered",
            3,
        )
    else:
        line, status = f"核验通过：{count} 条记录完整无误 · PASSED: all {count} events hold", 0
    sys.stdout.write(f"VERDICT {line}\n")
    return status


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        sys.exit(main(*sys.argv[1:3]))
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as problem:
        tell(False, f"a file of this folder is missing or unreadable: {problem!r}")
        sys.exit(give_verdict(0))
