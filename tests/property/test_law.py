"""The law agrees, on any facts at all, with a plain reading of the issue that knows no machine."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from states import ROOMS
from states.course import COURSE
from states.facts import Facts, Picture, Review, Survey, Video
from states.reasons import Reason
from tests.builders.facts import DEADLINE, INSTANT, RULES, decide
from workflow import wording

LINE = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected", "archived")
STEPS = dict(
    zip(("recommend", "precheck", "shortlist", "present", "survey", "select", "archive"), LINE[1:], strict=True)
)
SIDE = {
    "return": "drafted",
    "decline": "declined",
    "withdraw": "withdrawn",
    "disqualify": "disqualified",
    "lapse": "lapsed",
}
FROM = {
    **{trigger: {LINE[LINE.index(target) - 1]} for trigger, target in STEPS.items()},
    "return": {"recommended"},
    "decline": set(LINE[1:6]),
    "withdraw": set(LINE[:6]),
    "disqualify": {*LINE, "lapsed", "declined", "withdrawn"},
    "lapse": {"drafted"},
    "reinstate": {"lapsed", "declined", "withdrawn", "disqualified"},
}
CAME_BY = {state: trigger for trigger, state in SIDE.items() if state != "drafted"}
PLACELESS = {"drafted", "lapsed", "withdrawn"}
ZONE = ZoneInfo("Asia/Shanghai")
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

STATES = st.sampled_from([*LINE, "lapsed", "declined", "withdrawn", "disqualified"])
EDGES = sorted({edge for window in RULES.windows.values() for edge in (window.opens, window.closes)} | {DEADLINE})
NEAR_EDGES = st.builds(lambda edge, step: edge + step * INSTANT, st.sampled_from(EDGES), st.integers(-1, 1))
ANY_TIME = st.integers(0, 15_000).map(lambda hours: datetime(2024, 5, 1, tzinfo=UTC) + timedelta(hours=hours))
MOMENTS = NEAR_EDGES | ANY_TIME
DAYS = st.sampled_from(
    [date(2020, 12, 31), date(2021, 1, 1), date(2023, 3, 1), date(2024, 5, 31), date(2024, 6, 1)]
) | st.dates(date(2020, 1, 1), date(2025, 12, 31))
UNITS = st.sampled_from([None, None, "鄂州市", "湖北省教育厅"])
WORDS = st.sampled_from(["核实后决定", "核实后决定", "", " ", "\u200b", "a", "{}", "%s"])
FILLED = st.sampled_from(["甲", "甲", "甲", ""])
DPI = st.sampled_from([0.0, 299.4, 299.5, 299.9994, 300.0]) | st.floats(0, 1200)
CAPTIONS = st.sampled_from([0, 1, 50, 51, 200, 201])
SIDES = st.sampled_from([0, 1079, 1080, 1919, 1920, 3840])
PICTURES = st.builds(Picture, st.just("p"), st.sampled_from(["JPG", "JPG", "PNG", "GIF"]), DPI, CAPTIONS)
VIDEOS = st.builds(Video, st.just("v"), st.sampled_from(["MP4", "MP4", "AVI"]), SIDES, SIDES, CAPTIONS)
STANDARDS = st.just((1, 2, 3, 4, 5)) | st.lists(st.integers(1, 6), unique=True).map(tuple)
REVIEWS = st.none() | st.builds(Review, st.just(1), STANDARDS, DAYS, DAYS, st.booleans())
SURVEYS = st.none() | st.builds(Survey, st.just(1), st.sampled_from(["online", "onsite"]), st.booleans())
MOSTLY = st.sampled_from([True, True, True, False])
DOUBTS = st.builds(
    lambda code: Reason(code, "六.5", {"files": [], "seen": []}, blocking=code.endswith("-unclear")),
    st.sampled_from(["category-unclear", "scan-unclear", "report-scan-missing"]),
)
FACTS = st.builds(
    Facts,
    state=STATES,
    left_state=st.none() | STATES,
    now=MOMENTS,
    rules=st.just(RULES),
    why=st.none() | WORDS,
    unit=st.just("武汉市"),
    name=FILLED,
    applicant=FILLED,
    contact_person=FILLED,
    contact_phone=FILLED,
    address=FILLED,
    categories=st.sampled_from([(3,), (1,), (6,), (), (0,), (7,), (3, 5), (3, 3)]),
    summary_characters=st.sampled_from([180, 180, 0, 1, 200, 201]),
    content_characters=st.sampled_from([1400, 1400, 0, 1, 1500, 1501]),
    content_headings_missing=st.sampled_from([(), (), ("经验启示",)]),
    applicant_opinion=MOSTLY,
    recommender_opinion=MOSTLY,
    scans=st.sampled_from([1, 1, 2, 0]),
    pictures=st.lists(PICTURES, max_size=2).map(tuple),
    videos=st.lists(VIDEOS, max_size=2).map(tuple),
    doubts=st.lists(DOUBTS, max_size=2, unique_by=lambda doubt: doubt.code).map(tuple),
    received_at=MOMENTS,
    received_proven=MOSTLY,
    holds_place=st.booleans(),
    quota=st.sampled_from([8, 8, None]),
    quota_left=st.sampled_from([None, -1, 0, 1, 8]),
    recommended_by=UNITS,
    also_submitted_by=UNITS,
    review=REVIEWS,
    scores=st.integers(0, 3),
    survey=SURVEYS,
    place=st.none() | st.sampled_from([1, 49, 50, 51, 200]),
    tied=st.booleans(),
    places_taken=st.sampled_from([0, 1, 49, 50, 51]),
)
CASES = st.tuples(FACTS, st.sampled_from(COURSE.triggers)).map(
    lambda pair: (pair[0], pair[1])  # any state at all, so mostly the wrong one
) | st.sampled_from(COURSE.triggers).flatmap(
    lambda trigger: st.tuples(
        st.builds(lambda drawn, state: drawn._replace(state=state), FACTS, st.sampled_from(sorted(FROM[trigger]))),
        st.just(trigger),
    )
)


def read_plainly(case: Facts, trigger: str) -> tuple[str | None, set[str], set[str]]:
    """Where the trigger leads, the codes that block it, and those that only warn."""
    target = case.left_state if trigger == "reinstate" else STEPS.get(trigger) or SIDE[trigger]
    if case.state not in FROM[trigger] or (trigger == "reinstate" and case.left_state not in FROM[CAME_BY[case.state]]):
        return None, {"wrong-state"}, set()
    blocks, warns = set(objections(case, trigger)), set(doubts(case, trigger))
    if case.now < case.rules.windows[trigger].opens or case.now >= case.rules.windows[trigger].closes:
        blocks.add("outside-window")
    if target not in {*PLACELESS, "disqualified"} and case.state in {*PLACELESS, "disqualified"}:
        blocks |= {code for code, holds in place_troubles(case) if holds}
        warns |= {"other-route-submitted"} if case.also_submitted_by and not case.recommended_by else set()
    return (None if blocks else target), blocks, warns


def place_troubles(case: Facts) -> Iterator[tuple[str, bool]]:
    yield "unit-unknown", case.quota is None
    yield "over-quota", not case.holds_place and case.quota_left in {-1, 0}
    yield "other-route", bool(case.recommended_by)


def objections(case: Facts, trigger: str) -> Iterator[str]:
    silent = not (case.why and any(character.isalnum() for character in case.why))
    checks: dict[str, Any] = {
        "recommend": form_troubles,
        "lapse": lambda c: [
            ("window-open", c.now < (RULES.windows["recommend"].closes if c.received_at < DEADLINE else DEADLINE))
        ],
        "precheck": review_troubles,
        "present": lambda c: [("not-presented", c.scores < 1)],
        "survey": lambda c: [("survey-missing", c.survey is None)],
        "select": lambda c: [
            ("survey-not-verified", not (c.survey and c.survey.verified)),
            ("not-in-the-fifty", c.place is None or c.place > 50 or c.places_taken >= 50),
        ],
        "return": lambda _: [("reason-missing", silent)],
        "disqualify": lambda _: [("evidence-missing", silent)],
        "reinstate": lambda c: [
            ("reason-missing", silent),
            ("fifty-full", c.left_state in {"selected", "archived"} and c.places_taken >= 50),
        ],
    }
    return (code for code, holds in checks.get(trigger, lambda _: [])(case) if holds)


def form_troubles(c: Facts) -> Iterator[tuple[str, bool]]:
    yield "name-missing", c.name == ""
    yield "applicant-missing", c.applicant == ""
    yield "contact-missing", c.contact_person == "" or c.contact_phone == ""
    seen = {doubt.code for doubt in c.doubts}
    yield from ((code, code in seen) for code in ("category-unclear", "scan-unclear"))
    yield "category-missing", not {1, 2, 3, 4, 5, 6}.intersection(c.categories) and "category-unclear" not in seen
    yield "category-many", len(c.categories) > 1 and "category-unclear" not in seen
    yield "summary-missing", c.summary_characters == 0
    yield "summary-too-long", c.summary_characters > 200
    yield "content-missing", c.content_characters == 0
    yield "content-too-long", c.content_characters > 1500
    yield "applicant-opinion-missing", not c.applicant_opinion
    yield "recommender-opinion-missing", not c.recommender_opinion
    yield "scan-missing", c.scans == 0 and "scan-unclear" not in seen
    yield "picture-format", any(p.format not in {"JPG", "PNG"} for p in c.pictures)
    yield "picture-resolution", any(p.format != "GIF" and p.dpi < 299.5 for p in c.pictures)
    yield "picture-caption-too-long", any(p.caption_characters > 50 for p in c.pictures)
    yield "video-format", any(v.format != "MP4" for v in c.videos)
    yield "video-resolution", any(v.format == "MP4" and not covers(v) for v in c.videos)
    yield "video-caption-too-long", any(v.caption_characters > 200 for v in c.videos)
    yield "received-late", c.received_at >= datetime(2024, 7, 1, tzinfo=ZONE)
    yield "unit-unknown", c.quota is None


def covers(video: Video) -> bool:
    across, up = video.width, video.height
    return (across >= 1920 and up >= 1080) or (across >= 1080 and up >= 1920)


def review_troubles(c: Facts) -> Iterator[tuple[str, bool]]:
    yield "review-missing", c.review is None
    if c.review is not None:
        begun, done = c.review.implemented_from, c.review.implemented_until
        yield "standard-not-met", not set(c.review.standards_met) >= {1, 2, 3, 4, 5}
        yield "implemented-outside-period", begun < date(2021, 1, 1) or done > date(2024, 5, 31) or begun > done
        yield "not-mainly-hubei", not c.review.mainly_hubei


def doubts(case: Facts, trigger: str) -> Iterator[str]:
    if trigger in {"decline", "withdraw"} and not any(map(str.isalnum, case.why or "")):
        yield "reason-missing"
    if trigger == "recommend":
        media: list[Picture | Video] = [*case.pictures, *case.videos]
        wishes = {
            "address-missing": case.address == "",
            "headings-missing": bool(case.content_headings_missing),
            "caption-missing": any(medium.caption_characters == 0 for medium in media),
            "received-time-unproven": not case.received_proven,
            "report-scan-missing": any(doubt.code == "report-scan-missing" for doubt in case.doubts),
        }
        yield from (code for code, holds in wishes.items() if holds)


@UNHURRIED
@given(CASES)
def test_the_law_agrees_with_a_plain_reading(asked: tuple[Facts, str]) -> None:
    case, trigger = asked
    target, blocks, warns = read_plainly(case, trigger)
    verdict = decide(case, trigger)
    assert verdict.target == target
    assert {reason.code for reason in verdict.reasons if reason.blocking} == blocks
    assert {reason.code for reason in verdict.reasons if not reason.blocking} == warns


@UNHURRIED
@given(CASES)
def test_allowed_means_that_nothing_blocks(asked: tuple[Facts, str]) -> None:
    case, trigger = asked
    verdict = decide(case, trigger)
    assert verdict.allowed == (not any(reason.blocking for reason in verdict.reasons))
    assert (verdict.letter is None) == (not verdict.allowed)
    assert len({reason.code for reason in verdict.reasons}) == len(verdict.reasons)


@UNHURRIED
@given(CASES)
def test_the_same_question_has_the_same_answer_and_changes_nothing(asked: tuple[Facts, str]) -> None:
    case, trigger = asked
    before = repr(case)
    first = decide(case, trigger)
    assert decide(case, trigger) == first
    assert repr(case) == before


@UNHURRIED
@given(CASES, st.timedeltas(timedelta(), timedelta(days=600)))
def test_nothing_moves_outside_its_window(asked: tuple[Facts, str], away: timedelta) -> None:
    case, trigger = asked
    window = RULES.windows[trigger]
    for moment in (window.opens - INSTANT - away, window.closes + away):
        assert not decide(case._replace(now=moment), trigger).allowed


@UNHURRIED
@given(CASES)
def test_more_than_fifty_are_never_selected_and_no_quota_is_passed(asked: tuple[Facts, str]) -> None:
    case, trigger = asked
    target = decide(case, trigger).target
    if target in {"selected", "archived"} and case.state not in {"selected", "archived"}:
        assert case.places_taken < 50
    if target not in {None, *PLACELESS, "disqualified"} and not case.holds_place and case.state in PLACELESS:
        assert case.quota_left != 0


@UNHURRIED
@given(CASES, st.sampled_from(wording.LANGUAGES))
def test_every_reason_can_be_said(asked: tuple[Facts, str], language: str) -> None:
    case, trigger = asked
    for reason in decide(case, trigger).reasons:
        sentence = wording.say_reason(reason.code, reason.values, language, ZONE)
        assert not sentence.startswith("reason."), reason.code
        assert "{" not in sentence, sentence


def test_the_plain_reading_covers_the_graph() -> None:
    names = {room.name for room in ROOMS}
    assert set(FROM) == set(COURSE.triggers)
    assert set().union(*FROM.values()) == names
