"""A checkpoint or a proof as a file to be handed out."""

from pathlib import Path

from workflow.new_file import write_new


def hand_out(written: str, file: Path | None) -> None:
    """Write it where a file is named, with the line ends that its hash or signature is made over; see write_new."""
    if file is not None:
        write_new(file, written.encode())
