"""What contradicts another entry is refused."""

import pytest

from tests.unit.workflow.edition.reader import Fault, check

FAULTS = {
    "category twice": Fault(
        'number = 2\nname = "网络文化',
        'number = 1\nname = "网络文化',
        'number = 1\nname = "网络文化',
        "categories[1].number",
        "number-twice",
        {"number": 1},
    ),
    "account twice": Fault(
        'account = "clock"',
        'account = "auditor"',
        'account = "auditor"\nrole = "clock"',
        "staff[2].account",
        "account-twice",
        {"account": "auditor"},
    ),
    "implementation": Fault(
        "first_day = 2021-01-01",
        "first_day = 2024-06-01",
        "[implementation]",
        "implementation",
        "closes-before-it-opens",
        {},
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault(case: str) -> None:
    check(FAULTS[case])
