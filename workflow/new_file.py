"""Files written for people: whole, and never over anything that the program did not write itself."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from workflow.disk import NotAFile, cause_of
from workflow.errors import AnliError

_LARGEST = 200_000_000


class FileTaken(AnliError):
    """Something else is in that file: values are file."""

    code = "error.file-taken"


class FileNameUnfit(AnliError):
    """No file can be called that: values are file."""

    code = "error.file-name-unfit"


def never(_content: bytes) -> bool:
    """Of no content that the program wrote it."""
    return False


def write_new(file: Path, data: bytes, is_own: Callable[[bytes], bool] = never) -> None:
    """Write ``data`` into a new file, or into one that holds just that, or what ``is_own`` says the program wrote.

    A terminal or a pipe takes what is written to it. Raises FileTaken, FileNameUnfit, NotAFile for a folder, and what
    else keeps the file from being written; then nothing is left of it, and nothing lost.
    """
    try:
        if file.exists():
            _write_again(file, data, is_own)
        else:
            _write_first(file, data)
    except FileExistsError:
        raise FileTaken(file=str(file)) from None
    except OSError as refusal:
        raise cause_of(refusal, file) from None
    except ValueError:
        raise FileNameUnfit(file=str(file)) from None


def _write_first(file: Path, data: bytes) -> None:
    with file.open("xb") as opened:
        try:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        except BaseException:
            file.unlink()
            raise


def _write_again(file: Path, data: bytes, is_own: Callable[[bytes], bool]) -> None:
    kind = file.stat().st_mode
    if stat.S_ISDIR(kind):
        raise NotAFile(file=str(file))
    if not stat.S_ISREG(kind):
        with file.open("wb") as opened:
            opened.write(data)
        return
    with file.open("rb") as opened:
        content = opened.read(_LARGEST)
    if content == data:
        return
    if not is_own(content):
        raise FileTaken(file=str(file))
    whole = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        _write_first(whole, data)
        whole.replace(file)
    finally:
        with suppress(OSError):
            whole.unlink(missing_ok=True)
