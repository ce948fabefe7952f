"""The program as other processes run it: started, waited for, killed."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


class Ended(NamedTuple):
    """status: the exit status, or minus the signal that killed it. said: standard output. warned: standard error."""

    status: int
    said: str
    warned: str

    def answer(self) -> Any:
        """The JSON document it printed."""
        return json.loads(self.said)


class Running(NamedTuple):
    pid: int
    output: Path


def environment() -> dict[str, str]:
    """What a command sees of this one: no settings of Anli's but the language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANLI_")}
    return {**kept, "PYTHONPATH": str(ROOT), "ANLI_LANG": "en", "COLUMNS": "200"}


class Program:
    """Runs commands on one database; ``common`` are the words before every command, ``settings`` its environment.

    account: the number of the account that runs it, where that is another, the groups it is in, its umask.
    """

    def __init__(self, nursery: "subprocess.Popen[str]", folder: Path, common: Sequence[str]) -> None:
        self._nursery, self._folder, self._common, self._count = nursery, folder, list(common), 0
        self.settings: dict[str, str] = {}
        self.account: tuple[int, list[int], int] | None = None

    def start(self, *words: str, fatal: int = 0, busy: int = 0, gently: bool = False) -> Running:
        """Start a command. fatal: the step at which it kills itself, or, gently, interrupts itself as Ctrl-C does.

        busy: seconds it waits for the lock.
        """
        self._count += 1
        output = self._folder / f"command-{id(self)}-{self._count}"
        for file in (output, Path(f"{output}.err")):
            file.touch()
        asked = {
            "words": [*self._common, *words],
            "folder": str(self._folder),
            "settings": self.settings,
            "output": str(output),
            "fatal": fatal,
            "busy": busy,
            "account": self.account,
            "gently": gently,
        }
        return Running(self._ask(asked), output)

    def wait(self, running: Running) -> Ended:
        status = os.waitstatus_to_exitcode(self._ask({"wait": running.pid}))
        said = running.output.read_text(encoding="utf-8")
        return Ended(status, said, Path(f"{running.output}.err").read_text(encoding="utf-8"))

    def run(self, *words: str, fatal: int = 0, busy: int = 0, gently: bool = False) -> Ended:
        return self.wait(self.start(*words, fatal=fatal, busy=busy, gently=gently))

    def count_steps(self, *words: str) -> tuple[Ended, int]:
        """Run a command to its end and count its steps."""
        running = self.start(*words, fatal=-1)
        ended = self.wait(running)
        return ended, int(Path(f"{running.output}.steps").read_text(encoding="ascii"))

    def kill(self, running: Running) -> Ended:
        os.kill(running.pid, signal.SIGKILL)
        return self.wait(running)

    def _ask(self, asked: dict[str, Any]) -> int:
        return ask(self._nursery, asked)


def ask(nursery: "subprocess.Popen[str]", asked: dict[str, Any]) -> int:
    """The nursery's answer to one of its lines."""
    stdin, stdout = nursery.stdin, nursery.stdout
    assert stdin is not None
    assert stdout is not None
    stdin.write(json.dumps(asked) + "\n")
    stdin.flush()
    answer = stdout.readline()
    assert answer, "the nursery has died; its words are on standard error"
    return int(answer)


def open_nursery() -> "subprocess.Popen[str]":
    """Start the process that forks commands."""
    words = [sys.executable, "-W", "error", str(Path(__file__).with_name("nursery.py"))]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())


@cache
def shared_nursery() -> "subprocess.Popen[str]":
    """The one nursery of these tests' own process, gone with it."""
    nursery = open_nursery()
    atexit.register(nursery.communicate)
    return nursery


def run_alone(*words: str) -> "subprocess.Popen[str]":
    """The program as a person starts it: a process of its own."""
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=ROOT
    )
