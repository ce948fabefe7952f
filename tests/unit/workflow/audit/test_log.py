"""Appending: in order, in the caller's transaction, and only what has one canonical form."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from tests.unit.workflow.audit.lived import check
from workflow.audit.actor import Actor, identify
from workflow.audit.history import read_log
from workflow.audit.log import KEYS, Entry, Log
from workflow.audit.tlog.canonical import encode
from workflow.engine.campaign import Campaign

NOW = datetime(2024, 8, 2, 1, 0, 0, 250_000, tzinfo=UTC)
ACTOR = Actor("wang", "organiser", "desk", "anli 1")


class Undone(Exception):
    """Leaves a transaction, so that nothing of it stays."""


def test_events_follow_one_another_and_vanish_with_their_transaction(lived: Campaign) -> None:
    before = check(lived)
    with suppress(Undone), lived.writing() as (_, connection):
        log = Log(connection, ACTOR, "ab", NOW, None)
        log.append([Entry("note", {"text": "一"}), Entry("note", {"text": "二", "case": "2024-0003"}, 3)])
        log.append(Entry("note", {"text": text}) for text in "三四")
        log.append([])
        assert log.count == 4
        first = before.events + 1
        events = list(read_log(connection, kind="note"))
        assert [(event["seq"], event["text"]) for event in events] == list(enumerate("一二三四", first))
        assert events[1] == {
            "v": 1, "actor": ACTOR._asdict(), "edition": "ab", "at": "2024-08-02T01:00:00.250000Z", "batch": None,
            "seq": first + 1, "kind": "note", "case": "2024-0003", "text": "二",
        }  # fmt: skip
        kept = connection.execute(text("SELECT leaf, case_id FROM events WHERE seq = :seq"), {"seq": first + 1}).one()
        assert (bytes(kept.leaf), kept.case_id) == (encode(events[1]), 3)
        raise Undone
    assert check(lived) == before


@pytest.mark.parametrize("key", sorted(KEYS))
def test_an_entry_cannot_speak_for_the_log(lived: Campaign, key: str) -> None:
    with pytest.raises(ValueError, match="repeats a key"), lived.writing() as (_, connection):
        Log(connection, ACTOR, "ab", NOW, None).append([Entry("note", {key: 1})])
    assert check(lived).ok


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, NOW, "\ud800", b"bytes", {"键": 1}])
def test_what_has_no_canonical_form_writes_nothing(lived: Campaign, value: Any) -> None:
    events = check(lived).events
    with pytest.raises(TypeError), lived.writing() as (_, connection):
        Log(connection, ACTOR, "ab", NOW, None).append([Entry("note", {"a": 1}), Entry("note", {"values": [value]})])
    assert check(lived).events == events


def test_the_actor_is_who_the_system_says(lived: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    with lived.reading() as connection:
        known = identify(connection)
        for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER", "PGUSER"):
            monkeypatch.setenv(name, "somebody-else")
        assert identify(connection) == known
    assert known.role == "organiser"
    assert "somebody-else" not in known.account
    assert known.program.startswith("anli ")
