"""Plain text as paragraphs and lists."""

import pytest

from notifications.passage import Paragraph, split_paragraphs


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        ("\n \n", []),
        ("一句。", [(("一句。",), False)]),
        ("一行\n二行\n\n另一段", [(("一行", "二行"), False), (("另一段",), False)]),
        ("如下：\n· 甲\n· 乙\n请办理。", [(("如下：",), False), (("甲", "乙"), True), (("请办理。",), False)]),
        ("- one\n\n- two", [(("one",), True), (("two",), True)]),
        ("-1 place", [(("-1 place",), False)]),
        ("— anli.example c2lnbmF0dXJl", [(("— anli.example c2lnbmF0dXJl",), False)]),
    ],
)
def test_lines_are_gathered(text: str, paragraphs: list[tuple[tuple[str, ...], bool]]) -> None:
    assert list(split_paragraphs(text)) == [Paragraph(*each) for each in paragraphs]
