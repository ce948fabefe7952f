"""The attacker owns the database and recomputes every hash; the auditor holds one checkpoint. Who finds out what."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from tests.builders.campaigns import MOMENTS, add_drafts, at, found_rehearsal, move, plain_drafts
from tests.faults.forger import Photograph, change_batch, photograph, places, put_back, read_events, rewrite
from tests.unit.workflow.audit.attack import guarded, run
from tests.unit.workflow.audit.lived import attacking
from workflow import clock
from workflow.audit.check.checkpoints import claim_of
from workflow.audit.check.problem import Problem
from workflow.audit.check.verify import verify
from workflow.audit.tlog.checkpoint import current_head, head_of, short_line
from workflow.audit.tlog.key import PublicKey, make_key, read_signing_key
from workflow.audit.tlog.note import sign
from workflow.engine import notary
from workflow.engine.campaign import Campaign
from workflow.wording import say

LAST = 3
"""The batch before the checkpoint, in which every case was refused: nothing but events and its own row tell of it."""


@dataclass(frozen=True)
class Victim:
    """A campaign with a signed history, and what its auditor took home."""

    campaign: Campaign
    earlier: Photograph
    key: PublicKey
    note: str

    def events(self) -> list[dict[str, Any]]:
        """The history as it truly is."""
        with self.campaign.reading() as connection:
            return read_events(connection)

    def find(self, connection: Connection, *outside: str, keys: tuple[PublicKey, ...] = ()) -> list[Problem]:
        claims = [claim_of(f"file {number}", each) for number, each in enumerate(outside)]
        with guarded(connection):
            return verify(connection, self.campaign.originals, claims, keys).problems


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    folder = tmp_path_factory.mktemp("victim")
    if request.param == "sqlite":
        yield from live(f"sqlite:///{folder / 'anli.db'}", folder)
        return
    url = make_url(request.getfixturevalue("postgresql_server"))
    server, name = create_engine(url, isolation_level="AUTOCOMMIT"), f"anli_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield from live(url.set(drivername="postgresql", database=name).render_as_string(hide_password=False), folder)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def live(url: str, folder: Path) -> Iterator[Victim]:
    campaign = found_rehearsal(url, folder)
    key = notary.make_signing_key(campaign, folder / "key")
    campaign = replace(campaign, key_file=folder / "key")
    ordinals = add_drafts(campaign, plain_drafts(["武汉市", "孝感市", "宜昌市"], 9))
    assert move(at(campaign, MOMENTS["recommend"]), "recommend", ordinals).batch == LAST - 1
    with campaign.reading() as connection:
        earlier = photograph(connection)
    refused = move(at(campaign, MOMENTS["precheck"]), "precheck", ordinals)
    assert (refused.batch, len(refused.refused)) == (LAST, 9)
    yield Victim(campaign, earlier, key, notary.seal(campaign).note)
    campaign.engine.dispose()


def edit(connection: Connection, _victim: Victim) -> None:
    """Another reason for the last batch than the one given."""
    events = read_events(connection)
    for place in places(events, LAST, "refusal"):
        events[place]["why"] = "另有原因"
    change_batch(connection, events, LAST, why="另有原因")
    rewrite(connection, events)


def delete(connection: Connection, _victim: Victim) -> None:
    """A refusal that never was."""
    events = read_events(connection)
    del events[places(events, LAST, "refusal")[4]]
    change_batch(connection, events, LAST, asked=8, refused=8)
    rewrite(connection, events)


def insert(connection: Connection, _victim: Victim) -> None:
    """A refusal too many."""
    events = read_events(connection)
    place = places(events, LAST, "refusal")[4]
    events.insert(place, events[place])
    change_batch(connection, events, LAST, asked=10, refused=10)
    rewrite(connection, events)


def reorder(connection: Connection, _victim: Victim) -> None:
    """Two refusals the other way round."""
    events = read_events(connection)
    first, second, *_ = places(events, LAST, "refusal")
    events[first], events[second] = events[second], events[first]
    rewrite(connection, events)


def truncate(connection: Connection, _victim: Victim) -> None:
    """The last batch never happened."""
    events = [event for event in read_events(connection) if event["batch"] != LAST]
    run(connection, "DELETE FROM batches WHERE id = :batch", batch=LAST)
    rewrite(connection, events)


def fork(connection: Connection, victim: Victim) -> None:
    """Another last batch in the place of the one that was, no shorter."""
    truncate(connection, victim)
    events = [event for event in victim.events() if event["batch"] == LAST]
    told = [{**event, "why": "改由他人办理"} if "why" in event else event for event in events]
    columns = "id, trigger, at, account, role, edition_sha256, why, asked, moved, refused"
    run(
        connection,
        f"INSERT INTO batches ({columns}) SELECT :last, 'precheck', :at, account, role, edition_sha256, :why, 9, 0, 9 "
        "FROM batches WHERE id = 1",
        last=LAST,
        at=clock.write(MOMENTS["precheck"]),
        why="改由他人办理",
    )
    rewrite(connection, [*read_events(connection), *told])


def backdate(connection: Connection, _victim: Victim) -> None:
    """The last batch a week earlier, still after the one before."""
    moment = datetime(2024, 7, 13, 1, tzinfo=UTC)
    events = read_events(connection)
    for event in events:
        if event["batch"] == LAST:
            event["at"] = clock.show(moment)
    run(connection, "UPDATE batches SET at = :at WHERE id = :batch", at=clock.write(moment), batch=LAST)
    rewrite(connection, events)


def replay(connection: Connection, victim: Victim) -> None:
    """Yesterday's database in the place of today's, checkpoints and all."""
    put_back(connection, victim.earlier)


WITHOUT_A_TRACE = {
    edit: "checkpoint-disagrees",
    delete: "checkpoint-ahead",
    insert: "checkpoint-disagrees",
    reorder: "checkpoint-disagrees",
    truncate: "checkpoint-ahead",
    fork: "checkpoint-disagrees",
    backdate: "checkpoint-disagrees",
    replay: "checkpoint-ahead",
}
"""What a thorough attacker leaves no trace of inside the database, and what the checkpoint at home says to it."""


def test_nothing_is_found_where_nothing_was_done(victim: Victim) -> None:
    with victim.campaign.reading() as connection:
        assert victim.find(connection, victim.note, short_line(head_of(victim.note)), keys=(victim.key,)) == []


@pytest.mark.parametrize("attack", WITHOUT_A_TRACE, ids=lambda attack: attack.__name__)
def test_the_checkpoint_at_home_tells(victim: Victim, attack: Any) -> None:
    line = short_line(head_of(victim.note))
    with attacking(victim.campaign) as connection:
        attack(connection, victim)
        assert victim.find(connection) == []
        told = victim.find(connection, victim.note, line)
    assert [(problem.where, problem.what) for problem in told] == [
        ("file 0", WITHOUT_A_TRACE[attack]),
        ("file 1", WITHOUT_A_TRACE[attack].replace("checkpoint", "line")),
    ]


@pytest.mark.parametrize("attack", [edit, insert, reorder, fork, backdate], ids=lambda attack: attack.__name__)
def test_the_checkpoints_beside_the_events_tell_too_unless_removed(victim: Victim, attack: Any) -> None:
    with attacking(victim.campaign) as connection:
        kept = connection.execute(text("SELECT size, note, at FROM checkpoints ORDER BY size")).mappings().all()
        attack(connection, victim)
        for row in kept:
            connection.execute(text("INSERT INTO checkpoints (size, note, at) VALUES (:size, :note, :at)"), dict(row))
        told = victim.find(connection)
    sound, changed = kept[-2]["size"], kept[-1]["size"]
    assert [(problem.where, problem.what) for problem in told] == [(f"checkpoints/{changed}", "checkpoint-disagrees")]
    assert told[0].since == told[0].values["first"] == sound + 1


def test_a_line_written_down_wrongly_accuses_no_events_that_are_not(victim: Victim) -> None:
    """Somebody copied the right size and another letter: what a sound checkpoint of that size vouches for is whole."""
    head = head_of(victim.note)
    wrong = short_line(head._replace(root=bytes(32)))
    ahead = short_line(head._replace(size=10 * head.size))
    with victim.campaign.reading() as connection:
        (told,) = victim.find(connection, wrong, keys=(victim.key,))
        (beyond,) = victim.find(connection, ahead, keys=(victim.key,))
    assert (told.where, told.what, told.values["size"]) == ("file 0", "line-disagrees", head.size)
    assert told.values["first"] <= told.values["size"]
    assert (beyond.what, beyond.values["events"]) == ("line-ahead", head.size)
    for problem in (told, beyond):
        assert "as in the minutes" in say(f"problem.{problem.what}", "en", **problem.values)


def test_a_forged_key_is_told_by_the_key_at_home(victim: Victim, tmp_path: Path) -> None:
    make_key(victim.key.name, tmp_path / "forged")
    forged = read_signing_key(tmp_path / "forged")
    with attacking(victim.campaign) as connection:
        events = read_events(connection)
        events = [{**event, "public_key": str(forged.public)} if event["kind"] == "key" else event for event in events]
        rewrite(connection, events)
        head = current_head(connection, forged.name)
        note, now = sign(str(head), forged), clock.write(victim.campaign.now)
        run(connection, "INSERT INTO checkpoints VALUES (:size, :note, :at)", size=head.size, note=note, at=now)
        assert victim.find(connection) == []
        told = victim.find(connection, victim.note, keys=(victim.key,))
    assert {(problem.where, problem.what) for problem in told} == {
        (f"checkpoints/{head.size}", "checkpoint-unsigned"),
        ("file 0", "checkpoint-disagrees"),
    }


def test_a_case_changed_with_no_event_needs_no_checkpoint(victim: Victim) -> None:
    with attacking(victim.campaign) as connection:
        run(connection, "UPDATE cases SET unit = '武汉市' WHERE unit = '孝感市' AND id = 2")
        assert [(problem.where, problem.what) for problem in victim.find(connection)] == [
            ("cases/2024-0002", "row-differs")
        ]


def test_a_stored_original_swapped_needs_no_checkpoint(victim: Victim) -> None:
    one, other, *_ = sorted(path for path in victim.campaign.originals.folder.rglob("*") if path.is_file())
    kept = one.read_bytes()
    one.chmod(0o644)
    try:
        one.write_bytes(other.read_bytes())
        with victim.campaign.reading() as connection:
            told = victim.find(connection)
    finally:
        one.write_bytes(kept)
    assert [(problem.where, problem.what) for problem in told] == [(f"originals/{one.name}", "original-altered")]


def test_before_the_first_export_nobody_can_tell(victim: Victim) -> None:
    """What no design can prevent: without anything outside, a whole other history verifies."""
    with attacking(victim.campaign) as connection:
        edit(connection, victim)
        assert victim.find(connection) == []
        later = current_head(connection, victim.key.name)
        assert victim.find(connection, short_line(later)) == []
