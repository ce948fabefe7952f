"""The count is the one beside 字数 in Word."""

import pytest

from workflow.intake.characters import count_characters


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n\t\u3000", 0),
        ("网络文明", 4),
        ("网络，文明。", 6),
        ("超过234万人", 5),
        ("hello world", 2),
        ("网络hello世界", 5),
        ("e起学法", 4),
        ("1920×1080", 1),
        ("don’t", 1),
        ("“网络”", 4),
        ("漫谈网络·画说文明", 9),
        ("１２３", 3),
        ("027-60000000", 1),
        ("网\u200b络\ufeff", 2),
        ("一、背景 意义", 6),
        ("……——", 4),
    ],
)
def test_counts(text: str, count: int) -> None:
    assert count_characters(text) == count
