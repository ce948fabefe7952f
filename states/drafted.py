"""The case was received and read, and is not yet recommended (附件4: what a form holds; 六.5: what comes with it)."""

from states.facts import Facts
from states.guards import one_route, unit_known, within_quota
from states.reasons import Reason
from states.room import Exit, Label, Room
from states.side_ways import DISQUALIFY, WITHDRAW


def has_name(facts: Facts) -> Reason | None:
    """附件4 “案例名称”."""
    return None if facts.name else Reason("name-missing", "附件4")


def has_applicant(facts: Facts) -> Reason | None:
    """附件4 “申报单位”."""
    return None if facts.applicant else Reason("applicant-missing", "附件4")


def has_contact(facts: Facts) -> Reason | None:
    """附件4 “联系人”, “联系方式”."""
    return None if facts.contact_person and facts.contact_phone else Reason("contact-missing", "附件4")


def has_address(facts: Facts) -> Reason | None:
    """附件4 “通讯地址”: asked for, but nobody is turned away for want of it."""
    return None if facts.address else Reason("address-missing", "附件4", blocking=False)


def has_one_category(facts: Facts) -> Reason | None:
    """六.2 “分为六个类别推荐报送（见附件2）”: exactly one of them."""
    categories, known = facts.categories, facts.rules.categories
    if _in_doubt(facts, "category-unclear"):
        return None
    if len(categories) == 1 and categories[0] in known:
        return None
    if not any(category in known for category in categories):
        return Reason("category-missing", "六.2 附件2")
    return Reason("category-many", "六.2 附件2", {"categories": list(categories)})


def summary_fits(facts: Facts) -> Reason | None:
    """附件4 “案例简介不超过 200字”."""
    limit = facts.rules.limits.summary_characters
    if 0 < facts.summary_characters <= limit:
        return None
    if not facts.summary_characters:
        return Reason("summary-missing", "附件4")
    return Reason("summary-too-long", "附件4", {"count": facts.summary_characters, "limit": limit})


def content_fits(facts: Facts) -> Reason | None:
    """附件4 “案例内容不超过1500字”."""
    limit = facts.rules.limits.content_characters
    if 0 < facts.content_characters <= limit:
        return None
    if not facts.content_characters:
        return Reason("content-missing", "附件4")
    return Reason("content-too-long", "附件4", {"count": facts.content_characters, "limit": limit})


def content_keeps_headings(facts: Facts) -> Reason | None:
    """附件4 “背景意义”, “创新做法”, “实施成效”, “经验启示”: a form that drops a heading is still a form."""
    missing = facts.content_headings_missing
    return Reason("headings-missing", "附件4", {"headings": list(missing)}, blocking=False) if missing else None


def applicant_agrees(facts: Facts) -> Reason | None:
    """附件4 “申报单位意见”."""
    return None if facts.applicant_opinion else Reason("applicant-opinion-missing", "附件4")


def recommender_agrees(facts: Facts) -> Reason | None:
    """附件4 “推荐单位意见”."""
    return None if facts.recommender_opinion else Reason("recommender-opinion-missing", "附件4")


def has_stamped_scan(facts: Facts) -> Reason | None:
    """六.4 “填写推荐表（见附件4）并盖章”, 六.5 “含电子版和盖章文件扫描件”."""
    if facts.scans or _in_doubt(facts, "scan-unclear", "scan-unreadable"):
        return None
    return Reason("scan-missing", "六.4 六.5")


def pictures_in_format(facts: Facts) -> Reason | None:
    """六.5 “图片：JPG/PNG格式”."""
    formats = facts.rules.limits.picture_formats
    files = [picture.filename for picture in facts.pictures if picture.format not in formats]
    return Reason("picture-format", "六.5", {"files": files, "formats": list(formats)}) if files else None


def pictures_sharp(facts: Facts) -> Reason | None:
    """六.5 “清晰度不低于300dpi”. PNG stores whole pixels a metre and reads 299.9994: half a dot is allowed for."""
    limits = facts.rules.limits
    blurred = [
        picture
        for picture in facts.pictures
        if picture.format in limits.picture_formats and not picture.dpi >= limits.picture_dpi - 0.5
    ]
    if not blurred:
        return None
    files = [f"{picture.filename} ({picture.dpi:.0f} dpi)" for picture in blurred]
    return Reason("picture-resolution", "六.5", {"files": files, "dpi": limits.picture_dpi})


def picture_captions_fit(facts: Facts) -> Reason | None:
    """六.5 “并附文字说明，字数不超过50字”."""
    limit = facts.rules.limits.picture_caption_characters
    files = [picture.filename for picture in facts.pictures if picture.caption_characters > limit]
    return Reason("picture-caption-too-long", "六.5", {"files": files, "limit": limit}) if files else None


def videos_in_format(facts: Facts) -> Reason | None:
    """六.5 “视频：MP4格式”."""
    formats = facts.rules.limits.video_formats
    files = [video.filename for video in facts.videos if video.format not in formats]
    return Reason("video-format", "六.5", {"files": files, "formats": list(formats)}) if files else None


def videos_sharp(facts: Facts) -> Reason | None:
    """六.5 “清晰度不低于1920*1080”, in either orientation."""
    limits = facts.rules.limits
    small = [
        video
        for video in facts.videos
        if video.format in limits.video_formats
        and (
            max(video.width, video.height) < limits.video_long_side
            or min(video.width, video.height) < limits.video_short_side
        )
    ]
    if not small:
        return None
    files = [f"{video.filename} ({video.width}×{video.height})" for video in small]
    size = f"{limits.video_long_side}×{limits.video_short_side}"
    return Reason("video-resolution", "六.5", {"files": files, "size": size})


def video_captions_fit(facts: Facts) -> Reason | None:
    """六.5 “并附文字说明，字数不超过200字”."""
    limit = facts.rules.limits.video_caption_characters
    files = [video.filename for video in facts.videos if video.caption_characters > limit]
    return Reason("video-caption-too-long", "六.5", {"files": files, "limit": limit}) if files else None


def media_captioned(facts: Facts) -> Reason | None:
    """六.5 “并附文字说明”: asked for, but nobody is turned away for want of it."""
    files = [picture.filename for picture in facts.pictures if not picture.caption_characters]
    files += [video.filename for video in facts.videos if not video.caption_characters]
    return Reason("caption-missing", "六.5", {"files": files}, blocking=False) if files else None


def received_in_time(facts: Facts) -> Reason | None:
    """六.5 “各单位于6月30日前将案例推荐表…报送至邮箱”: until the end of that day."""
    until = facts.rules.received_until
    if facts.received_at < until:
        return None
    return Reason("received-late", "六.5", {"received": facts.received_at.isoformat(), "until": until.isoformat()})


def received_time_proven(facts: Facts) -> Reason | None:
    """六.5 “于6月30日前”: without a server's stamp the date is the sender's own word."""
    if facts.received_proven:
        return None
    return Reason("received-time-unproven", "六.5", {"received": facts.received_at.isoformat()}, blocking=False)


def recommendation_over(facts: Facts) -> Reason | None:
    """六.5 “于6月30日前”: a draft lapses once it can no longer be recommended; one that came in time waits longer."""
    in_time = facts.received_at < facts.rules.received_until
    until = facts.rules.windows["recommend"].closes if in_time else facts.rules.received_until
    if facts.now >= until:
        return None
    return Reason("window-open", "六.5", {"until": until.isoformat()})


def out_of_doubt(facts: Facts) -> tuple[Reason, ...] | None:
    """六.5 “含电子版和盖章文件扫描件”: what a machine could not decide of it is said until a person has."""
    return facts.doubts or None


def _in_doubt(facts: Facts, *codes: str) -> bool:
    """Whether a doubt already speaks of what a guard asks about."""
    return any(doubt.code in codes for doubt in facts.doubts)


FORM_GUARDS = (
    has_name,
    has_applicant,
    has_contact,
    has_address,
    has_one_category,
    summary_fits,
    content_fits,
    content_keeps_headings,
    applicant_agrees,
    recommender_agrees,
    has_stamped_scan,
    pictures_in_format,
    pictures_sharp,
    picture_captions_fit,
    videos_in_format,
    videos_sharp,
    video_captions_fit,
    media_captioned,
    out_of_doubt,
)

ROOM = Room(
    name="drafted",
    label=Label("已接收", "Drafted"),
    start=True,
    exits=(
        Exit(
            "recommend",
            "recommended",
            "recommend",
            "recommended",
            (*FORM_GUARDS, received_in_time, received_time_proven, unit_known),
            guards_of_place=(within_quota, one_route),
        ),
        Exit("lapse", "lapsed", "lapse", "lapsed", (recommendation_over,), at_close=True, tells_shortfall=True),
        WITHDRAW,
        DISQUALIFY,
    ),
)
