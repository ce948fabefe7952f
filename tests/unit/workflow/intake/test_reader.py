"""A mail is read in a process of its own; whatever it does to that process, it is named and the next one is read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.forms import form
from tests.builders.hostile_mails import of_many_forms, of_short_lines, of_tiny_encoded_lines
from tests.builders.mails import Part, mail
from tests.builders.media import PDF, picture
from workflow.edition.load import find
from workflow.intake import limits
from workflow.intake.found import FoundMail
from workflow.intake.reader import Reader, reading
from workflow.intake.submission import Submission, read_submission

HONEST = mail(Part("推荐表.docx", form()), Part("盖章扫描件.pdf", PDF), Part("现场.jpg", picture()))


@pytest.fixture
def reader() -> Iterator[Reader]:
    with reading(find("hubei-2024")) as reader:
        yield reader


def read(reader: Reader, raw: bytes) -> Submission:
    return reader.read(FoundMail("a.eml", raw, ()))


def excess(submission: Submission) -> tuple[str, str | int]:
    """What a mail that was not read took too much of, and how much it may."""
    (reason,) = submission.reasons
    assert (reason.code, submission.read, submission.originals) == ("mail-beyond-budget", False, ())
    limit = reason.values.get("limit", 0)
    assert isinstance(limit, int)
    return str(reason.values["cause"]), limit


def test_it_reads_what_this_process_would(reader: Reader) -> None:
    for _ in range(2):
        assert read(reader, HONEST) == read_submission(HONEST)


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (of_many_forms(100), "forms"),
        (of_tiny_encoded_lines(3_000_000), "lines"),
        (of_short_lines(200_000), "lines"),
        (of_short_lines(200_000).replace(b"ab\n", b"ab\r"), "lines"),
    ],
    ids=["forms", "encoded lines", "short lines", "other breaks"],
)
def test_what_holds_more_than_its_size_allows_is_named(reader: Reader, raw: bytes, cause: str) -> None:
    budget = limits.budget_of(len(raw))
    refused = read(reader, raw)
    assert excess(refused) == (cause, getattr(budget, cause))
    assert (refused.sender_address, refused.subject) == ("wxb@unit.example", "case")
    assert len(read(reader, HONEST).dossiers) == 1


def test_what_is_large_may_hold_more() -> None:
    small, large = limits.budget_of(0), limits.budget_of(limits.MAIL_BYTES)
    assert all(more > less for less, more in zip(small, large, strict=True))
    assert large.memory_bytes < 2 * 1024 * limits.MEBIBYTE
    assert limits.budget_of(36_000).forms < 100


def _stumble(monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """Let the mails that say so act while they are read."""

    def stumble(raw: bytes, *rest: object) -> Submission:
        if b"hostile" in raw and b"--=_boundary" in raw:
            exec(act, {"os": os, "signal": signal})  # noqa: S102 - this test's own words
        return read_submission(raw, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("workflow.intake.submission.read_submission", stumble)


@pytest.mark.parametrize(
    ("act", "named"),
    [
        ("while True: pass", ("seconds", 1)),
        ("[0] * 10**10", ("memory", 512)),
        ("os.kill(os.getpid(), signal.SIGKILL)", ("ended", 0)),
        ("os._exit(0)", ("ended", 0)),
    ],
)
def test_what_never_ends_is_ended(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, act: str, named: tuple[str, int]
) -> None:
    monkeypatch.setattr(limits, "READING_SECONDS", 1)
    monkeypatch.setattr(limits, "READING_MEMORY_BYTES", 512 * limits.MEBIBYTE)
    _stumble(monkeypatch, act)
    hostile = mail(text="hostile")
    for _ in range(2):
        assert excess(read(reader, hostile)) == named
        assert len(read(reader, HONEST).dossiers) == 1


def test_what_waits_for_ever_is_ended(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READING_SECONDS", 1)
    monkeypatch.setattr(limits, "OTHER_PROGRAMS_SECONDS", 0)
    _stumble(monkeypatch, "signal.pause()")
    assert excess(read(reader, mail(text="hostile"))) == ("seconds", 1)
    assert len(read(reader, HONEST).dossiers) == 1


def test_what_is_wrong_with_the_system_is_no_fault_of_the_mail(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    _stumble(monkeypatch, "raise OSError(28, 'No space left on device')")
    with pytest.raises(OSError, match="No space left"):
        read(reader, mail(text="hostile"))


def test_it_knows_no_file_of_the_campaign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "anli.db").open("wb") as held, reading(find("hubei-2024")) as reader:
        _stumble(monkeypatch, f"os.fstat({held.fileno()})")
        with pytest.raises(OSError, match="Bad file descriptor"):
            read(reader, mail(text="hostile"))


KILLED = """
import signal, sys
from workflow.edition.load import find
from workflow.intake.found import FoundMail
from workflow.intake import submission
from workflow.intake.reader import reading

def read_for_ever(*_):
    print(__import__("os").getpid(), flush=True)
    {act}

submission.read_submission = read_for_ever
with reading(find("hubei-2024")) as reader:
    reader.read(FoundMail("a.eml", b"From: a@unit.example", ()))
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("act", ["signal.pause()", "while True: pass"])
def test_it_ends_with_the_process_that_started_it(ending: signal.Signals, act: str) -> None:
    words = [sys.executable, "-c", KILLED.format(act=act)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        program.send_signal(ending)
        program.communicate(timeout=30)
    until = time.monotonic() + 20
    while _runs(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(process: int) -> bool:
    """A dead one that nobody has waited for is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_nobody_is_left_behind(reader: Reader) -> None:
    read(reader, HONEST)
    worker = reader._worker
    assert worker is not None
    reader.end()
    assert worker.process.exitcode is not None


def test_a_new_process_reads_as_a_copy_does(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    began = time.monotonic()
    assert read(reader, HONEST) == read_submission(HONEST)
    assert time.monotonic() - began < 60


def test_the_settings_say_what_a_mail_may_take() -> None:
    page = (Path(__file__).parents[4] / "docs" / "reference" / "settings.md").read_text()
    rows = dict(line.strip("| ").split(" | ", 1) for line in page.splitlines() if line.count(" | ") == 1)
    assert (limits.READING_SECONDS_OF_MEBIBYTE, limits.READING_MEMORY_OF_BYTE) == (1, 4)
    mail_of, attachment, archives = (
        f"{size // limits.MEBIBYTE} MiB" for size in (limits.MAIL_BYTES, limits.ATTACHMENT_BYTES, limits.ARCHIVE_BYTES)
    )
    parts, depth = f"{limits.MAIL_PARTS:,}, of them {limits.ATTACHMENTS} ", f"in {limits.MULTIPART_DEPTH} others"
    said = {
        "the processor": (f"{limits.READING_SECONDS} seconds", "one more for each MiB"),
        "memory": (f"{limits.READING_MEMORY_BYTES // limits.MEBIBYTE // 1024} GiB", "four times"),
        "lines": (f"{limits.LINES:,}", f"every {limits.BYTES_OF_LINE} bytes"),
        "forms": (f"{limits.FORMS}", f"every {limits.BYTES_OF_FORM:,} bytes"),
        "parts": (parts, depth, f"{limits.FORWARDED_DEPTH} forwarded"),
        "bytes": (mail_of, f"attachment {attachment}", archives),
    }
    assert [(row, words) for row, written in said.items() for words in written if words not in rows[row]] == []
