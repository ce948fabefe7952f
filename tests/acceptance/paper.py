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
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.acceptance.standby import CLIENT
from workflow.audit.actor import operating_account

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "workflow" / "demo" / "mailbox"
ACCOUNT = "organiser"
INSTALLED = ".venv-demo/bin/anli"
LEFT_OUT = "…"
_BLOCK = re.compile(r"^(?P<indent> *)```console\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
_DIGEST = re.compile(
    r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})\b"
    r"|(?<![^\s+])[A-Za-z0-9+/]{40,}={0,2}"
    r"|\b(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}\b"
)
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
    with _programs(folder) as environment:
        done = subprocess.run(
            ["bash", "--norc", "--noprofile", "-c", f"exec 2>&1\n{script}"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=False,
        )
    outputs = done.stdout.decode().split(_END)[:-1]
    if len(outputs) != len(commands):
        raise ValueError(f"the shell stopped after {len(outputs)} of {len(commands)} commands: {done.stdout!r}")
    if broken := [command for command, output in zip(commands, outputs, strict=True) if "Traceback" in output]:
        raise ValueError(f"the program broke on: {broken[0]}")
    return [_steady(output) for output in outputs]


@contextmanager
def _programs(folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment of a page's shell: one in which ``anli`` answers at once, and means this source."""
    with tempfile.TemporaryDirectory() as place:
        line, client = Path(place) / "line", Path(place) / "client.py"
        client.write_text(CLIENT, "utf-8")
        for name, command in {
            "anli": f'exec "{sys.executable}" -I -S "{client}" "{line}" "$@"',
            "make": f'[ "$*" = demo ] && anli demo | sed "s,^  anli ,  {INSTALLED} ,"',
            "python3": f'exec "{sys.executable}" "$@"',
        }.items():
            program = Path(place) / name
            program.write_text(f"#!/bin/sh\n{command}\n", "utf-8")
            program.chmod(0o755)
        environment = {
            "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "COLUMNS": "80",
        }
        server = [sys.executable, "-m", "tests.acceptance.standby", str(line)]
        with subprocess.Popen(server, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL) as standby:
            while not line.exists() and standby.poll() is None:
                time.sleep(0.05)
            try:
                yield environment
            finally:
                standby.terminate()


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
