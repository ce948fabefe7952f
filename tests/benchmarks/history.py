"""How fast a long history is verified and proved, beside a bare loop that reads the same bytes and hashes them.

Run as ``python -m tests.benchmarks.history [EVENTS…] [--rounds N] [--keep FOLDER]``; each measurement is a process of
its own, and the works alternate. The history is made once by the engine, cases recommended and returned over and over,
and measured at each size on its way.
"""

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from tests.builders.campaigns import MOMENTS, add_drafts, at, found_rehearsal, plain_drafts, wide_edition
from workflow.engine import notary
from workflow.engine.apply import advance
from workflow.engine.campaign import Campaign, resume
from workflow.engine.selection import select
from workflow.settings import Settings

SIZES = (100_000, 1_000_000)
CASES = 10_000
PROOFS = 200
CLOCKS = ("seconds", "processor")


def make_histories(folder: Path, sizes: Sequence[int]) -> Iterator[tuple[int, Path]]:
    """A campaign of CASES cases, with a checkpoint at each batch's end, as it stood at about so many events."""
    file = folder / "history.db"
    campaign = found_rehearsal(f"sqlite:///{file}", folder, wide_edition())
    key = file.with_suffix(".key")
    notary.make_signing_key(campaign, key)
    campaign = replace(campaign, key_file=key)
    units = [name for name, unit in campaign.edition.units.items() if unit.quota == 5_000]
    add_drafts(campaign, plain_drafts(units, CASES))
    campaign, written, trigger = at(campaign, MOMENTS["recommend"]), CASES, "recommend"
    for size in sizes:
        while written < size:
            asked = select(campaign.edition, trigger, [], everything=True)
            written += len(advance(campaign, trigger, asked, "补充材料").moved)
            trigger = "return" if trigger == "recommend" else "recommend"
        campaign.engine.dispose()
        yield size, Path(shutil.copy(file, name_of(folder, size)))


def name_of(folder: Path, size: int) -> Path:
    return folder / f"{size}.db"


def open_history(file: Path) -> Campaign:
    originals = file.parent / "originals"
    return resume(Settings(f"sqlite:///{file}", "maildir:unused", "zh", MOMENTS["recommend"], originals))


def read_barely(file: Path) -> int:
    """Read every leaf and every letter and hash them, as verify does: what no verification can do without."""
    connection = sqlite3.connect(file)
    for (message,) in connection.execute("SELECT message FROM letters"):
        sha256(message).digest()
    count = 0
    for (leaf,) in connection.execute("SELECT leaf FROM events ORDER BY seq"):
        sha256(b"\x00" + leaf).digest()
        count += 1
    return count


def verify_all(file: Path) -> int:
    from workflow.audit.check.verify import verify

    campaign = open_history(file)
    with campaign.reading() as connection:
        found = verify(connection, campaign.originals)
    if not found.ok:
        raise SystemExit(f"not verified: {found.problems[:3]}")
    return found.events


def prove_some(file: Path) -> list[float]:
    """The seconds that each of PROOFS proofs takes, of events all over the history, each on connections of its own."""
    campaign = open_history(file)
    with campaign.reading() as connection:
        size = connection.exec_driver_sql("SELECT max(size) FROM checkpoints").scalar_one()
    seconds = []
    for number in range(PROOFS):
        begun = time.perf_counter()
        notary.prove(campaign, 1 + number * 7919 % size)
        seconds.append(time.perf_counter() - begun)
    return seconds


BARELY, VERIFYING, PROVING = "bare loop", "verify", "proofs"


def work(what: str, file: Path) -> dict[str, float]:
    """What one piece of work came to: how many events, seconds by the wall and of the processor, peak of memory."""
    begun, spent = time.perf_counter(), time.process_time()
    if what == PROVING:
        return {"proof": statistics.median(prove_some(file))}
    count = read_barely(file) if what == BARELY else verify_all(file)
    seconds, processor = time.perf_counter() - begun, time.process_time() - spent
    return {"count": count, "seconds": seconds, "processor": processor, "megabytes": _peak_megabytes()}


def measure(what: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.history", "--one", what, str(file)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def compare(file: Path, rounds: int) -> None:
    figures: dict[str, list[dict[str, float]]] = {what: [] for what in (BARELY, VERIFYING, PROVING)}
    for counted in range(rounds + 1):
        for what, measured in figures.items():
            figure = measure(what, file)
            if counted:
                measured.append(figure)
    for what in (BARELY, VERIFYING):
        measured = figures[what]
        count, peak = int(measured[0]["count"]), max(each["megabytes"] for each in measured)
        seconds, processor = (min(each[clock] for each in measured) for clock in CLOCKS)
        print(f"{count:>9} events  {what:<10} {seconds:7.2f} s, {processor:7.2f} s of the processor  {peak:5.0f} MB")
    for clock in CLOCKS:
        mine, bare = ([each[clock] for each in figures[what]] for what in (VERIFYING, BARELY))
        ratios = [one / other for one, other in zip(mine, bare, strict=True)]
        print(f"{count:>9} events  verify takes {min(mine) / min(bare):.2f} times the bare loop by the least {clock}; "
              f"round by round {min(ratios):.2f} to {max(ratios):.2f}")  # fmt: skip
    proofs = [1_000 * each["proof"] for each in figures[PROVING]]
    print(f"{count:>9} events  a proof takes {min(proofs):.1f} to {max(proofs):.1f} ms (medians of {PROOFS})")


def _peak_megabytes() -> float:
    """Of this process alone: what getrusage tells begins with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="make the histories here, or measure those that are here")
    parser.add_argument("--one", nargs=2, metavar=("WORK", "FILE"))
    words = parser.parse_args()
    if words.one:
        print(json.dumps(work(words.one[0], Path(words.one[1]))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = words.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        sizes = sorted(words.sizes)
        kept = [(size, name_of(folder, size)) for size in sizes]
        for _, file in kept if all(file.exists() for _, file in kept) else make_histories(folder, sizes):
            compare(file, words.rounds)


if __name__ == "__main__":
    main()
