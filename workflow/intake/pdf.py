"""Whether a PDF opens (ISO 32000), by pypdf; a large one in a process of its own, for a crafted one takes minutes."""

import io
import logging
import subprocess
import sys
from pathlib import Path

SMALL = 1024 * 1024
SECONDS = 8
MEMORY = 512 * 1024 * 1024
"""Bytes of address space for that process, besides the file itself."""
_OPENS, _ENCRYPTED, _DAMAGED = "opens", "encrypted", "damaged"


def fault_of(data: bytes) -> str | None:
    """``encrypted`` where it asks for a password, ``damaged`` where no page of it can be shown; None where it opens."""
    said = _look(data) if len(data) <= SMALL else _look_outside(data)
    return None if said == _OPENS else said


def _look(data: bytes) -> str:
    from pypdf import PasswordType, PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return _ENCRYPTED
        return _OPENS if reader.pages and "/Type" in reader.pages[0] else _DAMAGED
    except Exception:  # noqa: BLE001 - the library raises what a broken file makes it stumble over
        return _DAMAGED


def _look_outside(data: bytes) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - this very file, by this very interpreter
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=data, capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError):
        return _DAMAGED
    said = answer.stdout.decode("ascii", "replace").strip()
    return said if said in (_OPENS, _ENCRYPTED) else _DAMAGED


def _limit(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the time is bounded there as well
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY + 4 * size, MEMORY + 4 * size))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    whole = sys.stdin.buffer.read()
    _limit(len(whole))
    sys.stdout.write(_look(whole))
