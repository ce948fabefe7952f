import re
from datetime import date
from random import Random

import pytest

from workflow.demo.cases import (
    FORM_STYLES,
    TICKS,
    Inventor,
    forget_recommender_opinion,
    lengthen_summary,
)
from workflow.demo.places import find_place

UNITS = (
    "武汉市", "黄石市", "十堰市", "襄阳市", "宜昌市", "荆州市", "荆门市", "鄂州市", "孝感市", "黄冈市", "咸宁市",
    "随州市", "恩施州", "仙桃市", "天门市", "潜江市", "神农架林区",
    "湖北省教育厅", "湖北省总工会", "荆楚示例网", "湖北省示例学会",
)  # fmt: skip
SIGNED_ON = date(2024, 6, 18)
CASES = [
    case for inventor in [Inventor(Random(3))] for unit in UNITS * 8 for case in [inventor.invent(unit, SIGNED_ON)]
]


def test_names_contacts_and_phones_are_unique() -> None:
    for field in ("name", "contact", "phone"):
        assert len({getattr(case, field) for case in CASES}) == len(CASES)


def test_sound_cases_keep_to_the_measures() -> None:
    for case in CASES:
        assert 40 < len(case.summary) <= 200
        assert 400 < len(case.content) <= 1500
        assert case.flaw is None
        assert case.applicant_opinion
        assert case.recommender_opinion
        assert [len(section) > 0 for section in case.sections] == [True] * 4


def test_content_has_the_four_headings_in_order() -> None:
    headings = re.findall(r"^[一二三四]、(.+)$", CASES[0].content, re.MULTILINE)
    assert headings == ["背景意义", "创新做法", "实施成效", "经验启示"]


def test_nothing_is_left_to_fill_in() -> None:
    for case in CASES:
        assert not set("{}") & set(f"{case.name}{case.summary}{case.content}{case.address}")


def test_no_real_body_or_person_is_named() -> None:
    for case in CASES:
        assert "示例" in case.applicant
        assert re.fullmatch(r"联系人\d{3,}", case.contact)
        assert re.fullmatch(r"027-6\d{7}", case.phone)
        assert re.fullmatch(r"湖北省.+示例路\d+号", case.address)


def test_categories_layouts_and_ticks_all_occur() -> None:
    assert {case.category for case in CASES} == set(range(1, 7))
    assert {case.form_style for case in CASES} == set(FORM_STYLES)
    assert {case.tick for case in CASES} == set(TICKS)


def test_same_seed_invents_the_same() -> None:
    again = Inventor(Random(3))
    assert [again.invent(unit, SIGNED_ON) for unit in UNITS] == CASES[: len(UNITS)]


def test_taken_names_are_left_alone() -> None:
    taken = {case.name for case in CASES}
    other = Inventor(Random(3), taken)
    assert not taken & {other.invent(unit, SIGNED_ON).name for unit in UNITS * 4}


def test_one_unit_may_ask_for_more_names_than_there_are_titles() -> None:
    inventor = Inventor(Random(1))
    names = [inventor.invent("鄂州市", SIGNED_ON).name for _ in range(500)]
    assert len(set(names)) == 500


@pytest.mark.parametrize(
    ("unit", "office"),
    [("恩施州", "恩施州委网信办"), ("神农架林区", "神农架林区党委网信办"), ("湖北省教育厅", "湖北省教育厅")],
)
def test_office_signs_for_its_unit(unit: str, office: str) -> None:
    assert find_place(unit).office == office


def test_flaws_are_marked_and_real() -> None:
    longer = lengthen_summary(CASES[0])
    assert longer.flaw == "summary-too-long"
    assert len(longer.summary) > 230
    forgotten = forget_recommender_opinion(CASES[0])
    assert (forgotten.flaw, forgotten.recommender_opinion) == ("recommender-opinion-missing", "")
    assert forgotten.applicant_opinion
