"""Checkpoints in the auditors' mail: signed where the key is, with a deadline and with each day's first letters."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.builders.campaigns import FOUNDED, Draft, add_drafts, at, found_rehearsal, move, problems
from tests.builders.clockwork import INSTANT, SUBMISSIONS_CLOSED, letters, local, run
from tests.builders.history import read_fields
from tests.builders.inbox import message_of
from workflow.audit.check.checkpoints import claim_of
from workflow.audit.check.verify import verify
from workflow.audit.tlog.checkpoint import agrees, head_of, parse_short_line
from workflow.audit.tlog.tlog_proof import signed_head
from workflow.deadlines.tick import tick
from workflow.engine import notary
from workflow.engine.campaign import Campaign
from workflow.engine.notary import read_checkpoint
from workflow.engine.signing import recorded_keys
from workflow.post.dispatch import send


@pytest.fixture
def unsigned(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path)
    yield campaign
    campaign.engine.dispose()


@pytest.fixture
def campaign(unsigned: Campaign, tmp_path: Path) -> Campaign:
    notary.make_signing_key(unsigned, tmp_path / "key")
    return replace(unsigned, key_file=tmp_path / "key")


def sealed(campaign: Campaign) -> list[Any]:
    return [letter for letter in letters(campaign) if letter["kind"] == "checkpoint"]


def parse(message: bytes) -> tuple[str, bytes | None]:
    """The words of the letter, and what is attached as a checkpoint."""
    parsed = message_from_bytes(bytes(message), policy=default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    assert body is not None
    notes = [part.get_payload(decode=True) for part in parsed.iter_attachments()]
    names = [part.get_filename() for part in parsed.iter_attachments()]
    assert names == ["checkpoint.txt"] * len(notes)
    return body.get_content().replace("\r\n", "\n"), notes[0] if notes else None  # type: ignore[return-value]


def test_a_deadline_mails_the_signed_note(campaign: Campaign, tmp_path: Path) -> None:
    run(campaign, SUBMISSIONS_CLOSED - INSTANT)
    fired = tick(at(campaign, SUBMISSIONS_CLOSED))
    assert next(fired).deadline == "submissions-closed"
    with campaign.reading() as connection:
        before = verify(connection, campaign.originals)
    (letter,) = next(fired).report.letters
    assert letter.address == "auditor@anli.example"
    words, note = parse(message_of(campaign, letter))
    assert note is not None
    assert note.decode() in words
    with campaign.reading() as connection:
        head = signed_head(note.decode(), recorded_keys(connection))
        assert (head.size, head.root.hex()) == (before.events, before.root)
        assert verify(connection, campaign.originals, [claim_of("mailed", note.decode())]).ok
        (event,) = read_fields(connection, kind="checkpoint")
    assert (event["size"], event["root"]) == (before.events, before.root)
    (line,) = filter(None, (parse_short_line(written.rpartition("：")[2]) for written in words.splitlines()))
    assert agrees(line, head.size, head.root)
    saved = tmp_path / "saved-by-a-mail-program.txt"
    saved.write_bytes(note.replace(b"\n", b"\r\n"))
    assert read_checkpoint(saved) == note.decode()


def test_without_the_key_the_bare_root_goes_out(unsigned: Campaign) -> None:
    run(unsigned, SUBMISSIONS_CLOSED)
    (letter,) = sealed(unsigned)
    words, note = parse(letter["message"])
    assert note is None
    with unsigned.reading() as connection:
        (event,) = read_fields(connection, kind="checkpoint")
    assert event["root"] in words
    assert "checkpoint.txt" not in words


def test_each_days_first_letters_bring_a_checkpoint(campaign: Campaign) -> None:
    ordinals = add_drafts(campaign, [Draft("武汉市", f"案例{place}") for place in range(3)])
    for day, hour, ordinal, expected in ((24, 9, 0, 1), (24, 18, 1, 1), (25, 0, 2, 2)):
        campaign = at(campaign, local(6, day, hour))
        move(campaign, "recommend", [ordinals[ordinal]])
        send(campaign, lambda _: None)
        assert [letter["state"] for letter in sealed(campaign)] == ["sent"] * expected
    sizes = [head_of(note.decode()).size for letter in sealed(campaign) if (note := parse(letter["message"])[1])]
    assert sizes == sorted(set(sizes))
    assert len(sizes) == 2
    assert problems(campaign) == []


def test_a_day_without_letters_brings_none(campaign: Campaign) -> None:
    send(at(campaign, local(6, 24)), lambda _: None)
    assert letters(campaign) == []


def test_without_the_key_letters_go_out_alone(unsigned: Campaign) -> None:
    ordinals = add_drafts(unsigned, [Draft("武汉市", "案例")])
    later = at(unsigned, FOUNDED)
    move(later, "recommend", ordinals)
    send(later, lambda _: None)
    assert sealed(unsigned) == []
    assert [letter["state"] for letter in letters(unsigned)] == ["sent"]
