"""Letters as the command line shows, checks and signs them."""

from pathlib import Path

import dkim
import pytest
from lxml import html

from tests.acceptance.program import MAILBOX, Program
from tests.builders.inbox import open_letter, read_body
from tests.builders.keys import name_server, write_key
from workflow.edition import find

SOURCE = find("hubei-2024").source.decode()
OWN = '''[mail.templates.zh]
receipt = """
{% block next %}
请加入工作群，于{{ received_until }}前补正。
{% endblock %}"""

'''
SIGNED = '[mail.dkim]\ndomain = "anli.example"\nselector = "s2024"\n\n'


def rule_book(folder: Path, *tables: str) -> Path:
    file = folder / "rules.toml"
    file.write_text(SOURCE.replace("[[staff]]", "".join(tables) + "[[staff]]", 1), encoding="utf-8")
    return file


@pytest.fixture
def anli(tmp_path: Path) -> Program:
    return Program(tmp_path, "sqlite:///anli.db", language="en")


def take_one_in(anli: Program, *edition: str | Path, **environment: str) -> None:
    anli.json("init", "--rehearsal", *edition)
    anli.json("intake", MAILBOX / "01-xiaogan.eml", status=0, **environment)


def test_a_preview_shows_text_html_and_the_headers_as_they_go(anli: Program, tmp_path: Path) -> None:
    take_one_in(anli)
    page = tmp_path / "letter.html"
    shown = anli("mail", "preview", "1", "--html", page)
    letter = anli.json("mail", "preview", "1")
    head = letter["message"].partition("\r\n\r\n")[0].replace("\r\n", "\n")
    assert letter["head"] == head
    assert letter["body"] in shown.out
    assert shown.out.rstrip().endswith(head)
    root = html.fromstring(page.read_bytes())
    assert root.xpath("string((//table/tbody/tr/td)[1])") == "2024-0001"
    assert page.read_text("utf-8") == letter["html"]


def test_a_preview_overwrites_nothing_else(anli: Program, tmp_path: Path) -> None:
    take_one_in(anli)
    page = tmp_path / "letter.html"
    page.write_text("mine", encoding="utf-8")
    refused = anli("mail", "preview", "1", "--html", page)
    assert refused.status == 1
    assert "letter.html is there already" in refused.err
    assert page.read_text("utf-8") == "mine"
    page.unlink()
    assert anli("mail", "preview", "1", "--html", page).status == 0
    assert anli("mail", "preview", "1", "--html", page).status == 0
    lost = anli("mail", "preview", "1", "--html", tmp_path / "nowhere" / "letter.html")
    assert (lost.status, lost.out) == (1, "")


def test_a_rule_books_own_template_writes_the_letters(anli: Program, tmp_path: Path) -> None:
    take_one_in(anli, "--edition", rule_book(tmp_path, OWN))
    message = anli.json("mail", "preview", "1")["message"].encode()
    assert "请加入工作群，于2024年6月30日24时前补正。" in read_body(message)
    (receipt,) = [each for each in anli.json("mail", "templates", "check") if each["key"]]
    assert (receipt["file"], receipt["key"], receipt["problems"]) == ("hubei-2024", "mail.templates.zh.receipt", [])


def test_templates_are_checked_without_a_campaign(anli: Program, tmp_path: Path) -> None:
    sound = anli("mail", "templates", "check", rule_book(tmp_path, OWN))
    assert sound.status == 0
    assert "templates: 44 (the rule book's own: 1)" in sound.out
    file = rule_book(tmp_path, OWN.replace("received_until", "cases[0].name"))
    failed = anli("mail", "templates", "check", file)
    line = file.read_text("utf-8").partition("cases[0]")[0].count("\n") + 1
    assert failed.status == 1
    assert f"mail.templates.zh.receipt, line {line} (receipt)" in " ".join(failed.out.split())
    refused = anli("mail", "templates", "check", rule_book(tmp_path, OWN.replace("received_until", "recieved_until")))
    assert refused.status == 1
    assert f"line {line}, mail.templates.zh.receipt: recieved_until is undefined" in refused.err


def test_a_template_that_fails_stops_the_batch_and_nothing_is_written(anli: Program, tmp_path: Path) -> None:
    source = '[mail.templates.zh]\nreceipt = "{% block next %}{{ cases[7].name }}{% endblock %}"\n\n'
    anli.json("init", "--rehearsal", "--edition", rule_book(tmp_path, source))
    refused = anli("intake", MAILBOX / "01-xiaogan.eml")
    assert refused.status == 1
    assert "Line 1 of the rule book's template mail.templates.zh.receipt cannot write this letter" in refused.err
    assert anli.json("mail", "list") == anli.json("cases") == []


def test_letters_are_signed_for_the_domain(anli: Program, tmp_path: Path) -> None:
    key = write_key(tmp_path / "dkim.pem")
    take_one_in(anli, "--edition", rule_book(tmp_path, SIGNED), ANLI_DKIM_KEY=str(key))
    anli.json("mail", "send", ANLI_MAIL=f"maildir:{tmp_path / 'out'}")
    (sent,) = (tmp_path / "out" / "new").iterdir()
    message = sent.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert dkim.verify(message, dnsfunc=name_server("anli.example", "s2024"))
    assert open_letter(message)["To"].addresses[0].addr_spec == "wxb@xiaogan.example"


def test_a_rule_book_and_an_account_that_disagree_on_signing_queue_nothing(anli: Program, tmp_path: Path) -> None:
    anli.json("init", "--rehearsal", "--edition", rule_book(tmp_path, SIGNED))
    without = anli("intake", MAILBOX / "01-xiaogan.eml")
    assert without.status == 1
    assert "ANLI_DKIM_KEY" in without.err
    key = write_key(tmp_path / "dkim.pem")
    key.chmod(0o644)
    exposed = anli("intake", MAILBOX / "01-xiaogan.eml", ANLI_DKIM_KEY=str(key))
    assert exposed.status == 1
    assert "chmod 600" in exposed.err
    assert anli.json("mail", "list") == []
