"""Checkpoints at the close of every batch, and proofs drawn from what the database holds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.builders.campaigns import MOMENTS, Draft, add_drafts, at, found_rehearsal, move, plain_drafts, problems
from workflow.audit.tlog.checkpoint import current_head, head_of, latest_checkpoint
from workflow.audit.tlog.fault import HistoryForked, KeyUnusable
from workflow.audit.tlog.key import make_key
from workflow.audit.tlog.note import NoteUnsound
from workflow.audit.tlog.tlog_proof import parse_consistency_proof, parse_tlog_proof, signed_head
from workflow.deadlines.tick import preview
from workflow.disk import FileMissing, FolderMissing, NotAFile
from workflow.engine import notary
from workflow.engine.campaign import Campaign
from workflow.engine.notary import (
    CheckpointMissing,
    CheckpointUnreadable,
    CheckpointUnsound,
    EventUnknown,
    KeyNeeded,
    ProofUnsound,
)
from workflow.engine.signing import recorded_keys


@pytest.fixture
def unsigned(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path)
    yield campaign
    campaign.engine.dispose()


@pytest.fixture
def campaign(unsigned: Campaign, tmp_path: Path) -> Campaign:
    """With a key, and five events by it: founded, keyed, and a mail of one case."""
    notary.make_signing_key(unsigned, tmp_path / "key")
    signed = replace(unsigned, key_file=tmp_path / "key")
    add_drafts(signed, [Draft("武汉市", "武汉市的案例")])
    return signed


def checkpoints(campaign: Campaign) -> list[tuple[int, str]]:
    with campaign.reading() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT size, note FROM checkpoints ORDER BY size"))]


def last_event(campaign: Campaign) -> int:
    with campaign.reading() as connection:
        return current_head(connection, "").size


def tamper(campaign: Campaign, statement: str, **values: Any) -> None:
    with campaign.engine.connect() as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            for name in (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            ):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(text(statement), values).rowcount


def test_every_batch_ends_in_a_checkpoint(campaign: Campaign) -> None:
    sizes = [size for size, _ in checkpoints(campaign)]
    assert sizes == [last_event(campaign)]
    move(at(campaign, MOMENTS["recommend"]), "recommend", [1])
    assert [size for size, _ in checkpoints(campaign)] == [*sizes, last_event(campaign)]
    with campaign.reading() as connection:
        keys = recorded_keys(connection)
        kept = latest_checkpoint(connection, keys)
        assert kept is not None
        assert signed_head(kept.note, keys) == current_head(connection, keys[0].name)
        assert keys[0].name == f"anli.example/{campaign.token}"


def test_no_key_no_checkpoint(unsigned: Campaign) -> None:
    add_drafts(unsigned, plain_drafts(["武汉市"], 1))
    assert checkpoints(unsigned) == []
    with pytest.raises(KeyNeeded):
        notary.seal(unsigned)
    with pytest.raises(CheckpointMissing):
        notary.prove(unsigned, 1)


def test_what_is_signed_vanishes_with_its_batch(campaign: Campaign) -> None:
    before = checkpoints(campaign)
    with pytest.raises(KeyUnusable):
        move(replace(at(campaign, MOMENTS["recommend"]), key_file=Path("missing")), "recommend", [1])
    assert checkpoints(campaign) == before
    assert last_event(campaign) == before[-1][0]


def test_a_dry_run_of_the_clock_signs_nothing(campaign: Campaign) -> None:
    before = checkpoints(campaign)
    assert preview(at(campaign, MOMENTS["precheck"]))
    assert checkpoints(campaign) == before


def test_the_same_history_is_signed_once(campaign: Campaign) -> None:
    assert notary.seal(campaign) == notary.seal(campaign)
    assert len(checkpoints(campaign)) == 1


def test_another_campaigns_key_signs_nothing(campaign: Campaign) -> None:
    with pytest.raises(KeyUnusable) as raised:
        notary.seal(replace(campaign, token="0" * 16))
    assert raised.value.values["problem_code"] == "key.foreign"


def test_every_event_is_proved(campaign: Campaign) -> None:
    for event in range(1, last_event(campaign) + 1):
        receipt = notary.prove(campaign, event)
        assert parse_tlog_proof(str(receipt)) == receipt
        assert receipt.holds()
        assert not receipt._replace(leaf=receipt.leaf + b" ").holds()
        assert receipt.place == event - 1


@pytest.mark.parametrize("event", [0, 999])
def test_no_proof_of_an_event_that_is_not_there(campaign: Campaign, event: int) -> None:
    with pytest.raises(EventUnknown):
        notary.prove(campaign, event)


def test_an_event_since_the_last_checkpoint_gets_one(campaign: Campaign) -> None:
    add_drafts(replace(campaign, key_file=None), [Draft("孝感市", "孝感市的案例")])
    last = last_event(campaign)
    assert checkpoints(campaign)[-1][0] < last
    with pytest.raises(CheckpointMissing):
        notary.prove(replace(campaign, key_file=None), last)
    assert notary.prove(campaign, last).holds()
    assert checkpoints(campaign)[-1][0] == last


def test_growth_between_checkpoints(campaign: Campaign, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text(checkpoints(campaign)[-1][1], encoding="utf-8")
    add_drafts(campaign, [Draft("孝感市", "孝感市的案例")])
    new = str(last_event(campaign))
    head, growth = notary.prove_consistency(campaign, str(old), new)
    assert growth.holds(head.root)
    assert parse_consistency_proof(str(growth)) == growth
    assert head_of(growth.note).size == int(new)
    assert notary.prove_consistency(campaign, new, str(old)) == (head, growth)


def test_a_tampered_event_is_neither_proved_nor_signed_over(campaign: Campaign) -> None:
    tamper(campaign, "UPDATE events SET leaf_hash = :hash WHERE seq = 4", hash=bytes(32))
    with pytest.raises(ProofUnsound):
        notary.prove(campaign, 3)
    with pytest.raises(HistoryForked):
        add_drafts(campaign, [Draft("孝感市", "孝感市的案例")])
    with pytest.raises(HistoryForked):
        notary.seal(campaign)


def test_a_shortened_history_is_not_signed(campaign: Campaign) -> None:
    tamper(campaign, "DELETE FROM events WHERE seq = :last", last=last_event(campaign))
    with pytest.raises(HistoryForked):
        notary.seal(campaign)


@pytest.mark.parametrize("ahead", [1, 3, 9, 99])
@pytest.mark.parametrize("note", ["", "nobody signed this", "theirs", "older"])
def test_a_row_that_nobody_signed_is_reported_and_stops_nothing(campaign: Campaign, ahead: int, note: str) -> None:
    """As the clock's login may insert it on PostgreSQL: under the size that comes next, one soon to come, a far one."""
    (size, kept), *_ = checkpoints(campaign)
    notes = {"theirs": kept.replace("anli.example", "other.example"), "older": kept}
    later = at(campaign, MOMENTS["recommend"])
    with later.writing() as (_, connection):
        row = {"size": size + ahead, "note": notes.get(note, note), "at": "2024-06-28T00:00:00.000000Z"}
        connection.execute(text("INSERT INTO checkpoints (size, note, at) VALUES (:size, :note, :at)"), row)
    for place, name in enumerate(("武汉市", "孝感市", "宜昌市")):
        add_drafts(later, [Draft(name, f"又一案例{place}")])
    assert notary.seal(later).size == last_event(later)
    assert notary.prove(later, last_event(later)).holds()
    assert {problem.where for problem in problems(later)} == {f"checkpoints/{row['size']}"}


def test_a_key_that_the_history_does_not_name_signs_nothing(campaign: Campaign, tmp_path: Path) -> None:
    """As one does that was made on a copy, or by a keygen that was killed."""
    assert campaign.signing_key is not None
    make_key(campaign.signing_key.name, tmp_path / "copied")
    before = checkpoints(campaign)
    with pytest.raises(KeyUnusable) as raised:
        move(replace(at(campaign, MOMENTS["recommend"]), key_file=tmp_path / "copied"), "recommend", [1])
    assert raised.value.values["problem_code"] == "key.unrecorded"
    assert checkpoints(campaign) == before
    assert problems(campaign) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda note: note.replace("anli.example/", "anli.example/0"), "checkpoint.foreign"),
        (lambda note: note.replace("anli.example/", "other.example/"), "checkpoint.unsigned"),
        (lambda note: note.replace("\n5\n", "\n6\n"), "checkpoint.forged"),
        (lambda note: note[:-9], "checkpoint.unreadable"),
        (lambda _note: "", "checkpoint.unreadable"),
        (lambda _note: "\x00" * 99, "checkpoint.unreadable"),
    ],
)
def test_a_file_that_is_no_checkpoint_of_ours(campaign: Campaign, tmp_path: Path, change: Any, problem: str) -> None:
    size, note = checkpoints(campaign)[-1]
    assert size == 5
    (tmp_path / "file").write_text(change(note), encoding="utf-8")
    with pytest.raises(CheckpointUnsound) as raised:
        notary.prove_consistency(campaign, str(tmp_path / "file"), str(size))
    assert raised.value.values["problem_code"] == problem


def test_a_file_that_cannot_be_read(campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(CheckpointUnreadable) as raised:
        notary.prove_consistency(campaign, str(tmp_path / "bytes"), "5")
    assert raised.value.values["problem_code"] == "checkpoint.unreadable"
    assert raised.value.exit_status == 1
    for name, cause in (("absent", FileMissing), ("nowhere/absent", FolderMissing), (".", NotAFile)):
        with pytest.raises(cause):
            notary.prove_consistency(campaign, str(tmp_path / name), "5")
    with pytest.raises(CheckpointMissing):
        notary.prove_consistency(campaign, "4", "5")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("tlog-proof@v1", "tlog-proof@v2"),
        lambda text: text.replace("index ", "index 0"),
        lambda text: text.replace("index", "place"),
        lambda text: text.replace("extra ", "extra !"),
        lambda text: text.partition("\n\n")[0],
        lambda text: text.replace("=\n", "\n", 1),
        lambda _text: "",
    ],
)
def test_what_is_no_proof(campaign: Campaign, change: Any) -> None:
    with pytest.raises(NoteUnsound):
        parse_tlog_proof(change(str(notary.prove(campaign, 4)))).holds()
