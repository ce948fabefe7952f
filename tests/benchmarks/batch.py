"""Move many cases in one transaction, beside the program written by hand, in one run, alternating.

Run as ``python -m tests.benchmarks.batch [recommend|close] [CASES…] [--rounds N]``; each measurement is a process of
its own. ``recommend``: an organiser's batch, a hundred cases a unit. ``close``: the clock's, ten cases a unit, when the
window for recommending has closed and every draft lapses.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.by_hand import LAPSE, RECOMMEND, Step
from tests.benchmarks.crowd import CASES_PER_UNIT, gather, settings_of

CLOSED = datetime(2024, 7, 15, 16, tzinfo=UTC)
MINE, BY_HAND = "anli", "by hand"


def _recommend(file: Path) -> int:
    from workflow.engine.apply import advance
    from workflow.engine.campaign import resume
    from workflow.engine.selection import select

    campaign = resume(settings_of(f"sqlite:///{file}"))
    report = advance(campaign, "recommend", select(campaign.edition, "recommend", [], everything=True), None)
    return len(report.moved)


def _close(file: Path) -> int:
    from workflow.deadlines.tick import fire_next
    from workflow.engine.campaign import resume

    fired = fire_next(resume(settings_of(f"sqlite:///{file}", now=CLOSED)))
    return len(fired.report.moved) if fired and fired.deadline == "recommendations-closed" else 0


def _wait_for_the_close(file: Path) -> None:
    """Let the clock deal with everything that falls due before."""
    from workflow.deadlines.tick import tick
    from workflow.engine.campaign import resume

    campaign = resume(settings_of(f"sqlite:///{file}", now=CLOSED - timedelta(hours=1)))
    list(tick(campaign))
    campaign.engine.dispose()


class Scene(NamedTuple):
    """each: cases a unit. prepare: what happens before, unmeasured."""

    each: int
    sizes: tuple[int, ...]
    prepare: Callable[[Path], None]
    mine: Callable[[Path], int]
    by_hand: Step


SCENES = {
    "recommend": Scene(CASES_PER_UNIT, (10_000, 100_000), lambda _file: None, _recommend, RECOMMEND),
    "close": Scene(10, (100_000,), _wait_for_the_close, _close, LAPSE),
}


def run(scene: Scene, program: str, file: Path) -> int:
    """Cases moved."""
    if program == MINE:
        return scene.mine(file)
    from tests.benchmarks.by_hand import advance

    return advance(file, scene.by_hand)


def measure(scene: str, program: str, template: Path, cases: int) -> tuple[float, float]:
    """Seconds and peak megabytes of one batch over a fresh copy of the database."""
    with tempfile.TemporaryDirectory(dir=template.parent) as folder:
        file = Path(folder) / "anli.db"
        shutil.copy(template, file)
        command = [sys.executable, "-m", "tests.benchmarks.batch", scene, "--one", program, str(file)]
        done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        if done["moved"] != cases:
            raise SystemExit(f"{program} moved {done['moved']} of {cases}")
        return done["seconds"], done["megabytes"]


def compare(scene: str, cases: int, rounds: int) -> None:
    """Print medians of both programs, alternating, and the ratio round by round."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        each = SCENES[scene].each
        gather(f"sqlite:///{template}", cases, Path(folder) / "originals", each).engine.dispose()
        SCENES[scene].prepare(template)
        figures: dict[str, list[tuple[float, float]]] = {MINE: [], BY_HAND: []}
        for program in figures:
            measure(scene, program, template, cases)
        for _ in range(rounds):
            for program, measured in figures.items():
                measured.append(measure(scene, program, template, cases))
    for program, measured in figures.items():
        seconds = statistics.median(second for second, _ in measured)
        megabytes = max(peak for _, peak in measured)
        print(f"{scene:<9} {cases:>7} cases  {program:<8} {seconds:6.2f} s  {megabytes:5.0f} MB")
    ratios = [mine[0] / other[0] for mine, other in zip(figures[MINE], figures[BY_HAND], strict=True)]
    spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
    print(f"{scene:<9} {cases:>7} cases  ratio    {statistics.median(ratios):6.2f}    {spread}")


def _peak_megabytes() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene", nargs="?", choices=list(SCENES), default="recommend")
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2, metavar=("PROGRAM", "FILE"))
    words = parser.parse_args()
    scene = SCENES[words.scene]
    if words.one:
        program, file = words.one
        begun = time.perf_counter()
        moved = run(scene, program, Path(file))
        seconds = time.perf_counter() - begun
        print(json.dumps({"moved": moved, "seconds": seconds, "megabytes": _peak_megabytes()}))
        return
    for cases in words.sizes or scene.sizes:
        compare(words.scene, cases, words.rounds)


if __name__ == "__main__":
    main()
