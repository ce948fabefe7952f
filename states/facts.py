"""Everything a guard may look at: the case, the rules it is under, and the moment; none of it can be changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from states.reasons import Reason


class Window(NamedTuple):
    """A half-open span [opens, closes) of aware UTC moments, with the clause that sets it."""

    opens: datetime
    closes: datetime
    clause: str

    def contains(self, moment: datetime) -> bool:
        return self.opens <= moment < self.closes


class Limits(NamedTuple):
    """The notice's measures (六.5, 附件4): characters as Word counts them, dpi, pixels."""

    summary_characters: int
    content_characters: int
    picture_formats: tuple[str, ...]
    picture_dpi: int
    picture_caption_characters: int
    video_formats: tuple[str, ...]
    video_long_side: int
    video_short_side: int
    video_caption_characters: int


class Rules(NamedTuple):
    """What one version of the rule book says to the guards; built by the edition, the same for every case."""

    windows: Mapping[str, Window]
    received_until: datetime
    limits: Limits
    categories: tuple[int, ...]
    standards: tuple[int, ...]
    implemented_from: date
    implemented_until: date
    capacity: int


class Picture(NamedTuple):
    """A picture as measured at intake; dpi is the smaller of both directions, 0 where the file does not say."""

    filename: str
    format: str
    dpi: float
    caption_characters: int


class Video(NamedTuple):
    """A video as measured at intake, in pixels as displayed; 0 × 0 where it could not be read."""

    filename: str
    format: str
    width: int
    height: int
    caption_characters: int


class Review(NamedTuple):
    """A recorded precheck (五): the numbers of the standards met, and the two conditions before them."""

    id: int
    standards_met: tuple[int, ...]
    implemented_from: date
    implemented_until: date
    mainly_hubei: bool


class Survey(NamedTuple):
    """A recorded survey (四, phase two): online or on site, and whether it verified the case."""

    id: int
    mode: str
    verified: bool


class Facts(NamedTuple):
    """One case at one moment.

    quota_left: places its unit still has; asked only of a case that holds none.
    place: the case's place in the ranking counted from the unlucky end of a tie
        (how many candidates score as high or higher); None while unscored.
    places_taken: cases already among the selected.
    doubts: what a machine could not decide of what came, as the reasons that intake gave; a person settles them.
    recommended_by, also_submitted_by: the other unit that has recommended, or merely submitted, the same case.
    left_state: for a case that left the main line, the state it left.
    """

    state: str
    left_state: str | None
    now: datetime
    rules: Rules
    why: str | None
    unit: str
    name: str
    applicant: str
    contact_person: str
    contact_phone: str
    address: str
    categories: tuple[int, ...]
    summary_characters: int
    content_characters: int
    content_headings_missing: tuple[str, ...]
    applicant_opinion: bool
    recommender_opinion: bool
    scans: int
    pictures: tuple[Picture, ...]
    videos: tuple[Video, ...]
    doubts: tuple[Reason, ...]
    received_at: datetime
    received_proven: bool
    holds_place: bool
    quota: int | None
    quota_left: int | None
    recommended_by: str | None
    also_submitted_by: str | None
    review: Review | None
    scores: int
    survey: Survey | None
    place: int | None
    tied: bool
    places_taken: int
