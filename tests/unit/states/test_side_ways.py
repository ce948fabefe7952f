"""The ways off the main line and back: decline, withdraw, disqualify, reinstate."""

import pytest

from states import ROOMS
from states.course import COURSE
from tests.builders.facts import RULES, decide, ready

BEFORE_SELECTION = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed")
NAMES = tuple(room.name for room in ROOMS)
SAYS_NOTHING = [None, "", "  ", "\t\n", "\u3000", "\u200b", "……", "---"]
WAYS_BACK = [
    *(("lapsed", state) for state in ("drafted",)),
    *(("declined", state) for state in BEFORE_SELECTION[1:]),
    *(("withdrawn", state) for state in BEFORE_SELECTION),
    *(("disqualified", state) for state in NAMES if state != "disqualified"),
]


def leaving(trigger: str) -> set[str]:
    return {room.name for room in ROOMS if any(exit_.trigger == trigger for exit_ in room.exits)}


def test_who_may_leave_and_how() -> None:
    assert leaving("withdraw") == set(BEFORE_SELECTION)
    assert leaving("decline") == set(BEFORE_SELECTION[1:])
    assert leaving("disqualify") == set(NAMES) - {"disqualified"}
    assert leaving("return") == {"recommended"}
    assert leaving("lapse") == {"drafted"}
    assert leaving("reinstate") == {"lapsed", "declined", "withdrawn", "disqualified"}


@pytest.mark.parametrize("state", BEFORE_SELECTION)
@pytest.mark.parametrize("why", SAYS_NOTHING)
def test_a_withdrawal_without_a_reason_only_warns(state: str, why: str | None) -> None:
    verdict = decide(ready(state, "withdraw", why=why), "withdraw")
    assert (verdict.target, verdict.letter) == ("withdrawn", "withdrawn")
    assert [(reason.code, reason.blocking) for reason in verdict.reasons] == [("reason-missing", False)]


@pytest.mark.parametrize("state", BEFORE_SELECTION[1:])
def test_the_organisers_decline_in_phase_two(state: str) -> None:
    verdict = decide(ready(state, "decline"), "decline")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("declined", "declined", ())


@pytest.mark.parametrize("state", sorted(set(NAMES) - {"disqualified"}))
@pytest.mark.parametrize("why", SAYS_NOTHING)
def test_a_disqualification_needs_evidence(state: str, why: str | None) -> None:
    verdict = decide(ready(state, "disqualify", why=why), "disqualify")
    assert not verdict.allowed
    assert [(reason.code, reason.clause) for reason in verdict.reasons] == [("evidence-missing", "六.3")]
    assert decide(ready(state, "disqualify"), "disqualify").target == "disqualified"


@pytest.mark.parametrize(("state", "left"), WAYS_BACK)
def test_reinstatement_leads_back_to_the_state_it_left(state: str, left: str) -> None:
    verdict = decide(ready(state, "reinstate", left_state=left), "reinstate")
    assert (verdict.target, verdict.letter, verdict.reasons) == (left, "reinstated", ())


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (state, left)
        for state in ("lapsed", "declined", "withdrawn", "disqualified")
        for left in (*NAMES, None, "", "nowhere")
        if (state, left) not in WAYS_BACK
    ],
)
def test_reinstatement_leads_nowhere_else(state: str, left: str | None) -> None:
    verdict = decide(ready(state, "reinstate", left_state=left), "reinstate")
    assert not verdict.allowed
    assert [(reason.code, reason.blocking) for reason in verdict.reasons] == [("wrong-state", True)]


@pytest.mark.parametrize("why", SAYS_NOTHING)
def test_reinstatement_needs_a_reason(why: str | None) -> None:
    verdict = decide(ready("declined", "reinstate", left_state="surveyed", why=why), "reinstate")
    assert [(reason.code, reason.blocking) for reason in verdict.reasons] == [("reason-missing", True)]


def test_who_gave_up_its_place_needs_a_free_one_to_return() -> None:
    full = ready("withdrawn", "reinstate", left_state="prechecked", quota_left=0, recommended_by="湖北省教育厅")
    assert [reason.code for reason in decide(full, "reinstate").reasons] == ["over-quota", "other-route"]
    unlisted = ready("withdrawn", "reinstate", left_state="prechecked", quota=None, quota_left=None)
    assert [reason.code for reason in decide(unlisted, "reinstate").reasons] == ["unit-unknown"]


def test_who_never_held_a_place_returns_without_one() -> None:
    full = ready("withdrawn", "reinstate", left_state="drafted", quota_left=0)
    assert decide(full, "reinstate").target == "drafted"


def test_who_kept_its_place_returns_to_it() -> None:
    for state in ("declined", "disqualified"):
        assert decide(ready(state, "reinstate", left_state="surveyed", quota_left=0), "reinstate").allowed


@pytest.mark.parametrize("left", ["selected", "archived"])
@pytest.mark.parametrize(("taken", "returns"), [(49, True), (50, False), (51, False)])
def test_the_fifty_never_become_fifty_one(left: str, taken: int, returns: bool) -> None:
    verdict = decide(ready("disqualified", "reinstate", left_state=left, places_taken=taken), "reinstate")
    assert verdict.allowed is returns
    assert [reason.code for reason in verdict.reasons] == ([] if returns else ["fifty-full"])


def test_who_was_not_selected_returns_whatever_the_fifty() -> None:
    case = ready("disqualified", "reinstate", left_state="surveyed", places_taken=RULES.capacity)
    assert decide(case, "reinstate").allowed


def test_places_are_held_from_the_recommendation_on() -> None:
    places = {name: room.place.value for name, room in COURSE.room_of.items()}
    assert {name for name, place in places.items() if place == "freed"} == {"drafted", "lapsed", "withdrawn"}
    assert {name for name, place in places.items() if place == "kept"} == {"disqualified"}
