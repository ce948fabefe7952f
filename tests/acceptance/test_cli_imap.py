"""``anli intake imap://…`` on Debian's Dovecot: the same cases as from files, each mail once, and nothing changed."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from imapclient.imap_utf7 import encode

from tests.acceptance.program import MAILBOX, Program
from tests.builders.certificate import make_certificate
from tests.builders.dovecot import PASSWORD, Dovecot, dovecot
from workflow.intake.mail import read_mail

NOT_LOOPBACK = "127.0.0.2"
FOLDER, FOLDER_IN_ADDRESS = "案例 2024", "/%E6%A1%88%E4%BE%8B%202024"

pytestmark = pytest.mark.debian


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def anli(tmp_path: Path, database_url: str) -> Program:
    return clerk(tmp_path, database_url)


def clerk(folder: Path, database_url: str, **environment: str) -> Program:
    anli = Program(folder, database_url, language="en")
    anli.environment |= {"ANLI_IMAP_PASSWORD": PASSWORD, **environment}
    assert anli("init", "--rehearsal").status == 0
    return anli


def received(raw: bytes) -> datetime:
    mail = read_mail(raw)
    assert mail.received_at is not None
    return mail.received_at


def deliver(server: Dovecot, *names: str, folder: str = "") -> None:
    """Let the sample mails arrive at the time that they say."""
    for name in names:
        raw = (MAILBOX / name).read_bytes()
        server.deliver(name.removesuffix(".eml"), raw, received(raw), folder)


def samples() -> list[str]:
    return sorted(path.name for path in MAILBOX.glob("*.eml"))


def statuses(answer: dict[str, Any]) -> list[str]:
    return [mail["status"] for mail in answer["submissions"]]


def fetched(server: Dovecot) -> int:
    """How many whole mails Dovecot says it handed out, in all."""
    return sum(map(int, re.findall(r"body_count=(\d+)", server.log())))


def comparable(anli: Program, answer: dict[str, Any]) -> Any:
    """What came of the mails, without what tells where they lay, or that a server vouches for the time."""
    taken = [
        {
            **mail,
            "file": "",
            "reasons": mine(mail),
            "forms": [{**form, "reasons": mine(form)} for form in mail["forms"]],
        }
        for mail in answer["submissions"]
    ]
    keys = ("message_id", "unit", "sender", "subject", "received_at", "status")
    listed = [[mail[key] for key in keys] for mail in anli.json("submissions")]
    cases = [{**case, "received_proven": None} for case in anli.json("cases")]
    return taken, cases, listed


def mine(judged: dict[str, Any]) -> list[Any]:
    return [each for each in judged["reasons"] if each["code"] != "received-time-unproven"]


def test_the_same_cases_come_of_a_mailbox_as_of_files(server: Dovecot, anli: Program, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    by_file = clerk(tmp_path / "files", f"sqlite:///{tmp_path / 'files' / 'anli.db'}")
    answer = by_file.json("intake", MAILBOX)
    deliver(server, *samples())
    by_server = anli.json("intake", server.address())
    assert comparable(anli, by_server) == comparable(by_file, answer)
    names = [mail["file"] for mail in by_server["submissions"]]
    assert [re.sub(r"UIDVALIDITY=\d+", "UIDVALIDITY=N", name) for name in names] == [
        f"imap://organiser%40anli.example@127.0.0.1:{server.port}/INBOX;UIDVALIDITY=N/;UID={uid}"
        for uid in range(1, len(names) + 1)
    ]
    codes = {reason["code"] for mail in by_server["submissions"] for reason in mail["reasons"]}
    assert "received-time-unproven" not in codes
    assert {case["received_proven"] for case in anli.json("cases")} == {True}
    assert "ID sent: name=anli, version=" in server.log()
    assert server.mails() == {name.removesuffix(".eml"): "" for name in samples()}
    assert anli.json("audit", "verify")["ok"] is True
    told = [event["fetched"]["uid"] for event in anli.json("audit", "log", "--kind", "intake")]
    assert told == list(range(1, len(names) + 1))


def test_only_new_mails_are_fetched_until_the_mailbox_is_numbered_anew(server: Dovecot, anli: Program) -> None:
    first, *others = samples()[:4]
    deliver(server, first)
    assert statuses(anli.json("intake", server.address())) == ["taken"]
    deliver(server, *others)
    assert len(statuses(anli.json("intake", server.address()))) == 3
    assert anli.json("intake", server.address()) == {"submissions": []}
    assert fetched(server) == 4
    server.renumber()
    assert statuses(anli.json("intake", server.address())) == ["duplicate"] * 4
    assert anli.json("intake", server.address()) == {"submissions": []}
    assert server.mails() == {name.removesuffix(".eml"): "" for name in samples()[:4]}
    assert anli.json("audit", "verify")["ok"] is True


def test_a_mailbox_beside_files_and_a_folder_by_its_chinese_name(server: Dovecot, anli: Program) -> None:
    deliver(server, "05-news-site.eml", folder=f".{encode(FOLDER).decode()}")
    address = server.address(folder=FOLDER_IN_ADDRESS)
    answer = anli.json("intake", MAILBOX / "01-xiaogan.eml", address, MAILBOX / "05-news-site.eml")
    assert statuses(answer) == ["taken", "taken", "duplicate"]
    assert answer["submissions"][1]["file"].startswith(f"{address};UIDVALIDITY=")
    missing = anli("intake", server.address(folder="/nowhere"))
    assert (missing.status, "nowhere" in missing.err, missing.out) == (1, True, "")


def test_a_mail_that_arrived_too_late_by_the_server_s_clock(server: Dovecot, anli: Program) -> None:
    raw = (MAILBOX / "05-news-site.eml").read_bytes()
    early, late = received(raw), parsedate_to_datetime("Mon, 01 Jul 2024 00:00:00 +0800")
    assert early < late - timedelta(hours=1)
    server.deliver("late", raw, late)
    (mail,) = anli.json("intake", server.address())["submissions"]
    assert mail["received_at"] == "2024-06-30T16:00:00Z"
    assert all("received-late" in {reason["code"] for reason in form["reasons"]} for form in mail["forms"])


def test_a_mail_set_aside_is_settled_by_the_name_it_was_shown_with(server: Dovecot, anli: Program) -> None:
    deliver(server, "11-unknown-sender.eml")
    (mail,) = anli.json("intake", server.address())["submissions"]
    assert mail["status"] == "set-aside"
    (settled,) = anli.json("intake", mail["file"], "--unit", "武汉市")["submissions"]
    assert (settled["status"], settled["unit"], settled["file"]) == ("taken", "武汉市", mail["file"])
    assert anli.json("audit", "verify")["ok"] is True


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[Dovecot, Path]]:
    """A server that is not on loopback, and the file that vouches for it."""
    shown, vouching = make_certificate(tmp_path, NOT_LOOPBACK)
    with dovecot(NOT_LOOPBACK, shown) as running:
        yield running, vouching


@pytest.mark.parametrize("scheme", ["imap", "imaps"])
def test_what_travels_is_encrypted_under_a_certificate_that_is_vouched_for(
    encrypted: tuple[Dovecot, Path], tmp_path: Path, scheme: str
) -> None:
    server, vouching = encrypted
    deliver(server, "05-news-site.eml")
    anli = clerk(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}")
    stranger = anli("intake", server.address(scheme))
    assert stranger.status == 1
    assert "certificate" in stranger.err
    assert "user=<organiser@" not in server.log()
    assert statuses(anli.json("intake", server.address(scheme), SSL_CERT_FILE=str(vouching))) == ["taken"]
    assert "TLS" in next(line for line in server.log().splitlines() if "Login: user=<organiser@" in line)


WORDS: list[tuple[int, str, Callable[[str], str]]] = [
    (2, "for all to see", lambda address: address.replace("@127", f":{PASSWORD}@127")),
    (2, "is no mailbox's address", lambda address: address.replace("organiser%40anli.example@", "")),
    (1, "cannot be reached", lambda address: re.sub(r":\d+$", ":1", address)),
]


@pytest.mark.parametrize(("status", "said", "change"), WORDS)
def test_a_mailbox_that_cannot_be_used_is_told_in_a_sentence(
    server: Dovecot, tmp_path: Path, status: int, said: str, change: Callable[[str], str]
) -> None:
    anli = clerk(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}", COLUMNS="400")
    ended = anli("intake", change(server.address()))
    assert (ended.status, ended.out) == (status, "")
    assert said in ended.err
    assert PASSWORD not in ended.err
    assert "user=<organiser@" not in server.log()


def test_the_password_comes_from_a_file_or_the_environment(server: Dovecot, tmp_path: Path) -> None:
    anli = clerk(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}", COLUMNS="400")
    deliver(server, "05-news-site.eml")
    assert anli("intake", server.address(), ANLI_IMAP_PASSWORD="").status == 2
    wrong = anli("intake", server.address(), ANLI_IMAP_PASSWORD="another")  # noqa: S106
    assert (wrong.status, "Authentication failed" in wrong.err) == (1, True)
    file = tmp_path / "password"
    assert anli("intake", server.address(), ANLI_IMAP_PASSWORD_FILE=str(file)).status == 1
    file.write_text(f"{PASSWORD}\n", "utf-8")
    named = {"ANLI_IMAP_PASSWORD": "another", "ANLI_IMAP_PASSWORD_FILE": str(file)}
    assert statuses(anli.json("intake", server.address(), status=0, **named)) == ["taken"]
