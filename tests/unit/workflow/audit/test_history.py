"""The log read back: whole, filtered, and by the leaves alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.builders.history import read_fields
from tests.unit.workflow.audit.lived import CORRECTED, JUDGED, RECOMMENDED, attacking, check
from workflow import clock
from workflow.audit import events
from workflow.audit.actor import identify
from workflow.audit.history import cases_of
from workflow.audit.log import Log
from workflow.engine.campaign import Campaign


def read(campaign: Campaign, **wanted: Any) -> list[dict[str, Any]]:
    with campaign.reading() as connection:
        return list(read_fields(connection, **wanted))


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["seq"] for event in events]


def concerns(event: dict[str, Any], unit: str) -> bool:
    """By what the sample mailbox sent: the first five cases are this unit's."""
    numbers = {f"2024-000{case}" for case in (1, 2, 3, 4, 5)}
    return unit in (event.get("unit"), event.get("recipient")) or event.get("case") in numbers


def in_between(event: dict[str, Any]) -> bool:
    return CORRECTED <= clock.read(event["at"]) < JUDGED


def test_the_whole_log_in_order(lived: Campaign) -> None:
    assert numbers(read(lived)) == list(range(1, check(lived).events + 1))


@pytest.mark.parametrize(
    ("wanted", "matches"),
    [
        ({"kind": "move"}, lambda event: event["kind"] == "move"),
        ({"kind": "refusal"}, lambda event: event["kind"] == "refusal"),
        ({"batch": 17}, lambda event: event["batch"] == 17),
        ({"case_id": 2}, lambda event: "2024-0002" in [event.get("case"), *event.get("cases", [])]),
        ({"case_id": 11, "kind": "move"}, lambda event: event["kind"] == "move" and event["case"] == "2024-0011"),
        ({"outcome": "moved"}, lambda event: event["kind"] == "move"),
        ({"outcome": "duplicate"}, lambda event: event.get("status") == "duplicate"),
        ({"outcome": "sent"}, lambda event: event["kind"] == "letter" and event["to"] == "sent"),
        ({"outcome": "refused", "batch": 18}, lambda event: event["kind"] == "refusal" and event["batch"] == 18),
        (
            {"outcome": "refused"},
            lambda event: event["kind"] in {"refusal", "denial"} or event.get("status") == "refused",
        ),
        ({"outcome": "done"}, lambda event: event["kind"] in {"init", "draft", "batch", "review", "score", "survey"}),
        ({"unit": "孝感市"}, lambda event: concerns(event, "孝感市")),
        ({"unit": "孝感市", "kind": "score"}, lambda event: concerns(event, "孝感市") and event["kind"] == "score"),
        (
            {"unit": "孝感市", "kind": "move", "outcome": "moved", "since": CORRECTED, "until": JUDGED, "case_id": 2},
            lambda event: event["kind"] == "move" and event["case"] == "2024-0002" and in_between(event),
        ),
        ({"since": CORRECTED}, lambda event: clock.read(event["at"]) >= CORRECTED),
        ({"until": CORRECTED}, lambda event: clock.read(event["at"]) < CORRECTED),
        ({"since": RECOMMENDED, "until": JUDGED}, lambda event: RECOMMENDED <= clock.read(event["at"]) < JUDGED),
    ],
)
def test_filters_agree_with_a_plain_reading(lived: Campaign, wanted: dict[str, Any], matches: Any) -> None:
    chosen = [event for event in read(lived) if matches(event)]
    assert chosen
    assert read(lived, **wanted) == chosen


def test_filters_by_the_account_that_acted(lived: Campaign) -> None:
    events = read(lived)
    account = events[0]["actor"]["account"]
    assert read(lived, actor=account) == events
    assert read(lived, actor=account[:-1]) == []
    assert read(lived, actor="somebody-else") == []


def test_nothing_matches_what_does_not_exist(lived: Campaign) -> None:
    assert read(lived, case_id=999) == read(lived, batch=999) == read(lived, kind="mov") == []
    assert read(lived, since=JUDGED + timedelta(days=1)) == []


def test_index_columns_are_not_asked(lived: Campaign) -> None:
    before = read(lived, case_id=2), read(lived, kind="refusal"), read(lived, batch=17)
    with attacking(lived) as connection:
        connection.execute(text("UPDATE events SET kind = 'note', batch_id = NULL, case_id = NULL"))
        after = tuple(
            list(read_fields(connection, case_id=case_id, kind=kind, batch=batch))
            for case_id, kind, batch in ((2, None, None), (None, "refusal", None), (None, None, 17))
        )
    assert before == after


def test_one_query(lived: Campaign) -> None:
    seen: list[str] = []
    with lived.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
        list(read_fields(connection, case_id=2, kind="move", batch=17, since=RECOMMENDED, outcome="moved"))
    assert len(seen) == 1


def test_what_an_event_is_about() -> None:
    letter = events.Letter(
        letter="<1@anli.example>",
        letter_kind="receipt",
        recipient="武汉市",
        to="queued",
        cases=["2024-0001", "2024-10000"],
    )
    assert cases_of(events.Reading(case="2024-0042", command="show")) == (42,)
    assert cases_of(letter) == (1, 10000)
    assert cases_of(events.Refusal(case=None, reasons=[], trigger="precheck")) == ()
    assert (letter.ended, events.Resume().ended, events.Denial(command="tick").ended) == ("queued", "done", "refused")


def test_a_number_that_is_only_mentioned_is_not_what_an_event_is_about(lived: Campaign) -> None:
    before = read(lived, case_id=2)
    with attacking(lived) as connection:
        log = Log(connection, identify(connection), lived.edition.sha256, JUDGED, None)
        reason = events.ReasonTold("form-blank", "", True, {"case": "2024-0002", "batch_note": {"kind": "move"}})
        log.append([events.Refusal(case="2024-0003", reasons=[reason], trigger="x", why="同2024-0002")])
        assert list(read_fields(connection, case_id=2)) == before
        assert list(read_fields(connection, case_id=3))[-1]["why"] == "同2024-0002"
        assert list(read_fields(connection, kind="move"))[-1]["kind"] == "move"
