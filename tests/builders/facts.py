"""Facts about one case in which nothing is amiss, under the rule book of 2024."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from states.facts import Facts, Picture, Review, Rules, Survey, Video, Window
from states.machine import law_of
from workflow.edition import find

EDITION = find("hubei-2024")
RULES: Rules = EDITION.rules()
LAW = law_of(EDITION.course)
decide = LAW.decide
INSTANT = timedelta(microseconds=1)
DEADLINE = RULES.received_until
PICTURE = Picture("现场.jpg", "JPG", 300.0, 20)
VIDEO = Video("短片.mp4", "MP4", 1920, 1080, 60)
REVIEW = Review(1, RULES.standards, date(2022, 3, 1), date(2024, 4, 30), mainly_hubei=True)
SURVEY = Survey(1, "onsite", verified=True)


def opening_of(window: str) -> datetime:
    """The first moment at which a trigger of that window may be pulled."""
    return RULES.windows[window].opens


def facts(**changes: Any) -> Facts:
    """A sound draft, recommended by nobody yet, on 20 June 2024; ``changes`` replace what a test is about."""
    return Facts(
        state="drafted",
        left_state=None,
        now=datetime(2024, 6, 20, 4, tzinfo=UTC),
        rules=RULES,
        why="核实后决定",
        unit="武汉市",
        name="社区云上议事厅",
        applicant="武汉市示例社区",
        contact_person="联系人甲",
        contact_phone="027-60000000",
        address="武汉市示例路1号",
        categories=(3,),
        summary_characters=180,
        content_characters=1400,
        content_headings_missing=(),
        applicant_opinion=True,
        recommender_opinion=True,
        scans=1,
        pictures=(PICTURE,),
        videos=(VIDEO,),
        doubts=(),
        received_at=datetime(2024, 6, 18, 2, tzinfo=UTC),
        received_proven=True,
        holds_place=False,
        quota=8,
        quota_left=3,
        recommended_by=None,
        also_submitted_by=None,
        review=REVIEW,
        scores=5,
        survey=SURVEY,
        place=12,
        tied=False,
        places_taken=11,
    )._replace(**changes)


def ready(state: str, trigger: str, **changes: Any) -> Facts:
    """A sound case in ``state`` at the moment the window of ``trigger`` opens."""
    held = {"holds_place": True} if state not in {"drafted", "lapsed", "withdrawn"} else {}
    return facts(**{"state": state, "now": opening_of(trigger), **held, **changes})


def under(**changes: Any) -> Rules:
    """The rules of 2024 with ``changes``, as an amendment would make them."""
    return RULES._replace(**changes)


def with_window(name: str, opens: datetime, closes: datetime) -> Rules:
    """The rules of 2024 with one window moved."""
    return under(windows={**RULES.windows, name: Window(opens, closes, RULES.windows[name].clause)})
