"""Folders for copies: for their maker alone, gone with them, swept after them."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from workflow.store.scratch import PREFIX, Scratch, scratch_folder, sweep


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_is_for_its_maker_alone_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "copy.db").write_text("13800000000", encoding="ascii")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_maker_left_is_swept_at_the_next_start(tmp_path: Path) -> None:
    code = (
        "import sys, time; from workflow.store.scratch import Scratch; s = Scratch(); "
        "(s.folder / 'copy.db').write_text('13800000000'); print(s.folder, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as maker:
        assert maker.stdout is not None
        folder = Path(maker.stdout.readline().strip())
        sweep()
        assert (folder / "copy.db").exists()
        maker.send_signal(signal.SIGKILL)
        maker.wait()
        assert folder.exists()
    later = Scratch()
    assert [path for path in tmp_path.iterdir() if path.name.startswith(PREFIX)] == [later.folder]
    later.remove()


def test_only_folders_of_this_programs_making_are_swept(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "other")
    sweep()
    assert len(list(tmp_path.iterdir())) == 3
