"""Which key signs letters: the rule book says for which domain, the account has it, and neither without the other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from sqlalchemy import text

from notifications.domain_key import DomainKey
from tests.builders.campaigns import MOMENTS, Draft, add_drafts, at, found_rehearsal, move, problems
from tests.builders.inbox import message_of, open_letter
from tests.builders.keys import name_server, rsa_key, write_key
from workflow.edition import find, parse
from workflow.engine.apply import preview
from workflow.engine.campaign import Campaign
from workflow.engine.domain_key import DomainKeyNeeded, DomainKeyUnasked, DomainKeyUnusable
from workflow.engine.selection import Selection
from workflow.errors import AnliError

SIGNED = find("hubei-2024").source.replace(
    b"\n# `account` is", b'\n[mail.dkim]\ndomain = "anli.example"\nselector = "s2024"\n\n# `account` is', 1
)


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """One whose letters are signed, with one case to recommend."""
    founded = found_rehearsal(database_url, tmp_path, parse(SIGNED, "signed.toml"))
    add_drafts(founded, [Draft("武汉市", "云上读书会")])
    yield replace(at(founded, MOMENTS["recommend"]), dkim_key_file=write_key(tmp_path / "dkim.pem"))
    founded.engine.dispose()


def test_letters_are_signed_when_they_are_queued(campaign: Campaign) -> None:
    report = move(campaign, "recommend")
    message = message_of(campaign, report.letters[0])
    assert dkim.verify(message, dnsfunc=name_server("anli.example", "s2024"))
    assert f"t={int(campaign.now.timestamp())};" in str(open_letter(message)["DKIM-Signature"])
    assert problems(campaign) == []


def test_a_preview_signs_nothing_but_asks_for_the_key(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[bytes] = []
    monkeypatch.setattr(DomainKey, "sign", lambda _key, message, _at: signed.append(message))
    report, _ = preview(campaign, "recommend", Selection((1,), ()), None)
    assert (len(report.letters), signed) == (1, [])
    with pytest.raises(DomainKeyNeeded):
        preview(replace(campaign, dkim_key_file=None), "recommend", Selection((1,), ()), None)


def refused(campaign: Campaign, error: type[AnliError]) -> dict[str, object]:
    """Nothing is written where the key is not as it must be."""
    with pytest.raises(error) as caught:
        move(campaign, "recommend")
    with campaign.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM letters")).scalar_one() == 0
        assert connection.execute(text("SELECT state FROM cases")).scalar_one() == "drafted"
    return caught.value.values


def test_signed_letters_need_a_key(campaign: Campaign) -> None:
    values = refused(replace(campaign, dkim_key_file=None), DomainKeyNeeded)
    assert values == {"domain": "anli.example", "selector": "s2024"}


def test_a_key_without_a_domain_signs_nothing(database_url: str, tmp_path: Path) -> None:
    founded = found_rehearsal(database_url, tmp_path)
    add_drafts(founded, [Draft("武汉市", "云上读书会")])
    file = write_key(tmp_path / "dkim.pem")
    unasked = replace(at(founded, MOMENTS["recommend"]), dkim_key_file=file)
    assert refused(unasked, DomainKeyUnasked) == {"file": str(file)}
    founded.engine.dispose()


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_either_form_of_pem_is_read(campaign: Campaign, tmp_path: Path, form: PrivateFormat) -> None:
    file = write_key(tmp_path / "other.pem", form=form)
    key = replace(campaign, dkim_key_file=file).domain_key
    assert key is not None
    assert key.private.private_numbers() == rsa_key().private_numbers()


@pytest.mark.parametrize("what", ["missing", "folder", "exposed", "empty", "words", "locked", "curve"])
def test_a_key_that_cannot_be_used_is_refused(campaign: Campaign, tmp_path: Path, what: str) -> None:
    file = tmp_path / f"{what}.pem"
    match what:
        case "folder":
            file.mkdir(mode=0o700)
        case "exposed":
            write_key(file).chmod(0o640)
        case "empty" | "words":
            file.touch(mode=0o600)
            file.write_text("" if what == "empty" else "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n")
        case "locked":
            locked = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
            file.touch(mode=0o600)
            file.write_bytes(locked)
        case "curve":
            file.touch(mode=0o600)
            key = Ed25519PrivateKey.generate()
            file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    codes = {"exposed": "key.exposed", "curve": "domain-key.unfit"}
    codes |= dict.fromkeys(("missing", "folder"), "domain-key.missing")
    values = refused(replace(campaign, dkim_key_file=file), DomainKeyUnusable)
    assert values["problem_code"] == codes.get(what, "domain-key.unreadable")
    assert values["file"] == str(file)
