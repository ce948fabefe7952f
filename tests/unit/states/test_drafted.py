"""What a draft needs to be recommended, at each limit, just inside and just outside."""

from datetime import timedelta
from typing import Any

import pytest

from states.doubts import DOUBTS
from states.drafted import FORM_GUARDS, recommendation_over
from states.facts import Facts, Picture, Video
from states.reasons import Reason
from tests.builders.facts import DEADLINE, INSTANT, PICTURE, RULES, VIDEO, decide, facts, ready


def codes(case: Facts, trigger: str = "recommend") -> list[str]:
    return [reason.code for reason in decide(case, trigger).reasons]


def only_reason(case: Facts, trigger: str = "recommend") -> Reason:
    (reason,) = decide(case, trigger).reasons
    return reason


def test_a_sound_draft_is_recommended_without_a_word() -> None:
    verdict = decide(facts(), "recommend")
    assert (verdict.allowed, verdict.target, verdict.letter, verdict.reasons) == (
        True,
        "recommended",
        "recommended",
        (),
    )


@pytest.mark.parametrize(
    ("changes", "code", "clause"),
    [
        ({"name": ""}, "name-missing", "附件4"),
        ({"applicant": ""}, "applicant-missing", "附件4"),
        ({"contact_person": ""}, "contact-missing", "附件4"),
        ({"contact_phone": ""}, "contact-missing", "附件4"),
        ({"categories": ()}, "category-missing", "六.2 附件2"),
        ({"categories": (0,)}, "category-missing", "六.2 附件2"),
        ({"categories": (7,)}, "category-missing", "六.2 附件2"),
        ({"categories": (3, 5)}, "category-many", "六.2 附件2"),
        ({"categories": (6, 7)}, "category-many", "六.2 附件2"),
        ({"summary_characters": 0}, "summary-missing", "附件4"),
        ({"summary_characters": 201}, "summary-too-long", "附件4"),
        ({"content_characters": 0}, "content-missing", "附件4"),
        ({"content_characters": 1501}, "content-too-long", "附件4"),
        ({"applicant_opinion": False}, "applicant-opinion-missing", "附件4"),
        ({"recommender_opinion": False}, "recommender-opinion-missing", "附件4"),
        ({"scans": 0}, "scan-missing", "六.4 六.5"),
        ({"pictures": (PICTURE._replace(format="GIF"),)}, "picture-format", "六.5"),
        ({"pictures": (PICTURE._replace(caption_characters=51),)}, "picture-caption-too-long", "六.5"),
        ({"videos": (VIDEO._replace(format="AVI"),)}, "video-format", "六.5"),
        ({"videos": (VIDEO._replace(caption_characters=201),)}, "video-caption-too-long", "六.5"),
        ({"received_at": DEADLINE}, "received-late", "六.5"),
        ({"quota": None, "quota_left": None}, "unit-unknown", "六.1"),
        ({"quota_left": 0}, "over-quota", "六.2 附件1"),
        ({"quota_left": -1}, "over-quota", "六.2 附件1"),
        ({"recommended_by": "湖北省教育厅"}, "other-route", "六.1"),
        ({"recommended_by": "湖北省教育厅", "also_submitted_by": "湖北省教育厅"}, "other-route", "六.1"),
    ],
)
def test_one_fault_is_refused_with_its_clause(changes: dict[str, Any], code: str, clause: str) -> None:
    verdict = decide(facts(**changes), "recommend")
    assert not verdict.allowed
    assert verdict.letter is None
    assert [(reason.code, reason.clause, reason.blocking) for reason in verdict.reasons] == [(code, clause, True)]


@pytest.mark.parametrize(
    "changes",
    [
        {"summary_characters": 200},
        {"summary_characters": 1},
        {"content_characters": 1500},
        {"content_characters": 1},
        {"categories": (1,)},
        {"categories": (6,)},
        {"pictures": (), "videos": ()},
        {"pictures": (PICTURE._replace(caption_characters=50),)},
        {"videos": (VIDEO._replace(caption_characters=200),)},
        {"received_at": DEADLINE - INSTANT},
        {"quota_left": 1},
        {"quota_left": 0, "holds_place": True},
    ],
)
def test_the_limit_itself_is_allowed(changes: dict[str, Any]) -> None:
    verdict = decide(facts(**changes), "recommend")
    assert verdict.allowed
    assert verdict.reasons == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"address": ""}, "address-missing"),
        ({"content_headings_missing": ("经验启示",)}, "headings-missing"),
        ({"pictures": (PICTURE._replace(caption_characters=0),)}, "caption-missing"),
        ({"videos": (VIDEO._replace(caption_characters=0),)}, "caption-missing"),
        ({"received_proven": False}, "received-time-unproven"),
        ({"also_submitted_by": "湖北省教育厅"}, "other-route-submitted"),
    ],
)
def test_a_wish_warns_and_never_blocks(changes: dict[str, Any], code: str) -> None:
    verdict = decide(facts(**changes), "recommend")
    assert verdict.allowed
    assert [(reason.code, reason.blocking) for reason in verdict.reasons] == [(code, False)]


@pytest.mark.parametrize("dpi", [300, 299.9994, 299.72, 299.5, 600, 72_000])
@pytest.mark.parametrize("picture_format", ["JPG", "PNG"])
def test_a_sharp_picture_passes(dpi: float, picture_format: str) -> None:
    assert codes(facts(pictures=(Picture("a", picture_format, dpi, 5),))) == []


@pytest.mark.parametrize("dpi", [0, 72, 299, 299.4, 299.499, -300, float("nan")])
def test_a_blurred_picture_is_named_with_its_resolution(dpi: float) -> None:
    reason = only_reason(facts(pictures=(PICTURE, Picture("模糊.png", "PNG", dpi, 5))))
    assert reason.code == "picture-resolution"
    assert reason.values == {"files": [f"模糊.png ({dpi:.0f} dpi)"], "dpi": 300}


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (3840, 2160), (2160, 3840), (1920, 1920)])
def test_a_video_is_sharp_in_either_orientation(width: int, height: int) -> None:
    assert codes(facts(videos=(Video("a", "MP4", width, height, 5),))) == []


@pytest.mark.parametrize(
    ("width", "height"), [(1919, 1080), (1920, 1079), (1080, 1919), (1079, 1920), (1440, 1440), (4000, 800), (0, 0)]
)
def test_a_small_video_is_named_with_its_size(width: int, height: int) -> None:
    reason = only_reason(facts(videos=(Video("小.mp4", "MP4", width, height, 5),)))
    assert reason.code == "video-resolution"
    assert reason.values == {"files": [f"小.mp4 ({width}×{height})"], "size": "1920×1080"}


def test_a_wrong_format_is_not_measured_as_well() -> None:
    case = facts(pictures=(Picture("a.gif", "GIF", 0, 5),), videos=(Video("b.avi", "AVI", 0, 0, 5),))
    assert codes(case) == ["picture-format", "video-format"]


def test_each_file_at_fault_is_named() -> None:
    pictures = tuple(Picture(f"{number}.jpg", "JPG", 300, 50 + number) for number in range(3))
    assert only_reason(facts(pictures=pictures)).values == {"files": ["1.jpg", "2.jpg"], "limit": 50}


def test_a_count_is_told_beside_its_limit() -> None:
    assert only_reason(facts(summary_characters=201)).values == {"count": 201, "limit": 200}
    assert only_reason(facts(content_characters=1501)).values == {"count": 1501, "limit": 1500}


def test_limits_come_from_the_rule_book() -> None:
    rules = RULES._replace(limits=RULES.limits._replace(summary_characters=10, picture_dpi=600))
    assert codes(facts(rules=rules)) == ["summary-too-long", "picture-resolution"]


def test_what_came_in_time_may_be_recommended_until_processing_ends() -> None:
    closes = RULES.windows["recommend"].closes
    assert closes > DEADLINE
    assert decide(facts(received_at=DEADLINE - INSTANT, now=closes - INSTANT), "recommend").allowed
    assert codes(facts(received_at=DEADLINE - INSTANT, now=closes)) == ["outside-window"]


def test_every_reason_is_given_and_not_only_the_first() -> None:
    case = facts(
        now=RULES.windows["recommend"].closes,
        name="",
        applicant="",
        contact_phone="",
        address="",
        categories=(),
        summary_characters=0,
        content_characters=9999,
        content_headings_missing=("背景意义",),
        applicant_opinion=False,
        recommender_opinion=False,
        scans=0,
        pictures=(Picture("a", "BMP", 0, 51), Picture("b", "JPG", 72, 0)),
        videos=(Video("c", "AVI", 0, 0, 201), Video("d", "MP4", 640, 480, 0)),
        received_at=DEADLINE,
        received_proven=False,
        quota=None,
        quota_left=0,
        recommended_by="湖北省教育厅",
    )
    assert codes(case) == [
        "outside-window",
        "name-missing",
        "applicant-missing",
        "contact-missing",
        "address-missing",
        "category-missing",
        "summary-missing",
        "content-too-long",
        "headings-missing",
        "applicant-opinion-missing",
        "recommender-opinion-missing",
        "scan-missing",
        "picture-format",
        "picture-resolution",
        "picture-caption-too-long",
        "video-format",
        "video-resolution",
        "video-caption-too-long",
        "caption-missing",
        "received-late",
        "received-time-unproven",
        "unit-unknown",
        "over-quota",
        "other-route",
    ]


def test_the_form_alone_can_be_asked() -> None:
    assert [guard(facts()) for guard in FORM_GUARDS] == [None] * len(FORM_GUARDS)


@pytest.mark.parametrize(
    ("received_at", "now", "lapses"),
    [
        (DEADLINE - INSTANT, DEADLINE, False),
        (DEADLINE - INSTANT, RULES.windows["recommend"].closes - INSTANT, False),
        (DEADLINE - INSTANT, RULES.windows["recommend"].closes, True),
        (DEADLINE, DEADLINE, True),
        (DEADLINE + timedelta(days=1), DEADLINE + timedelta(days=1), True),
    ],
)
def test_a_draft_lapses_when_it_can_no_longer_be_recommended(received_at: Any, now: Any, lapses: bool) -> None:
    case = facts(received_at=received_at, now=now)
    assert decide(case, "lapse").allowed is lapses
    assert (recommendation_over(case) is None) is lapses


def test_a_draft_cannot_lapse_before_the_deadline() -> None:
    case = facts(received_at=DEADLINE, now=DEADLINE - INSTANT)
    assert codes(case, "lapse") == ["outside-window", "window-open"]


def test_a_draft_is_withdrawn_without_asking_for_its_form() -> None:
    assert decide(ready("drafted", "withdraw", name="", scans=0, why=None), "withdraw").allowed


@pytest.mark.parametrize("code", DOUBTS)
def test_a_doubt_is_said_and_holds_a_case_back_where_a_guard_needs_it(code: str) -> None:
    doubt = Reason(code, "六.5", {"files": ["照片.jpg"]}, blocking=DOUBTS[code])
    verdict = decide(facts(doubts=(doubt,)), "recommend")
    assert verdict.reasons == (doubt,)
    assert verdict.allowed != DOUBTS[code]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("scan-unclear", {"scans": 0}),
        ("scan-unreadable", {"scans": 0}),
        ("category-unclear", {"categories": ()}),
        ("category-unclear", {"categories": (1, 2)}),
    ],
)
def test_what_is_in_doubt_is_not_also_missing(code: str, changes: dict[str, Any]) -> None:
    doubt = Reason(code, "六.5", {})
    assert decide(facts(doubts=(doubt,), **changes), "recommend").reasons == (doubt,)
    assert decide(facts(**changes), "recommend").reasons != ()
