"""Ed25519 keys as C2SP signed-note names and writes them, so that tools written by others read them too."""

import os
import re
import secrets
import stat
from base64 import b64decode, b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from workflow.audit.tlog.fault import KeyExists, KeyUnusable
from workflow.new_file import write_new

ED25519 = b"\x01"
"""The signature type of signed-note."""

_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]+")
_KEY_BYTES = 32
_LARGEST = 8_192
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PublicKey(NamedTuple):
    """name: of the log whose heads it vouches for. raw: 32 bytes (RFC 8032)."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        """As sumdb/note writes a verifier key: ``name+hash+key``."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.raw).decode()}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey(NamedTuple):
    """name: of the log. seed: 32 bytes (RFC 8032)."""

    name: str
    seed: bytes

    @property
    def public(self) -> PublicKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return PublicKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def __repr__(self) -> str:
        """Without the secret."""
        return f"SigningKey({self.name!r})"


def make_key(name: str, file: Path) -> PublicKey:
    """Write a new signing key of that name where only its owner may read it, and its public half beside it, ``.pub``.

    Raises KeyExists, or KeyUnusable where the folder is missing.
    """
    key = SigningKey(name, secrets.token_bytes(_KEY_BYTES))
    public = key.public
    text = f"{_PRIVATE}{name}+{public.id.hex()}+{b64encode(ED25519 + key.seed).decode()}\n"
    beside = public_file(file)
    if beside.exists():
        raise KeyExists(file=str(beside))
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        write_new(beside, f"{public}\n".encode())
    except FileExistsError:
        raise KeyExists(file=str(file)) from None
    except OSError as error:
        raise KeyUnusable(file=str(file), problem_code="key.unwritable", said=error.strerror or "") from None
    return public


def public_file(file: Path) -> Path:
    """Where the public half of a signing key lies."""
    return file.with_name(f"{file.name}.pub")


@cache
def read_signing_key(file: Path) -> SigningKey:
    """Read the key once and for all. Raises KeyUnusable where it is missing, open to others, or none."""
    text = read_secret(file).decode("utf-8", "replace").strip()
    name, raw, claimed = _split(text.removeprefix(_PRIVATE), file)
    key = SigningKey(name, raw)
    if not text.startswith(_PRIVATE) or key.public.id.hex() != claimed:
        raise KeyUnusable(file=str(file), problem_code="key.unreadable")
    return key


def read_secret(file: Path) -> bytes:
    """What a key's file holds. Raises KeyUnusable where it is missing, or open to others."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            data = opened.read(_LARGEST)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or ""
        raise KeyUnusable(file=str(file), problem_code="key.missing", said=said) from None
    if os.name == "posix" and mode & _OTHERS:
        raise KeyUnusable(file=str(file), problem_code="key.exposed", mode=f"{stat.S_IMODE(mode):04o}")
    return data


def read_public_keys(file: Path) -> tuple[PublicKey, ...]:
    """Public keys, one a line. Raises KeyUnusable where there is none or a line is none."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise KeyUnusable(file=str(file), problem_code="key.missing", said=error.strerror or "") from None
    keys = tuple(parse_public_key(line.strip(), file) for line in text.splitlines() if line.strip())
    if not keys:
        raise KeyUnusable(file=str(file), problem_code="key.unreadable")
    return keys


def parse_public_key(text: str, file: Path = Path()) -> PublicKey:
    """Read ``name+hash+key``. Raises KeyUnusable, naming ``file``, for anything else."""
    name, raw, claimed = _split(text, file)
    key = PublicKey(name, raw)
    if key.id.hex() != claimed:
        raise KeyUnusable(file=str(file), problem_code="key.unreadable")
    return key


def _split(text: str, file: Path) -> tuple[str, bytes, str]:
    """The name, the 32 bytes and the hash that a key's text gives."""
    name, _, rest = text.partition("+")
    claimed, _, encoded = rest.partition("+")
    try:
        data = b64decode(encoded, validate=True)
    except ValueError:
        data = b""
    if not _NAME.fullmatch(name) or data[:1] != ED25519 or len(data) != 1 + _KEY_BYTES:
        raise KeyUnusable(file=str(file), problem_code="key.unreadable")
    return name, data[1:], claimed
