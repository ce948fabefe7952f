"""The pages that show commands: read them, run what they show, compare, and write anew what the program says now.

In a block fenced as ``console`` a line that begins with ``$ `` is typed into one shell a page, in an empty folder that
holds the sample mailbox as ``mailbox``; what follows is what it prints. A line of nothing but ``…`` stands for any
lines, ``…`` within a line for any text. ``python -m tests.acceptance.paper PAGE…`` rewrites what no longer holds.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from workflow.audit.actor import operating_account

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "workflow" / "demo" / "mailbox"
ACCOUNT = "organiser"
LEFT_OUT = "…"
_BLOCK = re.compile(r"^(?P<indent> *)```console\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
_DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
_END = "\x1e"


class Shown(NamedTuple):
    """A command as a page shows it, and what the page says it prints."""

    typed: str
    printed: tuple[str, ...]


def pages() -> list[Path]:
    """Every page of the project that shows commands."""
    found = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in found if _BLOCK.search(page.read_text("utf-8")))


def read_page(text: str) -> list[Shown]:
    return [shown for block in _BLOCK.finditer(text) for shown in _read_block(block["body"], len(block["indent"]))]


def _read_block(body: str, indent: int) -> Iterator[Shown]:
    typed: list[str] = []
    printed: list[str] = []
    for line in (line[indent:] for line in body.splitlines()):
        if line.startswith("$ ") and not (typed and typed[-1].endswith("\\") and not printed):
            if typed:
                yield Shown("\n".join(typed), tuple(printed))
            typed, printed = [line[2:]], []
        elif typed and typed[-1].endswith("\\") and not printed:
            typed.append(line)
        else:
            printed.append(line)
    if typed:
        yield Shown("\n".join(typed), tuple(printed))


def run(commands: list[str], folder: Path) -> list[list[str]]:
    """What each command prints, on either stream, in one shell: lines without what differs from run to run."""
    shutil.copytree(SAMPLES, folder / "mailbox")
    script = "".join(f"{command}\nstatus=$?; printf '{_END}'; (exit $status)\n" for command in commands)
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", f"exec 2>&1\n{script}"],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
    )
    outputs = done.stdout.decode().split(_END)[:-1]
    if len(outputs) != len(commands):
        raise ValueError(f"the shell stopped after {len(outputs)} of {len(commands)} commands: {done.stdout!r}")
    return [_steady(output) for output in outputs]


def _environment(folder: Path) -> Mapping[str, str]:
    shims = folder.with_name(f"{folder.name}-programs")
    shims.mkdir()
    for name, line in {
        "anli": f'exec "{sys.executable}" -m cli "$@"',
        "make": '[ "$*" = demo ] && exec anli demo',
        "python3": f'exec "{sys.executable}" "$@"',
    }.items():
        (shims / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        (shims / name).chmod(0o755)
    return {
        "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
    }


def _steady(output: str) -> list[str]:
    account = re.escape(operating_account())
    output = re.sub(rf"(?<=\d\d:\d\d  ){account}(?=  )", ACCOUNT, output)
    output = re.sub(rf'(?<="account": "){account}(?=")', ACCOUNT, output)
    output = re.sub(r'(?<="machine": ")[^"]+(?=")', "office", output)
    return [line.rstrip() for line in _DIGEST.sub(LEFT_OUT, output).splitlines()]


def agrees(printed: tuple[str, ...], found: list[str]) -> bool:
    """Whether what a page shows is what was printed."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == LEFT_OUT else f"{'.*?'.join(map(re.escape, line.split(LEFT_OUT)))}\n"
        for line in printed
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in found)) is not None


def rewrite(text: str, outputs: list[list[str]]) -> str:
    """The page with what was printed in place of what no longer agrees; one line left out stays left out."""
    left = iter(outputs)

    def redo(block: re.Match[str]) -> str:
        indent = block["indent"]
        lines = []
        for shown in _read_block(block["body"], len(indent)):
            lines.extend(f"$ {shown.typed}".splitlines())
            found = next(left)
            lines.extend(shown.printed if agrees(shown.printed, found) else _shorten(shown.printed, found))
        body = "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)
        return f"{indent}```console\n{body}{indent}```"

    return _BLOCK.sub(redo, text)


def _shorten(printed: tuple[str, ...], found: list[str]) -> list[str]:
    if printed.count(LEFT_OUT) != 1:
        return found
    before = printed.index(LEFT_OUT)
    after = len(printed) - before - 1
    if before + after >= len(found):
        return found
    return [*found[:before], LEFT_OUT, *(found[-after:] if after else [])]


def refresh(page: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "season"
        home.mkdir()
        text = page.read_text("utf-8")
        page.write_text(rewrite(text, run([shown.typed for shown in read_page(text)], home)), "utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        refresh(Path(name))
