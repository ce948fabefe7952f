"""Advance many cases by one transition, beside the program written by hand, in one run, alternating.

Run as ``python -m tests.benchmarks.batch [CASES…] [--rounds N]``; each measurement is a process of its own.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.crowd import gather, settings_of

SIZES = (10_000, 100_000)


def _peak_megabytes() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _advance(file: Path) -> int:
    from workflow.engine.apply import advance
    from workflow.engine.campaign import resume
    from workflow.engine.selection import select

    campaign = resume(settings_of(f"sqlite:///{file}"))
    report = advance(campaign, "recommend", select(campaign.edition, "recommend", [], everything=True), None)
    return len(report.moved)


def _by_hand(file: Path) -> int:
    from tests.benchmarks.by_hand import recommend

    return recommend(file)


PROGRAMS = {"anli": _advance, "by hand": _by_hand}


def measure(program: str, template: Path, cases: int) -> tuple[float, float]:
    """Seconds and peak megabytes of one batch over a fresh copy of the database."""
    with tempfile.TemporaryDirectory(dir=template.parent) as folder:
        file = Path(folder) / "anli.db"
        shutil.copy(template, file)
        command = [sys.executable, "-m", "tests.benchmarks.batch", "--one", program, str(file)]
        done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        if done["moved"] != cases:
            raise SystemExit(f"{program} moved {done['moved']} of {cases}")
        return done["seconds"], done["megabytes"]


def compare(cases: int, rounds: int) -> None:
    """Print medians of both programs, alternating, and the ratio round by round."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        gather(f"sqlite:///{template}", cases, Path(folder) / "originals").engine.dispose()
        figures: dict[str, list[tuple[float, float]]] = {program: [] for program in PROGRAMS}
        for program in PROGRAMS:
            measure(program, template, cases)
        for _ in range(rounds):
            for program in PROGRAMS:
                figures[program].append(measure(program, template, cases))
    for program, measured in figures.items():
        seconds = statistics.median(second for second, _ in measured)
        megabytes = max(peak for _, peak in measured)
        print(f"{cases:>7} cases  {program:<8} {seconds:6.2f} s  {megabytes:5.0f} MB")
    ratios = [mine[0] / other[0] for mine, other in zip(figures["anli"], figures["by hand"], strict=True)]
    print(f"{cases:>7} cases  ratio    {statistics.median(ratios):6.2f}    ({min(ratios):.2f} to {max(ratios):.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2, metavar=("PROGRAM", "FILE"))
    words = parser.parse_args()
    if words.one:
        program, file = words.one
        begun = time.perf_counter()
        moved = PROGRAMS[program](Path(file))
        seconds = time.perf_counter() - begun
        print(json.dumps({"moved": moved, "seconds": seconds, "megabytes": _peak_megabytes()}))
        return
    for cases in words.sizes:
        compare(cases, words.rounds)


if __name__ == "__main__":
    main()
