"""A category is ticked in more ways than the form foresees."""

import pytest

from tests.builders.forms import CATEGORY_LINE
from workflow.intake.categories import category_of, read_choice

PLAIN = CATEGORY_LINE.replace("□", "")


@pytest.mark.parametrize("tick", list("☑☒√✓✔■●▇"))
@pytest.mark.parametrize("number", range(1, 7))
def test_a_mark_in_place_of_the_box(tick: str, number: int) -> None:
    assert read_choice(CATEGORY_LINE.replace(f"□{number}", f"{tick}{number}")).numbers == (number,)


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        (CATEGORY_LINE, ()),
        (PLAIN, ()),
        ("", ()),
        (CATEGORY_LINE.replace("□2", "□√2"), (2,)),
        (CATEGORY_LINE.replace("□2", "√□2"), (2,)),
        (CATEGORY_LINE.replace("创意精品", "创意精品√"), (2,)),
        (CATEGORY_LINE.replace("文明创建", "文明创建√"), (6,)),
        (CATEGORY_LINE.replace("□3", "☑3").replace("□5", "☑5"), (3, 5)),
        (CATEGORY_LINE.replace("□3", "☑3").replace("□4", "☑4"), (3, 4)),
        (PLAIN.replace("2.", "√2."), (2,)),
        (PLAIN.replace("创意精品", "创意精品√"), (2,)),
        (PLAIN.replace("创意精品", "创意精品（√）"), (2,)),
        (PLAIN.replace("理论政策宣传", "理论政策宣传（√）"), (1,)),
        (PLAIN.replace("4.", "4（√）"), (4,)),
        (CATEGORY_LINE.replace("□1", "R1"), (1,)),
        (CATEGORY_LINE.replace("□3", "R3"), (3,)),
        (CATEGORY_LINE.replace("1.", "1、").replace("□6.", "☑6、"), (6,)),
        ("理论政策宣传类", (1,)),
        ("3.网络空间道德建设", (3,)),
        ("□3.网络空间道德建设", (3,)),
        ("网络空间道德建设、网络空间生态治理", (3, 5)),
        ("（ ）理论政策宣传 （√）网络文化创意精品 （ ）网络空间道德建设", (2,)),
        ("理论政策宣传（ ） 网络文化创意精品（√） 网络空间道德建设（ ）", (2,)),
        ("1（√） 2（ ） 3（ ） 4（ ） 5（ ） 6（ ）", (1,)),
        ("第三类", (3,)),
        ("4", (4,)),
        ("7", ()),
        ("☑1.理论\n政策宣传 □2.网络文化 创意精品", (1,)),
        ("其他", ()),
    ],
)
def test_other_ways(text: str, categories: tuple[int, ...]) -> None:
    assert read_choice(text).numbers == categories


def test_the_editions_own_categories_are_looked_for() -> None:
    names = {1: "甲类", 2: "乙类"}
    assert read_choice("□1.甲 ☑2.乙", names).numbers == (2,)
    assert category_of("乙 类", names) == 2
    assert category_of("网络文化\n创意精品") == 2
    assert category_of("合计") is None
