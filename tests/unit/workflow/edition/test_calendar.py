"""Days, phases and windows that make no calendar are refused."""

import pytest

from tests.unit.workflow.edition.reader import Fault, check

FAULTS = {
    "unknown zone": Fault("Asia/Shanghai", "Asia/Wuhan", "zone =", "zone", "zone-unknown", {"zone": "Asia/Wuhan"}),
    "zone as path": Fault("Asia/Shanghai", "../../etc/passwd", "zone =", "zone", "zone-unknown", {}),
    "zone as folder": Fault("Asia/Shanghai", "Asia", "zone =", "zone", "zone-unknown", {}),
    "phase closes first": Fault(
        "last_day = 2024-06-30",
        "last_day = 2024-05-01",
        "[phases.one]",
        "phases.one",
        "closes-before-it-opens",
        {"opens": "2024-05-28T00:00:00+08:00", "closes": "2024-05-02T00:00:00+08:00"},
    ),
    "window closes first": Fault(
        "last_day = 2025-12-31",
        "last_day = 2024-05-27",
        "[windows.disqualify]",
        "windows.disqualify",
        "closes-before-it-opens",
        {},
    ),
    "phases out of order": Fault(
        'phases = ["two", "three"]',
        'phases = ["three", "one"]',
        "[windows.lapse]",
        "windows.lapse",
        "closes-before-it-opens",
        {},
    ),
    "phase without end": Fault("last_day = 2024-06-30", "", "[phases.one]", "phases.one.last_day", "key-missing", {}),
    "phase with two ends": Fault(
        "last_day = 2024-06-30",
        "last_day = 2024-06-30\ncloses = 2024-06-30T18:00:00",
        "closes =",
        "phases.one.closes",
        "two-ends",
        {},
    ),
    "phase named as a trigger": Fault(
        "[phases.three]",
        "[phases.select]",
        "[phases.select]",
        "phases.select",
        "phase-name-taken",
        {},
    ),
    "unknown phase": Fault(
        'phase = "three"',
        'phase = "four"',
        'phase = "four"',
        "windows.archive.phase",
        "phase-unknown",
        {"phase": "four", "known": ["one", "two", "three"]},
    ),
    "unknown phase among several": Fault(
        'phases = ["two", "three"]',
        'phases = ["two", "four"]',
        'phases = ["two", "four"]',
        "windows.lapse.phases",
        "phase-unknown",
        {"phase": "four"},
    ),
    "no phase": Fault(
        'phases = ["two", "three"]', "phases = []", "phases = []", "windows.lapse.phases", "empty-list", {}
    ),
    "phase and phases": Fault(
        'phase = "three"',
        'phase = "three"\nphases = ["one"]',
        'phases = ["one"]',
        "windows.archive.phases",
        "two-frames",
        {"first": "phase", "second": "phases"},
    ),
    "window of nothing": Fault(
        'phase = "three"\n', "", "[windows.archive]", "windows.archive.opens", "key-missing", {}
    ),
    "window like itself": Fault(
        'same_as = "recommend"',
        'same_as = "return"',
        'same_as = "return"',
        "windows.return.same_as",
        "window-unknown",
        {"window": "return"},
    ),
    "trigger without window": Fault(
        '[windows.archive]\nphase = "three"\nclause = "四 第三阶段"\n',
        "",
        "[windows.recommend]",
        "windows.archive",
        "window-missing",
        {"trigger": "archive"},
    ),
    "window without trigger": Fault(
        "[windows.archive]",
        "[windows.praise]",
        "[windows.praise]",
        "windows.praise",
        "trigger-unknown",
        {"trigger": "praise"},
    ),
    "no time to recommend": Fault(
        "last_day = 2024-07-15",
        "last_day = 2024-06-29",
        "[windows.recommend]",
        "windows.recommend",
        "recommend-too-short",
        {"until": "2024-07-01T00:00:00+08:00"},
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault(case: str) -> None:
    check(FAULTS[case])
