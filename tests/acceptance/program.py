"""The real program, as people start it; forked from a process that has read it once, for most commands say the same."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import orjson

import workflow.demo
from tests.faults.program import ask, shared_nursery

ROOT = Path(__file__).parents[2]
MAILBOX = Path(workflow.demo.__file__).parent / "mailbox"
JUNE = "2024-06-29T00:00:00+08:00"


class Outcome(NamedTuple):
    """What the program left: its exit status, and what it wrote."""

    status: int
    out: str
    err: str


class Program:
    """``anli`` in a folder, on a database, at a time; known_as: the account and machine it takes itself for."""

    known_as: tuple[str, str] | None = None

    def __init__(self, folder: Path, database: str, now: str | None = JUNE, language: str = "zh") -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANLI_")},
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "ANLI_DB": database,
            "ANLI_CONVERTER": "",
            "ANLI_LANG": language,
        }
        if now is not None:
            self.environment["ANLI_NOW"] = now

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "cli", *map(str, words)]

    def __call__(self, *words: str | Path, heard: str | None = "", **environment: str) -> Outcome:
        if all(name.startswith("ANLI_") for name in environment):
            return self._fork(words, heard, environment)
        return self.run_alone(*words, heard=heard, **environment)

    def _fork(self, words: Sequence[str | Path], heard: str | None, environment: Mapping[str, str]) -> Outcome:
        """What ``run_alone`` does, without a new interpreter: a second less."""
        with TemporaryDirectory(prefix="anli-said-") as folder:
            output, stdin = Path(folder) / "out", Path(folder) / "in"
            stdin.write_text(heard or "", encoding="utf-8", errors="surrogateescape")
            asked = {
                "words": list(map(str, words)),
                "folder": str(self.folder),
                "environment": {**self.environment, **environment},
                "settings": {},
                "heard": str(stdin),
                "output": str(output),
                "fatal": 0,
                "busy": 0,
                "account": None,
                "known_as": self.known_as,
            }
            nursery = shared_nursery()
            status = os.waitstatus_to_exitcode(ask(nursery, {"wait": ask(nursery, asked)}))
            out, err = (
                file.read_bytes().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
                for file in (output, output.with_name("out.err"))
            )
        assert "Traceback" not in err, err
        return Outcome(status, out, err)

    def run_alone(self, *words: str | Path, heard: str | None = "", **environment: str) -> Outcome:
        """In an interpreter of its own, as its environment wants it."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**self.environment, **environment},
            input=heard,
            stdin=None if heard is not None else subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Outcome(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str | Path, status: int = 0, **environment: str) -> Any:
        """The one document on standard output."""
        done = self(*words, "--json", **environment)
        assert done.status == status, done
        return orjson.loads(done.out)

    def start(self) -> "Program":
        """A rehearsal with eight sample cases taken in, three of them incomplete."""
        for words in (["init", "--rehearsal"], ["intake", MAILBOX / "01-xiaogan.eml", MAILBOX / "03-wuhan-limits.eml"]):
            done = self(*words)
            assert done.status == 0, done
        return self
