"""A checkpoint or a proof is handed out byte for byte, where a file is named."""

from pathlib import Path

from workflow.publish.handed_out import hand_out

NOTE = "案例.example/tlog\n3\nAAAA\n\n— 案例.example BBBB\n"


def test_the_file_holds_the_bytes_that_were_signed(tmp_path: Path) -> None:
    hand_out(NOTE, tmp_path / "checkpoint.txt")
    assert (tmp_path / "checkpoint.txt").read_bytes() == NOTE.encode()


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    hand_out(NOTE, None)
    assert list(tmp_path.iterdir()) == []
