"""Send many letters, beside bare loops of aiosmtplib over as many connections, in one run, alternating.

One loop is given each letter's bytes and sends them as they are, the other is given messages and sends them as
aiosmtplib's ``send_message`` does.

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
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import NamedTuple, TypeVar

import aiosmtplib
from sqlalchemy import text

from tests.builders.campaigns import FOUNDED, found_rehearsal
from tests.builders.outbox import write_letters
from workflow import clock
from workflow.engine.campaign import Campaign, resume
from workflow.post.dispatch import Reported, send
from workflow.settings import Settings

T = TypeVar("T")
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


async def bare(
    address: str,
    letters: Sequence[tuple[str, T]],
    connections: int,
    hand_over: Callable[[aiosmtplib.SMTP, str, T], Awaitable[object]],
) -> None:
    """Send the letters with nothing written down before or after."""
    port = int(address.rpartition(":")[2])
    waiting = iter(letters)

    async def work() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for recipient, letter in waiting:
                await hand_over(client, recipient, letter)

    await asyncio.gather(*(work() for _ in range(connections)))


def _hand_over_bytes(client: aiosmtplib.SMTP, recipient: str, message: bytes) -> Awaitable[object]:
    return client.sendmail(SENDER, [recipient], message)


def _hand_over_message(client: aiosmtplib.SMTP, recipient: str, message: EmailMessage) -> Awaitable[object]:
    return client.send_message(message, sender=SENDER, recipients=[recipient])


class Taken(NamedTuple):
    """Seconds: a bare loop over bytes, one over messages, Anli's writing and queueing, Anli's sending."""

    loop: float
    composing_loop: float
    queued: float
    sent: float


def read_letters(campaign: Campaign) -> list[tuple[str, bytes]]:
    with campaign.reading() as connection:
        rows = connection.execute(text("SELECT address, message FROM letters WHERE state = 'queued' ORDER BY id"))
        return [(row[0], bytes(row[1])) for row in rows]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(count: int, address: str, connections: int) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        founded = found_rehearsal(f"sqlite:///{folder}/anli.db", Path(folder))
        founded.engine.dispose()
        mail = f"{address}?connections={connections}&per-connection=1000000"
        campaign = resume(Settings(f"sqlite:///{folder}/anli.db", mail, "zh", FOUNDED, Path(folder) / "originals"))
        reported: list[Reported] = []
        queued = _seconds(lambda: write_letters(campaign, count))
        letters = read_letters(campaign)
        messages = [(recipient, message_from_bytes(message, policy=SMTP)) for recipient, message in letters]
        loop = _seconds(lambda: asyncio.run(bare(address, letters, connections, _hand_over_bytes)))
        composing = _seconds(lambda: asyncio.run(bare(address, messages, connections, _hand_over_message)))
        sent = _seconds(lambda: send(campaign, reported.append))
        if [each.state for each in reported] != ["sent"] * count:
            raise SystemExit("not every letter was sent")
        campaign.engine.dispose()
        return Taken(loop, composing, queued, sent)


def compare(count: int, rounds: int, delay: float, connections: int) -> None:
    """Print medians and the ratios round by round; the first round is thrown away."""
    with sink(delay) as address:
        taken = [measure(count, address, connections) for _ in range(rounds + 1)][1:]
    median = Taken(*(statistics.median(column) for column in zip(*taken, strict=True)))
    print(
        f"{count} letters, {connections} connections, {delay * 1000:.0f} ms: bare {median.loop:.2f} s, "
        f"with send_message {median.composing_loop:.2f} s; written {median.queued:.2f} s, sent {median.sent:.2f} s"
    )
    for name, ratios in {
        "sent / bare": [each.sent / each.loop for each in taken],
        "written and sent / bare": [(each.queued + each.sent) / each.loop for each in taken],
        "written and sent / with send_message": [(each.queued + each.sent) / each.composing_loop for each in taken],
    }.items():
        print(f"  {name}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


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
