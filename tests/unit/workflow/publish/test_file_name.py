"""Names that both Windows and Linux take, that people can read, and of which there are no two."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.publish.file_name import LONGEST_PART, Names, part_of_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("文明网络", "文明网络"),
        ("a/b\\c:d*e?f\"g<h>i|j", "a b c d e f g h i j"),
        ("../../etc/passwd", "etc passwd"),
        ("名称\u202egpj.exe", "名称gpj.exe"),
        ("一\n二\t三", "一 二 三"),
        (" . 名称 . ", "名称"),
        ("\x00\x07", ""),
    ],
)  # fmt: skip
def test_signs_that_a_system_refuses_or_nobody_sees_are_gone(text: str, name: str) -> None:
    assert part_of_name(text) == name


def test_a_long_name_keeps_both_ends() -> None:
    name = part_of_name("首" + "中" * 20_000 + "尾")
    assert name.startswith("首中")
    assert name.endswith("中尾")
    assert "…" in name
    assert len(name.encode()) <= LONGEST_PART


@given(st.text())
def test_every_name_is_safe(text: str) -> None:
    name = part_of_name(text)
    assert len(name.encode()) <= LONGEST_PART
    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*\n\r\t')
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in name)


def test_a_name_is_given_out_once(tmp_path: Path) -> None:
    names = Names()
    taken = [names.take(stem, ".jpg") for stem in ("图", "图", "A", "a", "ａ")]
    assert taken == ["图.jpg", "图 2.jpg", "A.jpg", "a 2.jpg", "ａ 3.jpg"]
    for name in taken:
        (tmp_path / name).touch(exist_ok=False)
