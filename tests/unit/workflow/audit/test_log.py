"""Appending: in order, in the caller's transaction, and only what has one canonical form."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from states.reasons import Reason
from tests.builders.history import read_fields
from tests.unit.workflow.audit.lived import check
from workflow.audit.actor import Actor, identify
from workflow.audit.events import ActorTold, Denial, Reading, ReasonTold, Refusal, Resume
from workflow.audit.log import Log
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
        log.append([Denial(command="一"), Reading(command="二", case="2024-0003")])
        log.append(Denial(command=word) for word in "三四")
        log.append([])
        assert log.count == 4
        first = before.events + 1
        events = list(read_fields(connection))[before.events :]
        assert [(event["seq"], event["command"]) for event in events] == list(enumerate("一二三四", first))
        assert events[1] == {
            "v": 1, "actor": ACTOR._asdict(), "edition": "ab", "at": "2024-08-02T01:00:00.250000Z", "batch": None,
            "seq": first + 1, "kind": "reading", "case": "2024-0003", "command": "二",
        }  # fmt: skip
        kept = connection.execute(text("SELECT leaf, case_id FROM events WHERE seq = :seq"), {"seq": first + 1}).one()
        assert (bytes(kept.leaf), kept.case_id) == (encode(events[1]), 3)
        raise Undone
    assert check(lived) == before


def test_an_event_cannot_speak_for_the_log(lived: Campaign) -> None:
    spoken = Resume(actor=ActorTold("li", "x", "y", "z"), at="then", batch=7, due="once", edition="cd", seq=1)
    with suppress(Undone), lived.writing() as (_, connection):
        Log(connection, ACTOR, "ab", NOW, None).append([spoken])
        (*_, event) = read_fields(connection)
        assert event == {
            "v": 1, "actor": ACTOR._asdict(), "edition": "ab", "at": "2024-08-02T01:00:00.250000Z", "batch": None,
            "seq": check(lived).events + 1, "kind": "resume",
        }  # fmt: skip
        raise Undone
    assert check(lived).ok


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, NOW, "\ud800", b"bytes", {"键": 1}])
def test_what_has_no_canonical_form_writes_nothing(lived: Campaign, value: Any) -> None:
    events = check(lived).events
    told = (
        event
        for values in ({}, {"values": [value]})
        for event in [Refusal(case=None, reasons=[ReasonTold.of(Reason("x", "", values))], trigger="x")]
    )
    with pytest.raises(TypeError), lived.writing() as (_, connection):
        Log(connection, ACTOR, "ab", NOW, None).append(told)
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
