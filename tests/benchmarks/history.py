"""How fast a long history is verified and proved, beside a bare loop that reads the same bytes and hashes them.

Run as ``python -m tests.benchmarks.history [EVENTS] [--rounds N] [--keep FILE]``; each measurement is a process of its
own, and the two alternate. The history is made by the engine: cases recommended and returned, over and over.
"""

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from tests.builders.campaigns import MOMENTS, add_drafts, at, found_rehearsal, plain_drafts, wide_edition
from workflow.engine import notary
from workflow.engine.apply import advance
from workflow.engine.campaign import Campaign, resume
from workflow.engine.selection import select
from workflow.settings import Settings

CASES = 10_000
PROOFS = 200


def make_history(file: Path, events: int) -> None:
    """A campaign of CASES cases and about that many events, with a checkpoint at each batch's end."""
    campaign = found_rehearsal(f"sqlite:///{file}", file.parent, wide_edition())
    key = file.with_suffix(".key")
    notary.make_signing_key(campaign, key)
    campaign = replace(campaign, key_file=key)
    units = [name for name, unit in campaign.edition.units.items() if unit.quota == 5_000]
    add_drafts(campaign, plain_drafts(units, CASES))
    campaign, written, trigger = at(campaign, MOMENTS["recommend"]), CASES, "recommend"
    while written < events:
        asked = select(campaign.edition, trigger, [], everything=True)
        written += len(advance(campaign, trigger, asked, "补充材料").moved)
        trigger = "return" if trigger == "recommend" else "recommend"
    campaign.engine.dispose()


def open_history(file: Path) -> Campaign:
    originals = file.parent / "originals"
    return resume(Settings(f"sqlite:///{file}", "maildir:unused", "zh", MOMENTS["recommend"], originals))


def read_barely(file: Path) -> int:
    """Read every leaf and hash it: what no verification can do without."""
    connection = sqlite3.connect(file)
    count = 0
    for (leaf,) in connection.execute("SELECT leaf FROM events ORDER BY seq"):
        sha256(b"\x00" + leaf).digest()
        count += 1
    return count


def verify_all(file: Path) -> int:
    from workflow.audit.verify import verify

    campaign = open_history(file)
    with campaign.reading() as connection:
        found = verify(connection, campaign.originals)
    if not found.ok:
        raise SystemExit(f"not verified: {found.problems[:3]}")
    return found.events


def prove_some(file: Path) -> int:
    """PROOFS proofs of events all over the history, each on connections of its own."""
    campaign = open_history(file)
    with campaign.reading() as connection:
        size = connection.exec_driver_sql("SELECT max(size) FROM checkpoints").scalar_one()
    for number in range(PROOFS):
        notary.prove(campaign, 1 + number * 7919 % size)
    return PROOFS


WORKS: dict[str, Callable[[Path], int]] = {"bare loop": read_barely, "verify": verify_all, "proofs": prove_some}


def measure(work: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.history", "--one", work, str(file)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def compare(file: Path, rounds: int) -> None:
    figures: dict[str, list[dict[str, float]]] = {work: [] for work in WORKS}
    for work in WORKS:
        measure(work, file)
    for _ in range(rounds):
        for work in WORKS:
            figures[work].append(measure(work, file))
    for work, measured in figures.items():
        seconds = statistics.median(each["seconds"] for each in measured)
        count, peak = int(measured[0]["count"]), max(each["megabytes"] for each in measured)
        each = f"{seconds / count * 1e6:8.2f} µs each"
        print(f"{count:>9}  {work:<10} {seconds:7.2f} s {each}  {peak:5.0f} MB")
    pairs = zip(figures["verify"], figures["bare loop"], strict=True)
    ratios = [mine["seconds"] / bare["seconds"] for mine, bare in pairs]
    print(f"           verify takes {statistics.median(ratios):.2f} times the bare loop "
          f"({min(ratios):.2f} to {max(ratios):.2f})")  # fmt: skip


def _peak_megabytes() -> float:
    """Of this process alone: what getrusage tells begins with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="make the history here, or measure the one that is here")
    parser.add_argument("--one", nargs=2, metavar=("WORK", "FILE"))
    words = parser.parse_args()
    if words.one:
        work, file = words.one
        begun = time.perf_counter()
        count = WORKS[work](Path(file))
        seconds = time.perf_counter() - begun
        print(json.dumps({"count": count, "seconds": seconds, "megabytes": _peak_megabytes()}))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = words.keep or Path(folder) / "history.db"
        if not file.exists():
            make_history(file, words.events)
        compare(file, words.rounds)


if __name__ == "__main__":
    main()
