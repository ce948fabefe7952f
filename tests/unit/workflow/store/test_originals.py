"""Originals: kept whole or not at all, never altered, and found out where they were."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from workflow.store.database import open_engine
from workflow.store.originals import OriginalMissing, Originals, originals_of

DATA = b"a mail"
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def files(originals: Originals) -> list[Path]:
    return [path for path in originals.folder.rglob("*") if path.is_file()]


def test_are_kept_under_their_digest_and_only_once(originals: Originals) -> None:
    assert originals.keep(DATA) == originals.keep(DATA) == DIGEST
    (kept,) = files(originals)
    assert kept.name == DIGEST
    assert originals.read(DIGEST) == DATA
    assert originals.digest_kept(DIGEST) == DIGEST


def test_cannot_be_written_by_accident(originals: Originals) -> None:
    originals.keep(DATA)
    (kept,) = files(originals)
    assert kept.stat().st_mode & 0o777 == 0o400


def test_are_for_those_who_may_open_their_folder(originals: Originals) -> None:
    originals.keep(DATA)
    assert originals.folder.stat().st_mode & 0o777 == 0o700
    originals.folder.chmod(0o2770)
    other = originals.keep(b"another mail")
    kept = originals.path_of(other)
    assert kept.stat().st_mode & 0o777 == 0o440
    assert kept.parent.stat().st_mode & 0o7777 == 0o2770
    assert kept.stat().st_gid == originals.folder.stat().st_gid


_KILLED = """\
import os, signal, sys
from pathlib import Path
from workflow.store.originals import Originals
with Originals(Path(sys.argv[1])).arrival() as arrival:
    for data in sys.argv[2:]:
        arrival.keep(data.encode())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_while_keeping(originals: Originals, *data: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", _KILLED, originals.folder, *data], env=environment, check=False)


def test_what_a_killed_process_did_not_put_on_record_is_swept_at_the_next_start(originals: Originals) -> None:
    kill_while_keeping(originals, "13800000000", "on record", "arriving")
    lost, recorded, arriving = (sha256(data).hexdigest() for data in (b"13800000000", b"on record", b"arriving"))
    assert originals.digest_kept(lost) == lost
    with originals.arrival() as arrival:
        arrival.keep(b"arriving")
        originals.sweep(lambda digests: digests & {recorded})
    assert [originals.digest_kept(each) for each in (lost, recorded, arriving)] == [None, recorded, arriving]
    assert not [path for path in originals.folder.rglob("*") if path.is_file() and len(path.name) != 64]
    assert list((originals.folder / ".arriving").iterdir()) == []


def test_what_could_not_be_put_on_record_is_swept_too(originals: Originals) -> None:
    with pytest.raises(ValueError, match="busy"), originals.arrival() as arrival:  # noqa: PT012
        arrival.keep(DATA)
        raise ValueError("busy")
    originals.sweep(lambda _digests: set())
    assert originals.digest_kept(DIGEST) is None


def test_an_altered_or_missing_one_is_found_out(originals: Originals) -> None:
    originals.keep(DATA)
    (kept,) = files(originals)
    kept.chmod(0o644)
    kept.write_bytes(b"another mail")
    with pytest.raises(OriginalMissing):
        originals.read(DIGEST)
    assert originals.digest_kept(DIGEST) == sha256(b"another mail").hexdigest()
    kept.unlink()
    with pytest.raises(OriginalMissing):
        originals.read(DIGEST)
    assert originals.digest_kept(DIGEST) is None


def test_a_write_that_fails_leaves_nothing_under_the_name(
    originals: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        originals.keep(DATA)
    assert originals.digest_kept(DIGEST) is None
    monkeypatch.undo()
    assert originals.read(originals.keep(DATA)) == DATA


def test_reaches_the_disk_with_its_name(originals: Originals, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    really = os.fsync

    def note(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").is_dir())
        really(handle)

    monkeypatch.setattr(os, "fsync", note)
    originals.keep(DATA)
    assert synced[0] is False
    assert len(synced) == 2


def test_lie_beside_the_database_unless_asked_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = open_engine(f"sqlite:///{tmp_path / 'anli.db'}")
    assert originals_of(file, None).folder == tmp_path / "anli.db-originals"
    assert originals_of(file, tmp_path / "elsewhere").folder == tmp_path / "elsewhere"
    assert originals_of(open_engine("postgresql://db.example/anli"), None).folder == tmp_path / "anli-originals"
