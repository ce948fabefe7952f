"""The campaign as it stood: each moment's state is what the tables then held."""

from collections import Counter
from datetime import timedelta

from tests.unit.workflow.audit.lived import CORRECTED, FOUNDED, JUDGED, RECOMMENDED
from workflow.audit.as_of import cases_as_of
from workflow.audit.state import State
from workflow.engine.campaign import Campaign

INSTANT = timedelta(microseconds=1)


def as_of(campaign: Campaign, moment: object) -> State:
    with campaign.reading() as connection:
        return cases_as_of(connection, moment)  # type: ignore[arg-type]


def states(state: State) -> Counter[str]:
    return Counter(case.state for case in state.cases.values())


def test_before_anything_was_founded(lived: Campaign) -> None:
    state = as_of(lived, FOUNDED - INSTANT)
    assert (state.events, state.cases, state.edition) == (0, {}, "")


def test_a_moment_counts_its_own_events(lived: Campaign) -> None:
    founded = as_of(lived, FOUNDED)
    assert set(states(founded)) == {"drafted"}
    assert founded.edition == lived.edition.sha256
    assert as_of(lived, RECOMMENDED - INSTANT).cases == founded.cases
    assert states(as_of(lived, RECOMMENDED))["recommended"] > 10


def test_what_was_undone_stood_until_then(lived: Campaign) -> None:
    earlier, later = as_of(lived, CORRECTED - INSTANT), as_of(lived, CORRECTED)
    assert earlier.cases[1].recommended_at == "2024-06-29T01:00:00.000000Z"
    assert later.cases[1].recommended_at == "2024-06-29T02:00:00.500000Z"
    assert earlier.cases[11].state == "withdrawn"
    assert (later.cases[11].state, later.cases[11].trail) == ("drafted", "")
    assert {letter.state for letter in earlier.letters.values()} == {"queued"}
    assert {"sent", "cancelled"} <= {letter.state for letter in later.letters.values()}


def test_the_last_moment_is_now(lived: Campaign) -> None:
    state = as_of(lived, JUDGED)
    assert state.contradictions == []
    assert states(state)["surveyed"] == 2
    two = state.cases[2]
    assert (two.number, two.unit, two.scores, two.score_total) == ("2024-0002", "孝感市", 2, 9100 + 8250)
    assert state.scores[2, "评委甲"].row[0] == 9100
    assert len(state.findings["reviews"][1]) == 2
    assert len(state.findings["surveys"]) == 2
    assert as_of(lived, JUDGED + timedelta(days=365)) == state
