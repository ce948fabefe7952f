"""The built-in edition says what the notice says, figure by figure and word by word."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from states import ROOMS
from workflow.edition import Edition, find

NOTICE = Path(__file__).with_name("notice-2024.txt").read_text(encoding="utf-8")
WORDS = re.sub(r"\s+", "", NOTICE)

QUOTAS = {
    "武汉市": 8,
    "黄石市": 5,
    "十堰市": 5,
    "襄阳市": 6,
    "宜昌市": 6,
    "荆州市": 5,
    "荆门市": 5,
    "鄂州市": 4,
    "孝感市": 5,
    "黄冈市": 5,
    "咸宁市": 5,
    "随州市": 4,
    "恩施州": 6,
    "仙桃市": 3,
    "天门市": 3,
    "潜江市": 3,
    "神农架林区": 3,
}
SAMPLE_SENDERS = {
    "wxb@xiaogan.example": "孝感市",
    "wxb@ezhou.example": "鄂州市",
    "wxb@wuhan.example": "武汉市",
    "jyt@edu.example": "湖北省教育厅",
    "bianji@news.example": "荆楚示例网",
    "wxb@huanggang.example": "黄冈市",
    "wxb@jingzhou.example": "荆州市",
    "wxb@shennongjia.example": "神农架林区",
    "wxb@xianning.example": "咸宁市",
    "wxb@xiantao.example": "仙桃市",
    "wxb@huangshi.example": "黄石市",
    "wxb@shiyan.example": "十堰市",
    "wxb@xiangyang.example": "襄阳市",
    "wxb@yichang.example": "宜昌市",
    "wxb@jingmen.example": "荆门市",
    "wxb@suizhou.example": "随州市",
    "wxb@enshi.example": "恩施州",
    "wxb@tianmen.example": "天门市",
    "wxb@qianjiang.example": "潜江市",
}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return find("hubei-2024")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def quoted(text: str) -> bool:
    return re.sub(r"\s+", "", text) in WORDS


def test_names_itself(edition: Edition) -> None:
    assert (edition.name, edition.year, str(edition.zone)) == ("hubei-2024", 2024, "Asia/Shanghai")
    assert edition.theme == "网聚荆楚正能量  奋进湖北新实践"
    assert quoted(edition.theme)
    assert quoted(edition.title)


def test_is_the_file_byte_for_byte(edition: Edition) -> None:
    stored = files("workflow.edition").joinpath("hubei-2024.toml").read_bytes()
    assert edition.source == stored
    assert edition.sha256 == sha256(stored).hexdigest()


def test_quotas_are_those_of_appendix_1(edition: Edition) -> None:
    prefectures = {unit.name: unit.quota for unit in edition.units.values() if unit.kind == "prefecture"}
    assert prefectures == QUOTAS
    assert edition.kinds["prefecture"].quota_total == sum(QUOTAS.values()) == 81
    for unit, quota in QUOTAS.items():
        assert re.search(rf"{unit}\s+{quota}\s", NOTICE)
        assert edition.quota_of(unit) == quota


def test_other_bodies_have_3_and_key_news_sites_6(edition: Edition) -> None:
    assert edition.kinds["provincial"].quota_each == 3
    assert edition.kinds["news-site"].quota_each == 6
    assert edition.quota_of("湖北省教育厅") == 3
    assert edition.quota_of("荆楚示例网") == 6
    assert quoted("不超过3个/单位，省内重点新闻网站推荐名额总数不超过6个/单位")


def test_places_suffice_for_a_hundred_and_fifty(edition: Edition) -> None:
    assert Counter(unit.kind for unit in edition.units.values()) == {"prefecture": 17, "provincial": 17, "news-site": 3}
    assert sum(unit.quota for unit in edition.units.values()) == 150


def test_letters_greet_the_office_of_a_prefecture_and_any_other_unit_by_its_name(edition: Edition) -> None:
    assert quoted("各市、州、直管市、神农架林区党委网信办")
    greeted = {unit.name: unit.greeted_in("zh") for unit in edition.units.values() if unit.kind == "prefecture"}
    assert all(office == f"{name}{'党' if name[-1] == '区' else ''}委网信办" for name, office in greeted.items())
    assert (greeted["武汉市"], greeted["恩施州"]) == ("武汉市委网信办", "恩施州委网信办")
    assert greeted["神农架林区"] == "神农架林区党委网信办"
    others = [unit for unit in edition.units.values() if unit.kind != "prefecture"]
    assert [unit.greeted_in("zh") for unit in others] == [unit.name for unit in others]
    assert edition.units["武汉市"].greeted_in("en") == "Wuhan"


def test_units_write_from_example_addresses(edition: Edition) -> None:
    for address, unit in SAMPLE_SENDERS.items():
        found = edition.unit_of(address)
        assert found is not None
        assert found.name == unit
    assert all(address.endswith(".example") for unit in edition.units.values() for address in unit.addresses)
    assert edition.unit_of("someone@elsewhere.example") is None
    assert all(unit.language == "zh" and unit.name_en for unit in edition.units.values())


def test_phases_are_half_open_and_meet(edition: Edition) -> None:
    assert [(phase.name, phase.opens, phase.closes) for phase in edition.phases.values()] == [
        ("one", utc(2024, 5, 27, 16), utc(2024, 6, 30, 16)),
        ("two", utc(2024, 6, 30, 16), utc(2024, 9, 30, 16)),
        ("three", utc(2024, 9, 30, 16), utc(2024, 11, 30, 16)),
    ]
    for phase in edition.phases.values():
        assert quoted(phase.label.partition("：")[2])
        assert phase.text is not None
        assert quoted(phase.text)


def test_the_thirtieth_of_june_counts_to_its_end(edition: Edition) -> None:
    assert edition.received_until == edition.rules().received_until == utc(2024, 6, 30, 16)
    assert edition.process_until == utc(2024, 7, 15, 16)


def test_windows(edition: Edition) -> None:
    one, two, three = utc(2024, 5, 27, 16), utc(2024, 6, 30, 16), utc(2024, 9, 30, 16)
    end, later = utc(2024, 11, 30, 16), utc(2025, 12, 31, 16)
    processed = utc(2024, 7, 15, 16)
    assert {name: (window.opens, window.closes) for name, window in edition.windows.items()} == {
        "recommend": (one, processed),
        "return": (one, processed),
        "precheck": (two, three),
        "shortlist": (two, three),
        "present": (two, three),
        "survey": (two, three),
        "select": (two, three),
        "decline": (two, end),
        "archive": (three, end),
        "withdraw": (one, three),
        "lapse": (two, end),
        "disqualify": (one, later),
        "reinstate": (one, later),
    }
    assert set(edition.windows) == {way.window for room in ROOMS for way in room.exits}


def test_six_categories_as_the_forms_print_them(edition: Edition) -> None:
    assert {number: category.name for number, category in edition.categories.items()} == {
        1: "理论政策宣传",
        2: "网络文化创意精品",
        3: "网络空间道德建设",
        4: "网络空间行为规范",
        5: "网络空间生态治理",
        6: "网络空间文明创建",
    }
    for number, category in edition.categories.items():
        assert quoted(f"{number}.{category.name}类。{category.description}")
        assert quoted(f"□{number}.{category.name}")
        assert category.clause == f"附件2.{number}"
    assert edition.category_scope is not None
    assert quoted(edition.category_scope.text)


def test_twenty_topics_whole_and_in_order(edition: Edition) -> None:
    assert [topic.number for topic in edition.topics] == list(range(1, 21))
    told = "".join(f"{topic.number}.{topic.text}" for topic in edition.topics)
    assert quoted("选题指南" + told + "(供推荐单位参考，不限于以上选题)")


def test_five_standards(edition: Edition) -> None:
    names = ["导向正确", "目标明确", "善于创新", "成效明显", "管理规范"]
    assert [standard.name for standard in edition.standards.values()] == names
    told = "".join(f"{number}.{standard.name}。{standard.text}" for number, standard in edition.standards.items())
    assert quoted("且符合以下标准：" + told + "六、有关要求")


def test_requirements_and_organisation(edition: Edition) -> None:
    told = "".join(f"{requirement.number}.{requirement.text}" for requirement in edition.requirements)
    assert quoted("六、有关要求" + told + "联系人")
    assert quoted("活动对象" + edition.eligibility.text + "四、")
    organisation = edition.organisation
    assert quoted("指导单位：" + "、".join(organisation.guided_by))
    assert quoted("主办单位：" + "、".join(organisation.hosted_by) + "承办单位：" + "、".join(organisation.run_by))


def test_limits(edition: Edition) -> None:
    assert edition.rules().limits._asdict() == {
        "summary_characters": 200,
        "content_characters": 1500,
        "picture_formats": ("JPG", "PNG"),
        "picture_dpi": 300,
        "picture_caption_characters": 50,
        "video_formats": ("MP4",),
        "video_long_side": 1920,
        "video_short_side": 1080,
        "video_caption_characters": 200,
    }
    assert edition.content_headings == ("背景意义", "创新做法", "实施成效", "经验启示")


def test_rules_are_one_value(edition: Edition) -> None:
    rules = edition.rules()
    assert rules is edition.rules()
    assert (rules.categories, rules.standards, rules.capacity) == ((1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5), 50)
    assert (rules.implemented_from, rules.implemented_until) == (date(2021, 1, 1), date(2024, 5, 31))
    assert rules.windows == edition.windows


def test_deadlines_run_from_may_to_november(edition: Edition) -> None:
    due = {deadline.name: edition.local(deadline.due).isoformat() for deadline in edition.deadlines}
    assert due["notice-issued"] == "2024-05-28T09:00:00+08:00"
    assert due["two-days-left"] == "2024-06-28T09:00:00+08:00"
    assert due["submissions-closed"] == "2024-07-01T00:00:00+08:00"
    assert due["drafts-lapse"] == "2024-07-16T00:00:00+08:00"
    assert due["campaign-closed"] == "2024-12-01T00:00:00+08:00"
    assert list(due.values()) == sorted(due.values())
    assert {deadline.kind for deadline in edition.deadlines} == {
        "announce",
        "remind",
        "close",
        "advance",
        "nudge",
        "checkpoint",
    }


def test_letters_come_from_example_addresses(edition: Edition) -> None:
    assert (edition.mail.sender, edition.mail.message_id_domain) == ("intake@anli.example", "anli.example")
    assert edition.role_of("auditor") == "auditor"
    assert edition.role_of("nobody") is None
