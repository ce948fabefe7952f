"""Whether a PDF opens (ISO 32000), by pypdf; a large one in a process of its own, for a crafted one takes minutes."""

import io
import logging
import subprocess
import sys
import time
from pathlib import Path

SMALL = 1024 * 1024
SECONDS = 8
PATIENCE = 20
"""Seconds for all the scans of a mail."""
MEMORY = 512 * 1024 * 1024
"""Bytes of address space for that process, besides the file itself."""
_OPENS, _ENCRYPTED, _DAMAGED = "opens", "encrypted", "damaged"


class Patience:
    """What is left of the seconds that may be spent on the scans of one mail."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self.left = seconds

    def fault_of(self, data: bytes) -> str | None:
        """``encrypted`` where a PDF asks for a password, ``damaged`` where no page of it can be shown; else None.

        One for which no time is left counts as damaged.
        """
        started = time.monotonic()
        finding = _look(data) if len(data) <= SMALL and self.left > 0 else _look_outside(data, min(SECONDS, self.left))
        self.left -= time.monotonic() - started
        return None if finding == _OPENS else finding


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


def _look_outside(data: bytes, seconds: float) -> str:
    if seconds <= 0:
        return _DAMAGED
    try:
        answer = subprocess.run(  # noqa: S603 - this very file, by this very interpreter
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=data, capture_output=True, timeout=seconds, check=False,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError):
        return _DAMAGED
    finding = answer.stdout.decode("ascii", "replace").strip()
    return finding if finding in (_OPENS, _ENCRYPTED) else _DAMAGED


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
