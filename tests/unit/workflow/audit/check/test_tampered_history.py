"""Whoever changes the history itself is found out, and the events concerned are named."""

import pytest
from sqlalchemy import text

from tests.unit.workflow.audit.attack import CASE, guarded, named, read_event, rebuild_nodes, run, verified, write_event
from tests.unit.workflow.audit.lived import attacking, check
from workflow.audit.check.verify import verify
from workflow.audit.tlog.canonical import decode, encode, leaf_hash
from workflow.engine.campaign import Campaign


def test_a_byte_of_an_event_flipped(lived: Campaign) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'move' AND case_id = 5")
        leaf = encode({**event, "why": "另有原因"})
        run(connection, "UPDATE events SET leaf = :leaf WHERE seq = :seq", leaf=leaf, seq=seq)
        assert named(verified(lived, connection)) == {(f"events/{seq}", "leaf-altered", None)}


def test_a_stored_hash_is_not_believed(lived: Campaign) -> None:
    root = check(lived).root
    with attacking(lived) as connection:
        run(connection, "UPDATE events SET leaf_hash = :hash WHERE seq = 7", hash=bytes(32))
        rebuild_nodes(connection)
        with guarded(connection):
            verification = verify(connection, lived.originals)
        assert named(verification.problems) == {("events/7", "leaf-altered", None)}
        assert verification.root == root


def test_an_event_rewritten_with_its_hash(lived: Campaign) -> None:
    root = check(lived).root
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'move' AND case_id = 2")
        write_event(connection, seq, encode({**event, "to": "declined"}))
        rebuild_nodes(connection)
        with guarded(connection):
            verification = verify(connection, lived.originals)
        assert named(verification.problems) == {(CASE, "row-differs", "state")}
        assert verification.problems[0].since == seq
        assert verification.root != root


def test_an_earlier_event_rewritten_with_its_hash(lived: Campaign) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'move' AND case_id = 2 AND leaf_hash IS NOT NULL AND seq < 100")
        write_event(connection, seq, encode({**event, "to": "declined"}))
        assert (CASE, "does-not-follow", "state") in named(verified(lived, connection))


def test_a_leaf_spaced_out(lived: Campaign) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'move'")
        write_event(connection, seq, encode(event).replace(b'","', b'", "', 1))
        assert named(verified(lived, connection)) == {(f"events/{seq}", "leaf-not-canonical", None)}


@pytest.mark.parametrize(
    "leaf",
    [b"", b"[]", b"{}", b"null", b'{"seq":1', b'{"batch":1,"case":5,"kind":"x","seq":1}', b"\xff\xfe", b"[" * 5000],
)
def test_bytes_that_are_no_event(lived: Campaign, leaf: bytes) -> None:
    with attacking(lived) as connection:
        seq, _ = read_event(connection, "kind = 'refusal'")
        write_event(connection, seq, leaf)
        assert (f"events/{seq}", "leaf-unreadable", None) in named(verified(lived, connection))


@pytest.mark.parametrize("missing", ["version", "was", "edition", "actor", "at", "v"])
def test_an_event_that_lacks_something(lived: Campaign, missing: str) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'move'")
        del event[missing]
        write_event(connection, seq, encode(event))
        assert (f"events/{seq}", "event-incomplete", None) in named(verified(lived, connection))


def test_an_event_removed(lived: Campaign) -> None:
    with attacking(lived) as connection:
        seq, _ = read_event(connection, "kind = 'refusal'")
        run(connection, "DELETE FROM events WHERE seq = :seq", seq=seq)
        problems = verified(lived, connection)
        assert (f"events/{seq + 1}", "events-missing", None) in named(problems)
        assert problems[0].values == {"first": seq, "last": seq}


def test_an_event_removed_and_the_rest_renumbered(lived: Campaign) -> None:
    with attacking(lived) as connection:
        gone, event = read_event(connection, "kind = 'refusal'")
        run(connection, "DELETE FROM events WHERE seq = :seq", seq=gone)
        for seq, leaf in run(
            connection, "SELECT seq, leaf FROM events WHERE seq > :seq ORDER BY seq", seq=gone
        ).fetchall():
            write_event(connection, seq, encode({**decode(bytes(leaf)), "seq": seq - 1}))
            run(connection, "UPDATE events SET seq = seq - 1 WHERE seq = :seq", seq=seq)
        problems = named(verified(lived, connection))
        assert problems == {(f"batches/{event['batch']}", "batch-does-not-add-up", None)}


def test_the_last_events_cut_off(lived: Campaign) -> None:
    with attacking(lived) as connection:
        last, event = read_event(connection, "kind = 'move'")
        run(connection, "DELETE FROM events WHERE seq >= :seq", seq=last)
        problems = verified(lived, connection)
        assert (f"cases/{event['case']}", "row-differs", "state") in named(problems)
        assert (f"batches/{event['batch']}", "row-without-event", None) in named(problems)


def test_an_event_smuggled_in(lived: Campaign) -> None:
    with attacking(lived) as connection:
        _, event = read_event(connection, "kind = 'move' AND case_id = 2")
        last = run(connection, "SELECT max(seq) FROM events").scalar()
        leaf = encode({**event, "seq": last + 1, "version": event["version"] + 1})
        insert = "INSERT INTO events (seq, leaf, leaf_hash, kind, batch_id, case_id) "
        run(
            connection,
            f"{insert} VALUES (:seq, :leaf, :hash, 'move', :batch, 2)",
            seq=last + 1,
            leaf=leaf,
            hash=leaf_hash(leaf),
            batch=event["batch"],
        )
        problems = verified(lived, connection)
        assert (CASE, "does-not-follow", "state") in named(problems)
        assert (CASE, "row-differs", "version") in named(problems)


def test_two_events_in_each_others_place(lived: Campaign) -> None:
    with attacking(lived) as connection:
        seq, later = read_event(connection, "kind = 'refusal'")
        _, earlier = read_event(connection, f"seq = {seq - 1}")
        write_event(connection, seq, encode(earlier))
        write_event(connection, seq - 1, encode(later))
        problems = named(verified(lived, connection))
        assert (f"events/{seq}", "index-differs", "seq") in problems
        assert (f"events/{seq - 1}", "index-differs", "seq") in problems


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "'move'"), ("batch_id", "1"), ("batch_id", "NULL"), ("case_id", "1")]
)
def test_an_index_that_says_otherwise(lived: Campaign, column: str, value: str) -> None:
    with attacking(lived) as connection:
        seq, _ = read_event(connection, "kind = 'refusal'")
        run(connection, f"UPDATE events SET {column} = {value} WHERE seq = {seq}")
        assert named(verified(lived, connection)) == {(f"events/{seq}", "index-differs", column)}


def test_the_database_itself_refuses(lived: Campaign) -> None:
    statements = [
        "UPDATE events SET kind = 'x' WHERE seq = 1",
        "DELETE FROM events WHERE seq = 1",
        "DELETE FROM events",
    ]
    if lived.engine.dialect.name == "postgresql":
        statements += ["TRUNCATE events", "TRUNCATE events CASCADE"]
    for statement in statements:
        with (
            pytest.raises(Exception, match=r"no (update|delete|truncate) on events"),
            lived.engine.connect() as connection,
            connection.begin(),
        ):
            connection.execute(text(statement))
    assert check(lived).ok
