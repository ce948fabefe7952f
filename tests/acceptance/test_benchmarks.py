"""The benchmarks still run, at sizes that say nothing of speed."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = {
    "batch recommend": ("batch", "recommend", "40", "--rounds", "1"),
    "batch close": ("batch", "close", "40", "--rounds", "1"),
    "mail": ("mail", "--letters", "10", "--rounds", "1"),
}


@pytest.mark.parametrize("words", BENCHMARKS.values(), ids=BENCHMARKS)
def test_a_benchmark_comes_to_its_figures(words: tuple[str, ...]) -> None:
    module, *rest = words
    run = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *rest],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "ratio" in run.stdout or "sent / bare" in run.stdout
