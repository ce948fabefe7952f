"""Check this folder: python3 verify.py [CHECKPOINT-FILE or "LINE FROM THE MINUTES"] [PUBLIC-KEY-FILE]

Needs Python 3.9 or later; with the package `cryptography` it checks signatures as well. Changes nothing.
An event is one line of events.jsonl, byte for byte. Its leaf hash is SHA-256(0x00 + line), a node of the tree is
SHA-256(0x01 + left + right), and the tree is that of RFC 9162, 2.1.1. A checkpoint states how many events there were
and their root, signed with Ed25519 (https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note).
Give it a checkpoint, or a line from the minutes, that you received earlier by another way: that is what tells you
that nobody rewrote the history before they handed you this folder.
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


def tell(sound: bool, sentence: str) -> None:
    sys.stdout.write(("ok     " if sound else "WRONG  ") + sentence + "\n")
    if not sound:
        found_wrong.append(sentence)


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


def check_checkpoint(name: str, note: str, hashes: list[bytes], keys: list[str]) -> None:
    """The tree has the root that the checkpoint states, and one of the keys signed it."""
    text, _, signatures = note.rpartition("\n\n")
    _origin, size, root = text.split("\n")[:3]
    fits = int(size) <= len(hashes) and root_of(hashes[: int(size)]) == base64.b64decode(root)
    tell(fits, f"{name}: the first {size} events have the root it states")
    try:
        answers = [signed_by(text + "\n", signatures, key) for key in keys]
    except ImportError:
        sys.stdout.write("?      signatures not checked: install the package cryptography\n")
        return
    tell(True in answers and False not in answers, f"{name}: signed by the public key")


def check_proof(name: str, proof: str, hashes: list[bytes], notes: list[str]) -> None:
    """The proof's own event stands where it says, in the tree of a checkpoint that was checked above."""
    head, _, note = proof.partition("\n\n")
    first, extra, index, *path = head.split("\n")
    size, root = note.split("\n")[1:3]
    place, leaf_hash = int(index.split(" ")[1]), sha256(b"\x00" + base64.b64decode(extra.split(" ")[1]))
    climbed = root_of_path(leaf_hash, place, int(size), [base64.b64decode(each) for each in path])
    sound = first == "c2sp.org/tlog-proof@v1" and note in notes and hashes[place] == leaf_hash
    tell(sound and climbed == base64.b64decode(root), f"{name}: proves event {place + 1}")


def check_line(line: str, hashes: list[bytes]) -> None:
    """A line from the minutes: the number of events, and the first 160 bits of the root in 32 letters."""
    size, _, letters = line.strip().upper().partition(" ")
    letters = letters.replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    number = int.from_bytes(root_of(hashes[: int(size)]), "big") >> 96
    written = "".join(BASE32[number >> 5 * place & 31] for place in reversed(range(32)))
    tell(int(size) <= len(hashes) and letters == written, f"the line from the minutes, of {size} events")


def main(received: str = "", key_file: str = "") -> int:
    lines = (HERE / "events.jsonl").read_bytes().split(b"\n")[:-1]
    hashes = [sha256(b"\x00" + line) for line in lines]
    numbers = [json.loads(line)["seq"] for line in lines]
    tell(numbers == list(range(1, len(lines) + 1)), f"events.jsonl: {len(lines)} events, numbered without a gap")
    keys = pathlib.Path(key_file or HERE / "public-key.txt").read_text("utf-8").split()
    notes = {file.name: file.read_text("utf-8") for file in sorted((HERE / "checkpoints").iterdir())}
    for name, note in notes.items():
        check_checkpoint(name, note, hashes, keys)
    for file in sorted((HERE / "proofs").iterdir()):
        check_proof(file.name, file.read_text("utf-8"), hashes, list(notes.values()))
    if received and pathlib.Path(received).is_file():
        check_checkpoint(received, pathlib.Path(received).read_text("utf-8"), hashes, keys)
    elif received:
        check_line(received, hashes)
    return 4 if found_wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:3]))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as problem:
        sys.stdout.write(f"WRONG  a file of this folder is missing or unreadable: {problem!r}\n")
        sys.exit(4)
