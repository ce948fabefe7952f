"""Where answers go: a terminal, a pipe or a file, each of which may be gone, full, or unable to write Chinese."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any, TextIO

import orjson

from workflow.errors import AnliError
from workflow.visible import reveal_signs

_TRAILING = re.compile(r" +$", re.MULTILINE)
_CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


class AnswerUnwritable(AnliError):
    """What the command found cannot be written out: values are said (the system's words)."""

    code = "error.answer-unwritable"


class Verbatim(str):
    """A page whose lines must stay whole, for it will be copied out or read by other programs."""

    __slots__ = ()


def write(text: str, stream: TextIO | None) -> None:
    """Write people's text: control characters but those of colour are shown as �, and no other sign is hidden.

    A reader who has left is no error.

    Raises AnswerUnwritable where the stream cannot take it.
    """
    if stream is None:
        return
    try:
        stream.write(_show(_CONTROL.sub("�", text)))
        stream.flush()
    except BrokenPipeError:
        _close(stream)
    except OSError as error:
        _close(stream)
        raise AnswerUnwritable(said=error.strerror or str(error)) from None


def _show(text: str) -> str:
    """Nothing hidden, colours kept."""
    return "\x1b".join(reveal_signs(part) for part in text.split("\x1b"))


def write_json(document: Any, stream: TextIO | None) -> None:
    """Write one JSON document, in UTF-8 whatever the terminal's character set. Raises AnswerUnwritable as ``write``."""
    if stream is None:
        return
    try:
        stream.buffer.write(_encode(document) + b"\n")
        stream.flush()
    except BrokenPipeError:
        _close(stream)
    except OSError as error:
        _close(stream)
        raise AnswerUnwritable(said=error.strerror or str(error)) from None


def render(page: Any, stream: TextIO | None) -> str:
    """A rich renderable as text, with colours where ``stream`` is a terminal that has them; Verbatim as it is."""
    if isinstance(page, Verbatim):
        return page
    from rich.console import Console

    console = Console(file=stream or StringIO(), highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        console.print(page)
    return _TRAILING.sub("", captured.get())


@contextmanager
def progress(label: str, stream: TextIO | None) -> Iterator[Callable[[], None]]:
    """A bar that moves a step at every call, where ``stream`` is a terminal; nothing elsewhere."""
    if stream is None or not stream.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=stream), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda: bar.advance(task)


def width_of(stream: TextIO | None) -> int:
    """Columns of the terminal behind ``stream``; 80 where there is none, COLUMNS where it is set."""
    try:
        asked = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        asked = 0
    try:
        return asked if asked > 0 else os.get_terminal_size(stream.fileno()).columns if stream else 80
    except (OSError, ValueError):
        return 80


def _encode(document: Any) -> bytes:
    try:
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)
    except TypeError:
        return orjson.dumps(_legible(document), option=orjson.OPT_INDENT_2)


def _legible(value: Any) -> Any:
    """The same with file names that are no UTF-8 spelled out: JSON has no other way to hold them."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_legible(key): _legible(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(each) for each in value]
    return value


def _close(stream: TextIO) -> None:
    """Let nothing more reach the stream, so that leaving the program does not fail on it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
