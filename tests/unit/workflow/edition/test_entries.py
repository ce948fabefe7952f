"""What does not have the shape of a rule book is refused."""

import pytest

from tests.unit.workflow.edition.reader import Fault, check

FAULTS = {
    "syntax": Fault("year = 2024", "year = = 2024", "year =", "", "not-toml", {"detail": "Invalid value"}),
    "key twice": Fault("year = 2024", "year = 2024\nyear = 2024", "year = 2024\ncase", "", "not-toml", {}),
    "no such day": Fault("opens = 2024-07-01", "opens = 2024-06-31", "opens = 2024-06-31", "", "not-toml", {}),
    "missing at the top": Fault("year = 2024\n", "", "#", "year", "key-missing", {}),
    "missing table": Fault(
        '[selection]\ncapacity = 50\nclause = "四 第二阶段"\n', "", "#", "selection", "key-missing", {}
    ),
    "missing in a table": Fault(
        'clause = "附件1"\n',
        "",
        "[kinds.prefecture]",
        "kinds.prefecture.clause",
        "key-missing",
        {},
    ),
    "missing in an entry": Fault(
        'kind = "prefecture"\nquota = 5\n\n[[units]]\nname = "十堰市"',
        'quota = 5\n\n[[units]]\nname = "十堰市"',
        '[[units]]\nname = "黄石市"',
        "units[1].kind",
        "key-missing",
        {},
    ),
    "misspelt key": Fault("capacity = 50", "capasity = 50", "capasity", "selection.capasity", "key-unknown", {}),
    "neither true nor false": Fault(
        "readings = false", 'readings = "no"', "readings =", "history.readings", "not-true-or-false", {}
    ),
    "no number for a switch": Fault(
        "readings = false", "readings = 0", "readings =", "history.readings", "not-true-or-false", {}
    ),
    "one key too many": Fault(
        "capacity = 50",
        "capacity = 50\nreserve = 5",
        "reserve",
        "selection.reserve",
        "key-unknown",
        {},
    ),
    "key with an escape": Fault(
        "capacity = 50",
        '"a\\u001b[2Jb" = 50',
        '"a\\u001b',
        'selection."a\\u001b[2Jb"',
        "key-unknown",
        {},
    ),
    "unknown table": Fault("[selection]", "[extra]\n[selection]", "[extra]", "extra", "key-unknown", {}),
    "text for a number": Fault(
        "capacity = 50", 'capacity = "50"', "capacity", "selection.capacity", "not-a-number", {}
    ),
    "truth for a number": Fault(
        "capacity = 50", "capacity = true", "capacity", "selection.capacity", "not-a-number", {}
    ),
    "part of a number": Fault("capacity = 50", "capacity = 50.0", "capacity", "selection.capacity", "not-a-number", {}),
    "too small": Fault("capacity = 50", "capacity = 0", "capacity", "selection.capacity", "too-small", {"ge": 1}),
    "too great": Fault("capacity = 50", "capacity = 9999999", "capacity", "selection.capacity", "too-great", {}),
    "beyond numbers": Fault(
        "capacity = 50", "capacity = " + "9" * 99, "capacity", "selection.capacity", "too-great", {}
    ),
    "number for text": Fault('theme = "', 'theme = 1 # "', "theme", "theme", "not-text", {}),
    "text for a list": Fault(
        'guided_by = ["省委宣传部（省文明办）"]',
        'guided_by = "x"',
        "guided_by",
        "organisation.guided_by",
        "not-a-list",
        {},
    ),
    "number in a list": Fault('run_by = ["', 'run_by = [\n 7,\n "', " 7,", "organisation.run_by[0]", "not-text", {}),
    "misspelt table": Fault("[selection]", "[selectio]", "[selectio]", "selectio", "key-unknown", {}),
    "text for a table": Fault(
        '[limits.summary]\ncharacters = 200\nclause = "附件4"\n',
        '[limits]\nsummary = "short"\n',
        "summary =",
        "limits.summary",
        "not-a-table",
        {},
    ),
    "list for a table": Fault("[selection]", "[[selection]]", "[[selection]]", "selection", "not-a-table", {}),
    "table for a list": Fault(
        "hosted_by = [",
        "hosted_by = {} # [",
        "hosted_by",
        "organisation.hosted_by",
        "not-a-list",
        {},
    ),
    "two lines": Fault('title = "', 'title = "a\\n', "title", "title", "not-one-line", {}),
    "blank": Fault('enquiries = "', 'enquiries = " ', "enquiries", "mail.enquiries", "not-one-line", {}),
    "empty passage": Fault(
        '"附件2.1"',
        '"附件2.1"\n[[topics]]\nnumber = 21\nclause = "x"\ntext = " "',
        'text = " "',
        "topics[0].text",
        "not-text",
        {},
    ),
    "capital in a name": Fault(
        'name = "hubei-2024"',
        'name = "Hubei"',
        'name = "',
        "name",
        "not-a-name",
        {"value": "Hubei"},
    ),
    "role": Fault(
        'role = "clock"',
        'role = "king"',
        'role = "king"',
        "staff[2].role",
        "not-one-of",
        {"value": "king", "known": ["organiser", "auditor", "clock"]},
    ),
    "bad address": Fault(
        "wxb@huangshi.example",
        "wxb.huangshi.example",
        "wxb.huangshi",
        "units[1].addresses[0]",
        "address",
        {"address": "wxb.huangshi.example"},
    ),
    "address with a header": Fault(
        '"intake@anli.example"',
        '"intake@anli.example\\nBcc: all@anli.example"',
        "sender =",
        "mail.sender",
        "address-line-break",
        {"address": "intake@anli.example\N{REPLACEMENT CHARACTER}Bcc: all@anli.example"},
    ),
    "two addresses in one": Fault(
        '"wxb@huangshi.example"',
        '"a@huangshi.example, b@huangshi.example"',
        "a@huangshi",
        "units[1].addresses[0]",
        "address-several",
        {},
    ),
    "address with a name": Fault(
        '"wxb@huangshi.example"', '"黄石 <a@h.example>"', "a@h.", "units[1].addresses[0]", "address-named", {}
    ),
    "local part beyond ASCII": Fault(
        '"wxb@huangshi.example"',
        '"网信办@huangshi.example"',
        "网信办@",
        "units[1].addresses[0]",
        "address-local",
        {"address": "网信办@huangshi.example"},
    ),
    "domain beyond ASCII": Fault(
        '"wxb@huangshi.example"',
        '"wxb@黄石.example"',
        "wxb@黄石",
        "units[1].addresses[0]",
        "address-domain",
        {"domain": "黄石.example", "ascii": "xn--y7yz14f.example"},
    ),
    "capital domain": Fault('"anli.example"', '"Anli.example"', "message_id", "mail.message_id_domain", "domain", {}),
    "selector of two labels": Fault(
        'clause = "六.5"\n\n# `account`',
        'clause = "六.5"\n[mail.dkim]\ndomain = "anli.example"\nselector = "a.b"\n# `account`',
        "selector =",
        "mail.dkim.selector",
        "not-a-name",
        {},
    ),
    "key without a selector": Fault(
        'clause = "六.5"\n\n# `account`',
        'clause = "六.5"\n[mail.dkim]\ndomain = "anli.example"\n# `account`',
        "[mail.dkim]",
        "mail.dkim.selector",
        "key-missing",
        {},
    ),
    "return path too long": Fault(
        'reply_to = "',
        f'bounces = "{"b" * 32}@anli.example"\nreply_to = "',
        "bounces =",
        "mail.bounces",
        "bounces-too-long",
        {"longest": 31},
    ),
    "bad domain": Fault('"anli.example"', '"anli example"', "message_id", "mail.message_id_domain", "domain", {}),
    "no address": Fault('["wxb@huangshi.example"]', "[]", "addresses = []", "units[1].addresses", "empty-list", {}),
    "text for a day": Fault(
        "opens = 2024-07-01", 'opens = "2024-07-01"', 'opens = "', "phases.two.opens", "not-a-day", {}
    ),
    "time for a last day": Fault(
        "last_day = 2024-09-30",
        "last_day = 2024-09-30T12:00:00",
        "last_day = 2024-09-30T",
        "phases.two.last_day",
        "not-a-day",
        {},
    ),
    "offset": Fault(
        "opens = 2024-07-01",
        "opens = 2024-07-01T00:00:00Z",
        "opens = 2024-07-01T",
        "phases.two.opens",
        "not-a-local-time",
        {},
    ),
    "last of days": Fault(
        "last_day = 2025-12-31",
        "last_day = 9999-12-31",
        "last_day = 9999",
        "windows.disqualify.last_day",
        "year-range",
        {"first": 2000, "last": 2100},
    ),
    "deadline of a kind": Fault(
        'kind = "announce"',
        'kind = "shout"',
        'kind = "shout"',
        "deadlines[0].kind",
        "not-one-of",
        {},
    ),
    "deadline on a day": Fault(
        "due = 2024-07-31T09:00:00",
        "due = 2024-07-31",
        "due = 2024-07-31\n",
        "deadlines[9].due",
        "not-a-local-time",
        {},
    ),
    "text for an hour": Fault(
        "time = 09:00:00", 'time = "nine"', 'time = "nine"', "deadlines[0].time", "not-a-time", {}
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault(case: str) -> None:
    check(FAULTS[case])
