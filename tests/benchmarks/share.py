"""What the history adds to a batch's time: the same batch with it, without its tree, and without any of it.

Run as ``python -m tests.benchmarks.share [CASES] [--rounds N]``; each measurement is a process of its own on a fresh
copy of one database, and the three alternate.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.crowd import gather, settings_of
from workflow.audit.events import Event
from workflow.audit.tlog.tiles import TileWriter
from workflow.engine import batch
from workflow.engine.apply import advance
from workflow.engine.campaign import resume
from workflow.engine.selection import select

WHOLE, TREELESS, WITHOUT = "with the log", "without its tree", "without events"


class _NoLog:
    """Takes what a batch has to tell, and keeps none of it."""

    count = 0

    def __init__(self, *_given: Any) -> None:
        pass

    def append(self, _events: Iterable[Event]) -> None:
        pass


def _forget(_tiles: TileWriter, _leaf_hashes: Sequence[bytes]) -> None:
    pass


def move_all(program: str, file: Path) -> int:
    """Recommend every case; how many moved."""
    if program == TREELESS:
        TileWriter.add = _forget  # type: ignore[method-assign, assignment]
    if program == WITHOUT:
        batch.Log = _NoLog  # type: ignore[attr-defined, assignment]
    campaign = resume(settings_of(f"sqlite:///{file}"))
    return len(advance(campaign, "recommend", select(campaign.edition, "recommend", [], everything=True), None).moved)


def measure(program: str, template: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=template.parent) as folder:
        file = Path(folder) / "anli.db"
        shutil.copy(template, file)
        command = [sys.executable, "-m", "tests.benchmarks.share", "--one", program, str(file)]
        done: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return done


def compare(cases: int, rounds: int) -> None:
    programs = (WHOLE, TREELESS, WITHOUT)
    figures: dict[str, list[dict[str, float]]] = {program: [] for program in programs}
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        gather(f"sqlite:///{template}", cases, Path(folder) / "originals").engine.dispose()
        for counted in range(rounds + 1):
            for program in programs:
                measured = measure(program, template)
                if measured["moved"] != cases:
                    raise SystemExit(f"{program}: moved {measured['moved']} of {cases}")
                if counted:
                    figures[program].append(measured)
    for clock in ("seconds", "processor"):
        least = {program: min(each[clock] for each in figures[program]) for program in programs}
        median = {program: statistics.median(each[clock] for each in figures[program]) for program in programs}
        for program in programs:
            print(f"{cases:>7} cases  {clock:<9}  {program:<16} {least[program]:6.2f} s least "
                  f"{median[program]:6.2f} s median")  # fmt: skip
        for program, name in ((TREELESS, "the tree"), (WITHOUT, "the whole history")):
            print(f"{cases:>7} cases  {clock:<9}  {name} adds {least[WHOLE] / least[program] - 1:.0%} by the least, "
                  f"{median[WHOLE] / median[program] - 1:.0%} by the medians")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2, metavar=("PROGRAM", "FILE"))
    words = parser.parse_args()
    if words.one:
        begun, spent = time.perf_counter(), time.process_time()
        moved = move_all(words.one[0], Path(words.one[1]))
        seconds, processor = time.perf_counter() - begun, time.process_time() - spent
        print(json.dumps({"moved": moved, "seconds": seconds, "processor": processor}))
        return
    compare(words.cases, words.rounds)


if __name__ == "__main__":
    main()
