"""Send many letters, beside a bare loop of aiosmtplib over as many connections, in one run, alternating.

Run as ``python -m tests.benchmarks.mail [--letters N] [--rounds N] [--delay SECONDS] [--connections N …]``; the letters
are Anli's own, the server is Postfix's smtp-sink, or the sink beside this file where that is missing or is to take its
time. With ``--senders N --db postgresql://…`` so many processes share them.
"""

import argparse
import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiosmtplib
from sqlalchemy import text

from tests.builders.campaigns import FOUNDED, found_rehearsal
from tests.builders.outbox import write_letters
from workflow import clock
from workflow.engine.campaign import Campaign, resume
from workflow.engine.dispatch import send
from workflow.settings import Settings

SENDER = "anli@anli.example"
PATIENCE = 100
"""Tenths of a second for the server to come up."""


@contextmanager
def sink(delay: float) -> Iterator[str]:
    """A server that takes ``delay`` seconds over each letter, and the ANLI_MAIL that leads to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(_command(port, delay)) as process:
        try:
            _await(port)
            yield f"smtp://127.0.0.1:{port}"
        finally:
            process.terminate()


def _command(port: int, delay: float) -> list[str]:
    if not delay and (program := shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")):
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [program, *user, f"127.0.0.1:{port}", "100"]
    return [sys.executable, "-m", "tests.benchmarks.sink", str(port), str(delay)]


def _await(port: int) -> None:
    for _ in range(PATIENCE):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("the server does not answer")


async def bare(address: str, letters: list[tuple[str, bytes]], connections: int) -> None:
    """Send the letters with nothing written down before or after."""
    port = int(address.rpartition(":")[2])
    waiting = iter(letters)

    async def work() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for recipient, message in waiting:
                await client.sendmail(SENDER, [recipient], message)

    await asyncio.gather(*(work() for _ in range(connections)))


def read_letters(campaign: Campaign) -> list[tuple[str, bytes]]:
    with campaign.reading() as connection:
        rows = connection.execute(text("SELECT address, message FROM letters WHERE state = 'queued' ORDER BY id"))
        return [(row[0], bytes(row[1])) for row in rows]


def measure(count: int, address: str, connections: int) -> tuple[float, float, float]:
    """Seconds that a bare loop takes, that Anli takes to write and queue the letters, and to send them."""
    with tempfile.TemporaryDirectory() as folder:
        founded = found_rehearsal(f"sqlite:///{folder}/anli.db", Path(folder))
        founded.engine.dispose()
        mail = f"{address}?connections={connections}&per-connection=1000000"
        campaign = resume(Settings(f"sqlite:///{folder}/anli.db", mail, "zh", FOUNDED, Path(folder) / "originals"))
        began = time.perf_counter()
        write_letters(campaign, count)
        queued = time.perf_counter()
        letters = read_letters(campaign)
        started = time.perf_counter()
        asyncio.run(bare(address, letters, connections))
        done = time.perf_counter()
        reported = send(campaign, lambda _letter: None)
        sent = time.perf_counter()
        if [each.state for each in reported] != ["sent"] * count:
            raise SystemExit("not every letter was sent")
        campaign.engine.dispose()
        return done - started, queued - began, sent - done


def compare(count: int, rounds: int, delay: float, connections: int) -> None:
    """Print medians and the ratios round by round; the first round is thrown away."""
    with sink(delay) as address:
        taken = [measure(count, address, connections) for _ in range(rounds + 1)][1:]
    loop, queue, out = (statistics.median(column) for column in zip(*taken, strict=True))
    ratios = sorted(sent / alone for alone, _, sent in taken)
    whole = sorted((queued + sent) / alone for alone, queued, sent in taken)
    print(
        f"{count} letters, {connections} connections, {delay * 1000:.0f} ms: bare {loop:.2f} s, "
        f"written {queue:.2f} s, sent {out:.2f} s; sent/bare {statistics.median(ratios):.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}), with the writing {statistics.median(whole):.2f}"
    )


def share(count: int, senders: int, url: str) -> None:
    """Let several processes send what one empty PostgreSQL holds, and count what each letter came to."""
    with tempfile.TemporaryDirectory() as folder, sink(0) as address:
        campaign = found_rehearsal(url, Path(folder))
        write_letters(campaign, count)
        command = [sys.executable, "-m", "cli", "--db", url, "--now", clock.write(FOUNDED), "mail", "send", "--json"]
        began = time.perf_counter()
        environment = {"ANLI_MAIL": address, "PATH": "", "PYTHONPATH": str(Path.cwd())}
        running = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(senders)]
        statuses = [process.wait() for process in running]
        seconds = time.perf_counter() - began
        with campaign.reading() as connection:
            query = text("SELECT state, attempts, count(*) FROM letters GROUP BY state, attempts")
            fates = [tuple(row) for row in connection.execute(query)]
        campaign.engine.dispose()
    print(f"{senders} senders, {count} letters: {seconds:.1f} s, statuses {sorted(set(statuses))}, fates {fates}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--connections", type=int, nargs="+", default=[4])
    parser.add_argument("--senders", type=int, default=0)
    parser.add_argument("--db")
    asked = parser.parse_args()
    if asked.senders:
        share(asked.letters, asked.senders, asked.db)
        return
    for connections in asked.connections:
        compare(asked.letters, asked.rounds, asked.delay, connections)


if __name__ == "__main__":
    main()
