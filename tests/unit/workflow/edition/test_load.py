"""A rule book that cannot be used is refused with its file, line, key and problem."""

from pathlib import Path

import pytest

from workflow.edition import built_in, find, parse
from workflow.errors import EditionInvalid, EditionUnknown

BUILT_IN = find("hubei-2024").source.decode()
NEXT_YEAR = Path(__file__).with_name("example-2025.toml").read_text(encoding="utf-8")


def refusal(source: str | bytes) -> EditionInvalid:
    with pytest.raises(EditionInvalid) as caught:
        parse(source.encode() if isinstance(source, str) else source, "rules.toml")
    assert set(caught.value.values) == {"file", "line", "key", "problem_code", "problem_values"}
    assert caught.value.values["file"] == "rules.toml"
    known = (bool(caught.value.values["line"]), bool(caught.value.values["key"]))
    assert (
        caught.value.code
        == {
            (True, True): "error.edition-invalid",
            (True, False): "error.edition-invalid-line",
            (False, False): "error.edition-invalid-file",
        }[known]
    )
    return caught.value


def edited(old: str, new: str, source: str = BUILT_IN) -> str:
    assert source.count(old) >= 1, old
    return source.replace(old, new, 1)


def line_of(text: str, source: str) -> int:
    return source[: source.index(text)].count("\n") + 1


# what stands in the file, what is put there, the line at which the fault shows, its key, its problem, some values
FAULTS: dict[str, tuple[str, str, str, str, str, dict[str, object]]] = {
    "syntax": ("year = 2024", "year = = 2024", "year =", "", "not-toml", {"detail": "Invalid value"}),
    "key twice": ("year = 2024", "year = 2024\nyear = 2024", "year = 2024\ncase", "", "not-toml", {}),
    "no such day": ("opens = 2024-07-01", "opens = 2024-06-31", "opens = 2024-06-31", "", "not-toml", {}),
    "missing at the top": ("year = 2024\n", "", "#", "year", "key-missing", {}),
    "missing table": ('[selection]\ncapacity = 50\nclause = "四 第二阶段"\n', "", "#", "selection", "key-missing", {}),
    "missing in a table": (
        'clause = "附件1"\n',
        "",
        "[kinds.prefecture]",
        "kinds.prefecture.clause",
        "key-missing",
        {},
    ),
    "missing in an entry": (
        'kind = "prefecture"\nquota = 5\n\n[[units]]\nname = "十堰市"',
        'quota = 5\n\n[[units]]\nname = "十堰市"',
        '[[units]]\nname = "黄石市"',
        "units[1].kind",
        "key-missing",
        {},
    ),
    "missing quota": (
        "quota = 8\n",
        "",
        '[[units]]\nname = "武汉市"',
        "units[0].quota",
        "key-missing",
        {"kind": "prefecture"},
    ),
    "misspelt key": ("capacity = 50", "capasity = 50", "capasity", "selection.capasity", "key-unknown", {}),
    "one key too many": (
        "capacity = 50",
        "capacity = 50\nreserve = 5",
        "reserve",
        "selection.reserve",
        "key-unknown",
        {},
    ),
    "key with an escape": (
        "capacity = 50",
        '"a\\u001b[2Jb" = 50',
        '"a\\u001b',
        'selection."a\\u001b[2Jb"',
        "key-unknown",
        {},
    ),
    "unknown table": ("[selection]", "[extra]\n[selection]", "[extra]", "extra", "key-unknown", {}),
    "text for a number": ("capacity = 50", 'capacity = "50"', "capacity", "selection.capacity", "not-a-number", {}),
    "truth for a number": ("capacity = 50", "capacity = true", "capacity", "selection.capacity", "not-a-number", {}),
    "part of a number": ("capacity = 50", "capacity = 50.0", "capacity", "selection.capacity", "not-a-number", {}),
    "too small": ("capacity = 50", "capacity = 0", "capacity", "selection.capacity", "too-small", {"ge": 1}),
    "too great": ("capacity = 50", "capacity = 9999999", "capacity", "selection.capacity", "too-great", {}),
    "beyond numbers": ("capacity = 50", "capacity = " + "9" * 99, "capacity", "selection.capacity", "too-great", {}),
    "number for text": ('theme = "', 'theme = 1 # "', "theme", "theme", "not-text", {}),
    "text for a list": (
        'guided_by = ["省委宣传部（省文明办）"]',
        'guided_by = "x"',
        "guided_by",
        "organisation.guided_by",
        "not-a-list",
        {},
    ),
    "number in a list": ('run_by = ["', 'run_by = [\n 7,\n "', " 7,", "organisation.run_by[0]", "not-text", {}),
    "misspelt table": ("[selection]", "[selectio]", "[selectio]", "selectio", "key-unknown", {}),
    "text for a table": (
        '[limits.summary]\ncharacters = 200\nclause = "附件4"\n',
        '[limits]\nsummary = "short"\n',
        "summary =",
        "limits.summary",
        "not-a-table",
        {},
    ),
    "list for a table": ("[selection]", "[[selection]]", "[[selection]]", "selection", "not-a-table", {}),
    "table for a list": (
        "hosted_by = [",
        "hosted_by = {} # [",
        "hosted_by",
        "organisation.hosted_by",
        "not-a-list",
        {},
    ),
    "two lines": ('title = "', 'title = "a\\n', "title", "title", "not-one-line", {}),
    "blank": ('enquiries = "', 'enquiries = " ', "enquiries", "mail.enquiries", "not-one-line", {}),
    "empty passage": (
        '"附件2.1"',
        '"附件2.1"\n[[topics]]\nnumber = 21\nclause = "x"\ntext = " "',
        'text = " "',
        "topics[0].text",
        "not-text",
        {},
    ),
    "capital in a name": (
        'name = "hubei-2024"',
        'name = "Hubei"',
        'name = "',
        "name",
        "not-a-name",
        {"value": "Hubei"},
    ),
    "role": (
        'role = "clock"',
        'role = "king"',
        'role = "king"',
        "staff[2].role",
        "not-one-of",
        {"value": "king", "known": ["organiser", "auditor", "clock"]},
    ),
    "bad address": (
        "wxb@huangshi.example",
        "wxb.huangshi.example",
        "wxb.huangshi",
        "units[1].addresses[0]",
        "address",
        {"address": "wxb.huangshi.example"},
    ),
    "address with a header": (
        '"intake@anli.example"',
        '"intake@anli.example\\nBcc: all@anli.example"',
        "sender =",
        "mail.sender",
        "address",
        {"address": "intake@anli.example\N{REPLACEMENT CHARACTER}Bcc: all@anli.example"},
    ),
    "bad domain": ('"anli.example"', '"anli example"', "message_id", "mail.message_id_domain", "domain", {}),
    "no address": ('["wxb@huangshi.example"]', "[]", "addresses = []", "units[1].addresses", "empty-list", {}),
    "unit twice": (
        'name = "十堰市"',
        'name = "黄石市"',
        'name = "黄石市"\nname_en = "Shiyan"',
        "units[2].name",
        "unit-twice",
        {"unit": "黄石市"},
    ),
    "address twice": (
        "wxb@shiyan.example",
        "WXB@huangshi.example",
        "WXB@",
        "units[2].addresses[0]",
        "address-twice",
        {"address": "WXB@huangshi.example", "unit": "黄石市"},
    ),
    "quota sum": (
        "quota = 8",
        "quota = 7",
        "quota_total = 81",
        "kinds.prefecture.quota_total",
        "quota-sum",
        {"kind": "prefecture", "sum": 80, "total": 81},
    ),
    "quota where each has the same": (
        'kind = "provincial"\n',
        'kind = "provincial"\nquota = 4\n',
        'quota = 4\n\n[[units]]\nname = "湖北省文化',
        "units[17].quota",
        "quota-not-wanted",
        {},
    ),
    "unknown kind": (
        'kind = "news-site"',
        'kind = "radio"',
        'kind = "radio"',
        "units[34].kind",
        "kind-unknown",
        {"kind": "radio"},
    ),
    "kind without quota": ("quota_each = 3\n", "", "[kinds.provincial]", "kinds.provincial", "quota-each-or-total", {}),
    "unknown zone": ("Asia/Shanghai", "Asia/Wuhan", "zone =", "zone", "zone-unknown", {"zone": "Asia/Wuhan"}),
    "zone as path": ("Asia/Shanghai", "../../etc/passwd", "zone =", "zone", "zone-unknown", {}),
    "zone as folder": ("Asia/Shanghai", "Asia", "zone =", "zone", "zone-unknown", {}),
    "phase closes first": (
        "last_day = 2024-06-30",
        "last_day = 2024-05-01",
        "[phases.one]",
        "phases.one",
        "closes-before-it-opens",
        {"opens": "2024-05-28T00:00:00+08:00", "closes": "2024-05-02T00:00:00+08:00"},
    ),
    "window closes first": (
        "last_day = 2025-12-31",
        "last_day = 2024-05-27",
        "[windows.disqualify]",
        "windows.disqualify",
        "closes-before-it-opens",
        {},
    ),
    "phases out of order": (
        'phases = ["two", "three"]',
        'phases = ["three", "one"]',
        "[windows.lapse]",
        "windows.lapse",
        "closes-before-it-opens",
        {},
    ),
    "phase without end": ("last_day = 2024-06-30", "", "[phases.one]", "phases.one.last_day", "key-missing", {}),
    "phase with two ends": (
        "last_day = 2024-06-30",
        "last_day = 2024-06-30\ncloses = 2024-06-30T18:00:00",
        "closes =",
        "phases.one.closes",
        "two-ends",
        {},
    ),
    "phase named as a trigger": (
        "[phases.three]",
        "[phases.select]",
        "[phases.select]",
        "phases.select",
        "phase-name-taken",
        {},
    ),
    "unknown phase": (
        'phase = "three"',
        'phase = "four"',
        'phase = "four"',
        "windows.archive.phase",
        "phase-unknown",
        {"phase": "four", "known": ["one", "two", "three"]},
    ),
    "unknown phase among several": (
        'phases = ["two", "three"]',
        'phases = ["two", "four"]',
        'phases = ["two", "four"]',
        "windows.lapse.phases",
        "phase-unknown",
        {"phase": "four"},
    ),
    "no phase": ('phases = ["two", "three"]', "phases = []", "phases = []", "windows.lapse.phases", "empty-list", {}),
    "phase and phases": (
        'phase = "three"',
        'phase = "three"\nphases = ["one"]',
        'phases = ["one"]',
        "windows.archive.phases",
        "two-frames",
        {"first": "phase", "second": "phases"},
    ),
    "window of nothing": ('phase = "three"\n', "", "[windows.archive]", "windows.archive.opens", "key-missing", {}),
    "window like itself": (
        'same_as = "recommend"',
        'same_as = "return"',
        'same_as = "return"',
        "windows.return.same_as",
        "window-unknown",
        {"window": "return"},
    ),
    "trigger without window": (
        '[windows.archive]\nphase = "three"\nclause = "四 第三阶段"\n',
        "",
        "[windows.recommend]",
        "windows.archive",
        "window-missing",
        {"trigger": "archive"},
    ),
    "window without trigger": (
        "[windows.archive]",
        "[windows.praise]",
        "[windows.praise]",
        "windows.praise",
        "trigger-unknown",
        {"trigger": "praise"},
    ),
    "text for a day": ("opens = 2024-07-01", 'opens = "2024-07-01"', 'opens = "', "phases.two.opens", "not-a-day", {}),
    "time for a last day": (
        "last_day = 2024-09-30",
        "last_day = 2024-09-30T12:00:00",
        "last_day = 2024-09-30T",
        "phases.two.last_day",
        "not-a-day",
        {},
    ),
    "offset": (
        "opens = 2024-07-01",
        "opens = 2024-07-01T00:00:00Z",
        "opens = 2024-07-01T",
        "phases.two.opens",
        "not-a-local-time",
        {},
    ),
    "last of days": (
        "last_day = 2025-12-31",
        "last_day = 9999-12-31",
        "last_day = 9999",
        "windows.disqualify.last_day",
        "year-range",
        {"first": 2000, "last": 2100},
    ),
    "no time to recommend": (
        "last_day = 2024-07-15",
        "last_day = 2024-06-29",
        "[windows.recommend]",
        "windows.recommend",
        "recommend-too-short",
        {"until": "2024-07-01T00:00:00+08:00"},
    ),
    "category twice": (
        'number = 2\nname = "网络文化',
        'number = 1\nname = "网络文化',
        'number = 1\nname = "网络文化',
        "categories[1].number",
        "number-twice",
        {"number": 1},
    ),
    "account twice": (
        'account = "clock"',
        'account = "auditor"',
        'account = "auditor"\nrole = "clock"',
        "staff[2].account",
        "account-twice",
        {"account": "auditor"},
    ),
    "implementation": (
        "first_day = 2021-01-01",
        "first_day = 2024-06-01",
        "[implementation]",
        "implementation",
        "closes-before-it-opens",
        {},
    ),
    "deadline twice": (
        'name = "six-days-left"',
        'name = "two-days-left"',
        'name = "two-days-left"\nkind = "remind"\nclose_of = "received"\ndays_before_last_day = 2',
        "deadlines[3].name",
        "deadline-twice",
        {},
    ),
    "deadline of a kind": (
        'kind = "announce"',
        'kind = "shout"',
        'kind = "shout"',
        "deadlines[0].kind",
        "not-one-of",
        {},
    ),
    "deadline without moment": (
        "due = 2024-07-31T09:00:00\n",
        "",
        '[[deadlines]]\nname = "prechecks-pending"',
        "deadlines[9]",
        "deadline-needs-one-moment",
        {},
    ),
    "deadline on a day": (
        "due = 2024-07-31T09:00:00",
        "due = 2024-07-31",
        "due = 2024-07-31\n",
        "deadlines[9].due",
        "not-a-local-time",
        {},
    ),
    "deadline of two moments": (
        'close_of = "two"',
        'close_of = "two"\nopening_of = "two"',
        '[[deadlines]]\nname = "selection-closed"',
        "deadlines[14]",
        "deadline-needs-one-moment",
        {},
    ),
    "deadline of an unknown span": (
        'close_of = "two"',
        'close_of = "ten"',
        'close_of = "ten"',
        "deadlines[14].close_of",
        "span-unknown",
        {"span": "ten"},
    ),
    "days without hour": (
        "days_before_last_day = 13\ntime = 09:00:00",
        "days_before_last_day = 13",
        "days_before_last_day = 13",
        "deadlines[1].days_before_last_day",
        "days-need-close-and-time",
        {},
    ),
    "hour without day": (
        "days_before_last_day = 13\n",
        "",
        'time = 09:00:00\ntext = "deadline.thirteen',
        "deadlines[1].time",
        "time-not-wanted",
        {},
    ),
    "hour of a moment": (
        "due = 2024-07-31T09:00:00",
        "due = 2024-07-31T09:00:00\ntime = 10:00:00",
        "time = 10",
        "deadlines[9].time",
        "time-not-wanted",
        {},
    ),
    "text for an hour": ("time = 09:00:00", 'time = "nine"', 'time = "nine"', "deadlines[0].time", "not-a-time", {}),
    "advance of nothing": (
        'trigger = "lapse"\n',
        "",
        '[[deadlines]]\nname = "drafts-lapse"',
        "deadlines[8].trigger",
        "key-missing",
        {},
    ),
    "advance of an unknown": (
        'trigger = "lapse"',
        'trigger = "nap"',
        'trigger = "nap"',
        "deadlines[8].trigger",
        "trigger-unknown",
        {"trigger": "nap"},
    ),
    "advance outside its window": (
        'trigger = "lapse"',
        'trigger = "archive"',
        '[[deadlines]]\nname = "drafts-lapse"',
        "deadlines[8]",
        "deadline-outside-window",
        {"deadline": "drafts-lapse", "trigger": "archive"},
    ),
    "trigger of a letter": (
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
    old, new, at, key, code, values = FAULTS[case]
    source = edited(old, new)
    error = refusal(source)
    assert error.values["problem_code"] == f"edition.{code}"
    assert error.values["key"] == key
    assert error.values["line"] == line_of(at, source)
    given = error.values["problem_values"]
    assert isinstance(given, dict)
    assert {name: given[name] for name in values} == values


@pytest.mark.parametrize("name", built_in())
def test_one_place_less_is_noticed_for_each_unit(name: str) -> None:
    for unit, entry in find(name).units.items():
        if "quota = " in (written := BUILT_IN[BUILT_IN.index(f'name = "{unit}"') :].split("\n\n")[0]):
            source = edited(written, written.replace(f"quota = {entry.quota}", f"quota = {entry.quota - 1}"))
            assert refusal(source).values["problem_values"] == {"kind": "prefecture", "sum": 80, "total": 81}


def test_the_first_of_several_faults_is_named() -> None:
    source = edited("capacity = 50", "capacity = 0", edited("year = 2024", "year = 1"))
    assert refusal(source).values["key"] == "year"


def test_a_fault_in_an_inline_table() -> None:
    source = edited("archive = { opens = 2025-07-01, last", "archive = { opns = 2025-07-01, last", NEXT_YEAR)
    error = refusal(source)
    assert (error.values["line"], error.values["key"]) == (line_of("archive =", source), "windows.archive.opns")


def test_not_utf_8() -> None:
    source = BUILT_IN.encode("gb18030")
    error = refusal(source)
    assert error.values["problem_code"] == "edition.not-utf-8"
    assert error.values["line"] == 1
    assert refusal(b"a = 1\nb = '\xb0\xa1'\n").values["line"] == 2
    assert refusal(BUILT_IN.encode("utf-16")).values["problem_code"] == "edition.not-utf-8"


def test_a_byte_order_mark_and_carriage_returns_are_read_and_hashed_as_they_are() -> None:
    marked = b"\xef\xbb\xbf" + BUILT_IN.replace("\n", "\r\n").encode()
    edition = parse(marked, "rules.toml")
    assert edition.source == marked
    assert edition.sha256 != find("hubei-2024").sha256
    assert edition.units == find("hubei-2024").units
    source = edited("capacity = 50", "capacity = 0").replace("\n", "\r\n")
    assert refusal(source).values["line"] == line_of("capacity", source)


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ("", 1, "key-missing"),
        ("a = [", 1, "not-toml"),
        ("x = 1\n\na = '''\n\n", 3, "not-toml"),
        ("a = " + "[" * 100_000, 0, "not-toml"),
        ("a = " + "9" * 5000, 0, "not-toml"),
        (".".join("a" * 5000) + " = 1", 1, "key-unknown"),
        ("#" * 1_000_001, 0, "too-large"),
        ("a = 1\x00", 1, "not-toml"),
    ],
)
def test_what_is_no_rule_book_at_all(source: str, line: int, code: str) -> None:
    error = refusal(source)
    assert (error.values["line"], error.values["problem_code"]) == (line, f"edition.{code}")


def test_built_in() -> None:
    assert built_in() == ["hubei-2024"]


@pytest.mark.parametrize("name", ["hubei-2023", "", "no/such/file.toml", "../edition/hubei-2024.tml", "a\x00b"])
def test_unknown(name: str) -> None:
    with pytest.raises(EditionUnknown) as caught:
        find(name)
    assert caught.value.values == {"name": name, "known": "hubei-2024"}


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(BUILT_IN, encoding="utf-8")
    assert find(str(file)).sha256 == find("hubei-2024").sha256
    file.write_text(edited("capacity = 50", "capacity = 0"), encoding="utf-8")
    with pytest.raises(EditionInvalid) as caught:
        find(str(file))
    assert caught.value.values["file"] == str(file)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EditionInvalid) as caught:
        find(str(tmp_path))
    assert caught.value.values["problem_code"] == "edition.unreadable"
