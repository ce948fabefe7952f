"""Archives that only 7-Zip opens (RAR, 7z, tar.gz, ...), where the machine has it: in a process of its own, bounded."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workflow.intake import limits
from workflow.intake.bounded import SHELL, Bounds, OutOfBounds, run_bounded
from workflow.intake.container import ContainerBroken

PROGRAMS = ("7zz", "7z", "7za")
SECONDS = 20
_MEMORY_KIB = 1024 * 1024
_LISTED_BYTES = 4 * limits.MEBIBYTE
_DONE = (0, 1)
"""Done, or done with warnings."""


class Member(NamedTuple):
    """A file in an archive: the path it had there, and its bytes."""

    name: str
    data: bytes


def find_program() -> str | None:
    """None also where no shell bounds it."""
    if not Path(SHELL).exists():
        return None
    return next((found for program in PROGRAMS if (found := shutil.which(program))), None)


def unpack(archive: bytes, most_members: int, most_bytes: int) -> list[Member]:
    """Every regular file in the archive; raises ContainerBroken.

    What it lists is looked at before anything is written; the program may write no file beyond the bytes left, take
    no more than a gigabyte of memory and no more than twenty seconds. Links are not followed.
    """
    program = find_program()
    if program is None:
        raise ContainerBroken("format")
    with tempfile.TemporaryDirectory(prefix="anli-") as name:
        folder = Path(name)
        packed, unpacked = folder / "packed", folder / "unpacked"
        packed.write_bytes(archive)
        unpacked.mkdir()
        _check(_run(program, folder, most_bytes, "l", "-slt", "-ba", "-p", "--", str(packed)), most_members, most_bytes)
        _run(program, folder, most_bytes, "x", "-y", "-bd", "-p", f"-o{unpacked}", "--", str(packed))
        return list(_read(unpacked, most_members, most_bytes))


def _run(program: str, folder: Path, most_bytes: int, *words: str) -> str:
    bounds = Bounds(SECONDS, _MEMORY_KIB, max(most_bytes, _LISTED_BYTES) if words[0] == "l" else most_bytes)
    try:
        ended = run_bounded([program, *words], bounds, folder, {"LANG": "C.UTF-8"})
    except (OutOfBounds, OSError) as error:
        raise ContainerBroken("damaged") from error
    if ended.status == -signal.SIGXFSZ:
        raise ContainerBroken("too-large")
    if ended.status not in _DONE:
        raise ContainerBroken(_cause_of(ended.printed))
    return ended.printed


def _cause_of(printed: str) -> str:
    if "password" in printed.lower():
        return "encrypted"
    if "volume" in printed.lower():
        return "volumes"
    return "format" if "open the file as archive" in printed.lower() else "damaged"


def _check(listed: str, most_members: int, most_bytes: int) -> None:
    """What ``l -slt`` says, a line a property, an empty line between members."""
    sizes = [line.partition("=")[2].strip() for line in listed.splitlines() if line.startswith("Size =")]
    if "Encrypted = +" in listed:
        raise ContainerBroken("encrypted")
    if len(sizes) > 2 * most_members or sum(int(size) for size in sizes if size.isdigit()) > most_bytes:
        raise ContainerBroken("too-large")


def _read(folder: Path, most_members: int, most_bytes: int) -> Iterator[Member]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if len(files) > most_members or sum(path.stat().st_size for path in files) > most_bytes:
        raise ContainerBroken("too-large")
    for path in files:
        name = str(path.relative_to(folder)).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        yield Member(name, path.read_bytes())
