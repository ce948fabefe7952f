"""The page that ``--help`` shows, broken into lines by the width of its characters, Chinese or not."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rich.cells import cell_len

from workflow.wording import say

LEFT_MOST = 26
"""Columns that the words on the left may take; longer ones stand on a line of their own."""

_CLOSING = "，。、；：？！）》”’…"
_PIECE = re.compile(rf" +|[^\s\u2e80-\uffee]+[{_CLOSING}]*|[\u2e80-\uffee][{_CLOSING}]*")


class Section(NamedTuple):
    """A heading, and rows of words and what they mean."""

    heading: str
    rows: Sequence[tuple[str, str]]


class HelpPage(NamedTuple):
    """One command: how it is called, what it does, its sections."""

    usage: str
    about: str
    sections: Sequence[Section]


def read_page(context: Any, language: str) -> HelpPage:
    """What --help says of the command that ``context``, the command line reader's, stands for."""
    arguments, options = [], []
    usage = [context.command_path, say("usage.options", language)]
    for parameter in context.command.get_params(context):
        if parameter.param_type_name == "argument":
            usage.append(parameter.metavar if parameter.required else f"[{parameter.metavar}]")
            arguments.append((parameter.metavar, parameter.help))
        else:
            options.append(_describe(parameter, language))
    known = [(name, command.help) for name, command in getattr(context.command, "commands", {}).items()]
    if known:
        usage.append(say("usage.command", language))
    sections = {"usage.arguments": arguments, "usage.options-heading": options, "usage.commands": known}
    return HelpPage(
        say("usage.line", language, words=" ".join(usage)),
        context.command.help,
        [Section(say(key, language), rows) for key, rows in sections.items() if rows],
    )


def _describe(option: Any, language: str) -> tuple[str, str]:
    words = ", ".join(option.opts)
    if option.is_flag:
        return words, say("help.help", language) if option.name == "help" else option.help
    default = "" if option.default is None else say("usage.default", language, value=option.default)
    return f"{words} {option.metavar}", f"{option.help}{default}"


def draw_help(page: HelpPage, width: int) -> str:
    """The page as text, no line wider than ``width`` columns unless a single word is."""
    lines = [*_indented(page.usage, 0, width, hanging=2), "", *_indented(page.about, 2, width)]
    for section in page.sections:
        lines += ["", f"{section.heading}", *_rows(section.rows, width)]
    return "\n".join(lines)


def wrap(text: str, width: int) -> Iterator[str]:
    """Break ``text`` at spaces and between Chinese characters, never before a closing mark."""
    line, taken = "", 0
    for piece in _PIECE.findall(text):
        cells = cell_len(piece)
        if taken and taken + cell_len(piece.rstrip()) > width:
            yield line.rstrip()
            line, taken = "", 0
            if piece.isspace():
                continue
        line += piece
        taken += cells
    if line.strip():
        yield line.rstrip()


def _indented(text: str, indent: int, width: int, hanging: int = 0) -> list[str]:
    lines = list(wrap(text, width - indent - hanging))
    return [" " * (indent + (hanging if position else 0)) + line for position, line in enumerate(lines)]


def _rows(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    left = min(max((cell_len(words) for words, _ in rows), default=0), LEFT_MOST)
    for words, meaning in rows:
        lines = list(wrap(meaning, max(width - left - 4, 20)))
        if cell_len(words) > left:
            yield f"  {words}"
        else:
            first = lines.pop(0) if lines else ""
            yield f"  {words}{' ' * (left - cell_len(words))}  {first}".rstrip()
        yield from (" " * (left + 4) + line for line in lines)
