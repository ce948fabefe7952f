"""The real program, started as people start it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import orjson

import workflow.demo

ROOT = Path(__file__).parents[2]
MAILBOX = Path(workflow.demo.__file__).parent / "mailbox"
JUNE = "2024-06-29T00:00:00+08:00"


class Outcome(NamedTuple):
    """What the program left: its exit status, and what it wrote."""

    status: int
    out: str
    err: str


class Program:
    """``anli`` in a folder, on a database, at a time."""

    def __init__(self, folder: Path, database: str, now: str | None = JUNE, language: str = "zh") -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANLI_")},
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "ANLI_DB": database,
            "ANLI_LANG": language,
        }
        if now is not None:
            self.environment["ANLI_NOW"] = now

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "cli", *map(str, words)]

    def __call__(self, *words: str | Path, heard: str | None = "", **environment: str) -> Outcome:
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
