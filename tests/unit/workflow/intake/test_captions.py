"""The words of pictures are found in any text, however many lines and pictures there are."""

import time

import pytest

from workflow.intake.captions import match_captions


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("图1.jpg：读书会现场", {"图1.jpg": "读书会现场"}),
        ("图1 读书会现场", {"图1.jpg": "读书会现场"}),
        ("（1）图1：读书会现场", {"图1.jpg": "读书会现场"}),
        ("现场：读书会现场", {"乙-现场.JPG": "读书会现场"}),
        ("图12：另一张", {"图12.jpg": "另一张"}),
        ("图：不知哪一张", {}),
    ],
)
def test_a_line_names_a_picture(line: str, said: dict[str, str]) -> None:
    assert match_captions(line, ["图1.jpg", "图12.jpg", "乙-现场.JPG"]) == said


@pytest.mark.parametrize("line", ["{}:x", "图片{}", "（{}）x", "x"])
def test_many_short_lines_and_many_pictures(line: str) -> None:
    text = "\n".join(line.format(place) for place in range(20_000))
    began = time.process_time()
    match_captions(text, [f"图片{place}.jpg" for place in range(390)])
    assert time.process_time() - began < 20
