"""A dossier: one form of a mail with the scan, pictures, videos and captions that belong to it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from states.facts import Picture, Video
from states.reasons import Reason
from workflow.intake.filename import stem_of
from workflow.intake.form import RecommendationForm
from workflow.intake.scan import Scan
from workflow.intake.text import compact
from workflow.normal_form import to_nfkc

_NUMBER = re.compile(r"^[\s（(【\[]{0,3}(?:案例|项目|附件)?\s?([0-9]{1,3})(?=[)）】\].、．,，\-_—\s]|[^0-9a-zA-Z])")
_COMMON_WORDS = re.compile(
    r"推荐表|申报表|汇报表|扫描件|扫描|盖章|签章|公章|案例|项目|附件|图片|照片|视频|说明|湖北省|网络文明"
)
_SHORTEST_SHARED = 4


@dataclass(frozen=True)
class Dossier:
    """One case as one mail presents it.

    form_sha256 and documents are SHA-256 in hex; documents are all the originals the case rests on, the form first,
    and filenames the names they came under. pictures and videos are measured, in the order they were attached, scans
    not among them. doubts: what a machine cannot decide; one that blocks does so until a person settles it.
    captions: what is said of each picture and video, by its SHA-256.
    """

    form: RecommendationForm
    form_filename: str
    form_sha256: str
    scans: tuple[Scan, ...]
    pictures: tuple[Picture, ...]
    videos: tuple[Video, ...]
    documents: tuple[str, ...]
    filenames: tuple[str, ...]
    reasons: tuple[Reason, ...]
    doubts: tuple[Reason, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """What tells a form's attachments from another's: its file's name and folder, its case and its applicant."""

    filename: str
    folder: str
    name: str
    applicant: str


def choose_claim(filename: str, folder: str, claims: Sequence[Claim]) -> int | None:
    """Return the index of the form an attachment belongs to by its name, None where that cannot be told.

    The only form of a mail has everything. Among several the best likeness wins: the case's name in the
    attachment's, the applicant's, the same leading number, the same folder, a shared beginning; a tie is no answer.
    """
    if len(claims) == 1:
        return 0
    scores = [_likeness(filename, folder, claim, claims) for claim in claims]
    best = max(scores, default=0)
    return scores.index(best) if best > 0 and scores.count(best) == 1 else None


def resembles(filename: str, claim: Claim) -> bool:
    """Tell whether a file bears the very name of the form's file, or little more or less than the case's name."""
    stem, form_stem, name = (compact(text) for text in (stem_of(filename), stem_of(claim.filename), claim.name))
    if not stem:
        return False
    return stem == form_stem or stem.startswith(form_stem) or bool(name and stem == name)


def own_words(filename: str, claims: Sequence[Claim]) -> str:
    """Return a file's name without the names of cases and applicants, so that their words are not taken for its own."""
    words = to_nfkc(stem_of(filename)).lower()
    for claim in claims:
        for text in (claim.name, claim.applicant):
            if text:
                words = words.replace(to_nfkc(text).lower(), " ")
    return words


def _likeness(filename: str, folder: str, claim: Claim, claims: Sequence[Claim]) -> int:
    stem, form_stem = compact(stem_of(filename)), compact(stem_of(claim.filename))
    place = compact(folder)
    name, applicant = compact(claim.name), compact(claim.applicant)
    score = 0
    if name:
        score += 60 if name in stem else 40 if name in place else 0
        score += 20 + _shared(name, stem) if name not in stem and _shared(name, stem) >= _SHORTEST_SHARED else 0
    if applicant:
        score += 25 if applicant in stem else 15 if applicant in place else 0
    number = _leading_number(claim.filename)
    if number and number == _leading_number(filename):
        score += 30 if sum(_leading_number(other.filename) == number for other in claims) == 1 else 0
    if folder != "" and folder == claim.folder and sum(other.folder == folder for other in claims) == 1:
        score += 50
    shared = _shared_beginning(_COMMON_WORDS.sub("", stem), _COMMON_WORDS.sub("", form_stem))
    return score + (min(shared, 10) if shared >= _SHORTEST_SHARED else 0)


def _leading_number(filename: str) -> str:
    match = _NUMBER.match(filename)
    return match[1].lstrip("0") if match else ""


def _shared(name: str, stem: str) -> int:
    """The length of the longest beginning or end of ``name`` that ``stem`` holds."""
    longest = 0
    for length in range(len(name), _SHORTEST_SHARED - 1, -1):
        if name[:length] in stem or name[-length:] in stem:
            longest = length
            break
    return longest


def _shared_beginning(first: str, second: str) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
