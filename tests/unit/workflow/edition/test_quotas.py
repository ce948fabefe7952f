"""Who may recommend, and how many: what cannot be settled is refused."""

import pytest

from tests.unit.workflow.edition.reader import BUILT_IN, Fault, check, edited, refusal
from workflow.edition import find

FAULTS = {
    "missing quota": Fault(
        "quota = 8\n",
        "",
        '[[units]]\nname = "武汉市"',
        "units[0].quota",
        "key-missing",
        {"kind": "prefecture"},
    ),
    "unit twice": Fault(
        'name = "十堰市"',
        'name = "黄石市"',
        'name = "黄石市"\nname_en = "Shiyan"',
        "units[2].name",
        "unit-twice",
        {"unit": "黄石市"},
    ),
    "address twice": Fault(
        "wxb@shiyan.example",
        "WXB@huangshi.example",
        "WXB@",
        "units[2].addresses[0]",
        "address-twice",
        {"address": "WXB@huangshi.example", "unit": "黄石市"},
    ),
    "quota sum": Fault(
        "quota = 8",
        "quota = 7",
        "quota_total = 81",
        "kinds.prefecture.quota_total",
        "quota-sum",
        {"kind": "prefecture", "sum": 80, "total": 81},
    ),
    "quota where each has the same": Fault(
        'kind = "provincial"\n',
        'kind = "provincial"\nquota = 4\n',
        'quota = 4\n\n[[units]]\nname = "湖北省文化',
        "units[17].quota",
        "quota-not-wanted",
        {},
    ),
    "unknown kind": Fault(
        'kind = "news-site"',
        'kind = "radio"',
        'kind = "radio"',
        "units[34].kind",
        "kind-unknown",
        {"kind": "radio"},
    ),
    "kind without quota": Fault(
        "quota_each = 3\n", "", "[kinds.provincial]", "kinds.provincial", "quota-each-or-total", {}
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault(case: str) -> None:
    check(FAULTS[case])


def test_one_place_less_is_noticed_for_each_unit() -> None:
    for unit, entry in find("hubei-2024").units.items():
        if "quota = " in (written := BUILT_IN[BUILT_IN.index(f'name = "{unit}"') :].split("\n\n")[0]):
            source = edited(written, written.replace(f"quota = {entry.quota}", f"quota = {entry.quota - 1}"))
            assert refusal(source).values["problem_values"] == {"kind": "prefecture", "sum": 80, "total": 81}
