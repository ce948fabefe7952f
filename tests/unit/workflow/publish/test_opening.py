"""A document is opened by the system's opener, from a copy, and only where somebody sits before a screen."""

import sys
from pathlib import Path

import pytest

from workflow.publish import opening

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="xdg-open is the opener of Linux alone")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A screen, and an opener that notes what it was asked to open."""
    asked = tmp_path / "asked"
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{asked}"\n', "utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return asked


def test_the_opener_gets_the_file(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "$(touch evil) 图.jpg"
    assert opening.can_open()
    assert opening.start(file)
    assert desk.read_text("utf-8") == str(file)
    assert not (tmp_path / "evil").exists()


def test_without_a_screen_or_an_opener_nothing_is_opened(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not opening.can_open()
    monkeypatch.setenv("DISPLAY", ":0")
    desk.with_name("xdg-open").unlink()
    assert opening.can_open() is (Path("/usr/bin/xdg-open").exists())


def test_an_opener_that_fails_has_not_opened(desk: Path) -> None:
    desk.with_name("xdg-open").write_text("#!/bin/sh\nexit 3\n", "utf-8")
    assert not opening.start(Path("file.pdf"))
