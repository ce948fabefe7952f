"""A clock on the wall of a simulated season: ``watcher.py URL FOLDER BEGAN SPEED`` watches until it is killed.

BEGAN: the real moment (RFC 3339) at which the season's OPENING was. SPEED: simulated seconds a real one.
"""

import sys
from datetime import datetime
from pathlib import Path

from tests.builders.clockwork import OPENING
from workflow import clock
from workflow.deadlines.tick import Fired
from workflow.deadlines.watch import watch
from workflow.engine.campaign import resume
from workflow.engine.stopping import until_stopped
from workflow.screens.firings import line_of_firing
from workflow.settings import Settings


def show(fired: Fired) -> None:
    sys.stdout.write(line_of_firing(fired))


def complain(trouble: Exception) -> None:
    sys.stderr.write(f"{type(trouble).__name__}\n")


def main(url: str, folder: str, began: str, speed: str) -> None:
    start = clock.read(began)

    def simulated() -> datetime:
        return OPENING + (clock.now() - start) * float(speed)

    settings = Settings(url, f"maildir:{Path(folder) / 'mail'}", "en", simulated(), Path(folder) / "originals")
    campaign = resume(settings)
    with until_stopped() as pause:
        watch(
            campaign,
            simulated,
            lambda seconds: pause(max(seconds / float(speed), 0.001) if seconds else 0),
            show,
            complain,
        )
    campaign.engine.dispose()
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
