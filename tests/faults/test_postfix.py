"""A real Postfix: letters under STARTTLS into Maildirs, and the bounce that it writes, read by the program."""

import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.builders.campaigns import problems, wide_edition
from tests.faults.postfix import Postfix, open_postfix
from tests.faults.program import Program
from workflow.edition import parse
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign, found
from workflow.engine.correspondence import Remarks, recipient_of
from workflow.settings import Settings

WUHAN, HUANGSHI, BOUNCES = "wxb@wuhan.example", "wxb@huangshi.example", "bounces@anli.example"
MAILBOXES = [WUHAN, BOUNCES, "intake@anli.example", "office@huangshi.example"]
"""Of Huangshi only the office: its letters come back."""

pytestmark = pytest.mark.debian


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    with open_postfix(MAILBOXES) as running:
        yield running


@pytest.fixture(params=[f'bounces = "{BOUNCES}"\n', ""], ids=["return path of its own", "the sender's"])
def campaign(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """No rehearsal: a letter for each of the two, under a rule book that says where letters come back to, or not."""
    source = wide_edition().source.replace(b'reply_to = "', f'{request.param}reply_to = "'.encode(), 1)
    settings = Settings(database_url, f"maildir:{tmp_path / 'mail'}", "en", None, tmp_path / "originals")
    campaign = found(settings, parse(source, "wide.toml"), rehearsal=False)
    remind(campaign)
    yield campaign
    campaign.engine.dispose()


@pytest.fixture
def program(nursery: "subprocess.Popen[str]", database_url: str, tmp_path: Path, postfix: Postfix) -> Program:
    """The program by the machine's own clock, its letters going to Postfix."""
    program = Program(nursery, tmp_path, ["--db", database_url])
    program.settings |= {"ANLI_ORIGINALS": str(tmp_path / "originals"), "ANLI_MAIL": postfix.address}
    return program


def remind(campaign: Campaign) -> None:
    """Queue a letter to each of the two."""
    with campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, "remind")
        for name in ("武汉市", "黄石市"):
            recipient = recipient_of(campaign.edition, name)
            assert recipient is not None
            batch.letters.write(recipient, "remind", Remarks("请按时推荐。"))
        batch.close(moved=0)


def test_a_letter_that_a_real_server_returns_is_known_by_its_report(
    campaign: Campaign, program: Program, postfix: Postfix
) -> None:
    program.settings["SSL_CERT_FILE"] = str(postfix.vouching)
    sent = program.run("mail", "send", "--json").answer()
    assert {letter["to"]: letter["state"] for letter in sent} == {WUHAN: "sent", HUANGSHI: "sent"}
    returned_to = campaign.edition.mail.bounces or campaign.edition.mail.sender
    (file,) = postfix.wait_for(returned_to, 1)
    (arrived,) = (message_from_bytes(each.read_bytes()) for each in postfix.wait_for(WUHAN, 1))
    local, _, host = returned_to.partition("@")
    own = f"{local}+{arrived['Message-ID'][1:33]}@{host}"
    assert arrived["Return-Path"] == f"<{own if campaign.edition.mail.bounces else returned_to}>"
    assert "intake@anli.example" in arrived["From"]
    assert "with ESMTPS" in arrived["Received"]
    (letter,) = (letter for letter in sent if letter["to"] == HUANGSHI)
    bounced = program.run("mail", "bounces", str(postfix.maildir(returned_to)), "--json")
    assert bounced.status == 0
    assert bounced.answer() == [
        {
            "file": file.name,
            "letter": letter["id"],
            "to": HUANGSHI,
            "state": "bounced",
            "status": "5.1.1",
            "words": f'unknown user: "{HUANGSHI}"',
            "outcome": "bounced",
        }
    ]
    again = program.run("mail", "bounces", str(postfix.maildir(returned_to)), "--json").answer()
    assert [report["outcome"] for report in again] == ["repeated"]
    remind(campaign)
    queued = program.run("mail", "list", "--state", "queued", "--json").answer()
    assert {each["to"]: each["bounced"] and each["bounced"]["letter"] for each in queued} == {
        WUHAN: None,
        HUANGSHI: letter["id"],
    }
    assert problems(campaign) == []


def test_a_server_that_nobody_vouches_for_gets_nothing(program: Program, campaign: Campaign) -> None:
    waiting = program.run("mail", "send", "--json").answer()
    assert {letter["state"] for letter in waiting} == {"queued"}
    assert any("certificate" in letter["answer"].lower() for letter in waiting)
    assert problems(campaign) == []
