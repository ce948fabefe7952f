"""The list of what lies in a folder of papers: people read it, and ``sha256sum --check`` checks it."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

from workflow.publish.form_sheet import Part


class PaperFile(TypedDict):
    """file: relative to the case's folder. sha256: of what lies there, in hex."""

    file: str
    role: str
    sha256: str


def write_list(heading: Iterable[str], files: Iterable[tuple[str, PaperFile]], parts: Iterable[Part]) -> bytes:
    """Lines of ``SHA-256  file``, each below what it is; all that is said to people stands behind ``#``.

    files: each with the name of what it is. GNU's sha256sum passes over lines that begin with ``#``.
    """
    return "".join(f"{line}\n" for line in _lines(heading, files, parts)).encode()


def _lines(heading: Iterable[str], files: Iterable[tuple[str, PaperFile]], parts: Iterable[Part]) -> Iterator[str]:
    yield from (f"# {line}" for line in heading)
    for name, file in files:
        yield "#"
        yield f"# {name}"
        yield f"{file['sha256']}  {file['file'].rpartition('/')[2]}"
    for part in parts:
        yield "#"
        yield f"# {part.heading}"
        yield from (f"#   {line}" for line in part.lines)
