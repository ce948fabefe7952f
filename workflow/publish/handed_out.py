"""A checkpoint or a proof as a file to be handed out."""

from pathlib import Path


def hand_out(written: str, file: Path | None) -> None:
    """Write it where a file is named, with the line ends that its hash or signature is made over."""
    if file is not None:
        file.write_text(written, encoding="utf-8", newline="\n")
