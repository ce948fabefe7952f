"""The log as commands print it: every filter alone and together, and words that name nothing."""

from typing import Any

import pytest

from workflow.edition.moment import UntilUnreadable
from workflow.edition.words import UnitUnknown
from workflow.engine.batch import BatchUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.selection import CaseUnknown
from workflow.errors import AnliError
from workflow.screens.fault import WordUnknown
from workflow.screens.history import list_events


def test_filters_are_combined(lived: Campaign) -> None:
    moves = list_events(lived, unit="孝感市", kind="move", outcome="moved", since="2024-06-29", until="2024-06-29")
    assert {event["at"][:10] for event in moves} == {"2024-06-29"}
    assert {event["unit"] for event in moves} == {"孝感市"}
    one = list_events(lived, "2024-0002", unit="孝感市", kind="move", until="2024-06-29")
    assert one == [event for event in moves if event["case"] == "2024-0002"]
    assert list_events(lived, actor=moves[0]["actor"]["account"], batch=moves[0]["batch"], kind="batch")


def test_refusals_are_found_with_their_sentences(lived: Campaign) -> None:
    refused = list_events(lived, outcome="refused")
    assert {event["kind"] for event in refused} >= {"refusal"}
    assert all(reason["message"] for event in refused for reason in event["reasons"])


def test_a_day_is_one_of_the_editions_zone(lived: Campaign) -> None:
    assert list_events(lived, until="2024-06-27") == []
    founded = list_events(lived, until="2024-06-28")
    assert founded == list_events(lived, since="2024-06-28T09:00:00+08:00", until="2024-06-28T09:00:01+08:00")
    assert founded[0]["kind"] == "init"


def test_nothing_found_is_no_error_where_what_was_named_exists(lived: Campaign) -> None:
    assert list_events(lived, "2024-0002", kind="staff") == []
    assert list_events(lived, batch=1, outcome="sent") == []
    assert list_events(lived, actor="somebody-else") == []


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"case": "2024-9999", "kind": "move"}, CaseUnknown),
        ({"batch": 999, "kind": "move"}, BatchUnknown),
        ({"unit": "幻想市"}, UnitUnknown),
        ({"kind": "dance"}, WordUnknown),
        ({"outcome": "danced"}, WordUnknown),
        ({"since": "soon"}, UntilUnreadable),
        ({"until": "2024-06-31"}, UntilUnreadable),
    ],
)
def test_a_word_that_names_nothing(lived: Campaign, asked: dict[str, Any], error: type[AnliError]) -> None:
    with pytest.raises(error):
        list_events(lived, **asked)
