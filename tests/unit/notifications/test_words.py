"""What servers say, on one line."""

import pytest

from notifications import words


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("250 OK", "250 OK"),
        ("多谢", "多谢"),
        ("多谢".encode("gb18030").decode("utf-8", "surrogateescape"), "多谢"),
        ("\udcff\udcff", "\N{REPLACEMENT CHARACTER}" * 2),
        ("one\ntwo\x00\x1b[31m", "one two  [31m"),
        ("x" * 2000, "x" * words.LONGEST),
    ],
)
def test_what_a_server_says_can_be_kept(said: str, kept: str) -> None:
    said_plainly = words.plain(said)
    assert said_plainly == kept
    said_plainly.encode()
