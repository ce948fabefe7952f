"""A deadline falls at one moment that the file names; anything else is refused."""

import pytest

from tests.unit.workflow.edition.reader import Fault, check

FAULTS = {
    "deadline twice": Fault(
        'name = "six-days-left"',
        'name = "two-days-left"',
        'name = "two-days-left"\nkind = "remind"\nclose_of = "received"\ndays_before_last_day = 2',
        "deadlines[3].name",
        "deadline-twice",
        {},
    ),
    "deadline without moment": Fault(
        "due = 2024-07-31T09:00:00\n",
        "",
        '[[deadlines]]\nname = "prechecks-pending"',
        "deadlines[9]",
        "deadline-needs-one-moment",
        {},
    ),
    "deadline of two moments": Fault(
        'close_of = "two"',
        'close_of = "two"\nopening_of = "two"',
        '[[deadlines]]\nname = "selection-closed"',
        "deadlines[14]",
        "deadline-needs-one-moment",
        {},
    ),
    "deadline of an unknown span": Fault(
        'close_of = "two"',
        'close_of = "ten"',
        'close_of = "ten"',
        "deadlines[14].close_of",
        "span-unknown",
        {"span": "ten"},
    ),
    "days without hour": Fault(
        "days_before_last_day = 13\ntime = 09:00:00",
        "days_before_last_day = 13",
        "days_before_last_day = 13",
        "deadlines[1].days_before_last_day",
        "days-need-close-and-time",
        {},
    ),
    "hour without day": Fault(
        "days_before_last_day = 13\n",
        "",
        'time = 09:00:00\ntext = "deadline.thirteen',
        "deadlines[1].time",
        "time-not-wanted",
        {},
    ),
    "hour of a moment": Fault(
        "due = 2024-07-31T09:00:00",
        "due = 2024-07-31T09:00:00\ntime = 10:00:00",
        "time = 10",
        "deadlines[9].time",
        "time-not-wanted",
        {},
    ),
    "advance of nothing": Fault(
        'trigger = "lapse"\n',
        "",
        '[[deadlines]]\nname = "drafts-lapse"',
        "deadlines[8].trigger",
        "key-missing",
        {},
    ),
    "advance of an unknown": Fault(
        'trigger = "lapse"',
        'trigger = "nap"',
        'trigger = "nap"',
        "deadlines[8].trigger",
        "trigger-unknown",
        {"trigger": "nap"},
    ),
    "advance outside its window": Fault(
        'trigger = "lapse"',
        'trigger = "archive"',
        '[[deadlines]]\nname = "drafts-lapse"',
        "deadlines[8]",
        "deadline-outside-window",
        {"deadline": "drafts-lapse", "trigger": "archive"},
    ),
    "trigger of a letter": Fault(
        'kind = "announce"',
        'kind = "announce"\ntrigger = "lapse"',
        "trigger =",
        "deadlines[0].trigger",
        "trigger-not-wanted",
        {"kind": "announce"},
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault(case: str) -> None:
    check(FAULTS[case])
