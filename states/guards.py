"""The guards that more than one room uses."""

from states.facts import Facts
from states.reasons import Reason


def within_quota(facts: Facts) -> Reason | None:
    """六.2 “实行总数限额推荐”; Appendix 1 gives the seventeen quotas, 3 and 6 the other bodies and key news sites."""
    if facts.holds_place or facts.quota_left is None or facts.quota_left > 0:
        return None
    return Reason("over-quota", "六.2 附件1", {"unit": facts.unit, "quota": facts.quota})


def unit_known(facts: Facts) -> Reason | None:
    """六.1 “由各市州党委网信办，省直机关、高校、国有企事业单位党委宣传部门、其他省级社会组织或平台等报名推荐”."""
    if facts.quota is not None:
        return None
    return Reason("unit-unknown", "六.1", {"unit": facts.unit})


def one_route(facts: Facts) -> Reason | None:
    """六.1 “为避免重复，原则上只通过一种途径推荐”: another unit's recommendation blocks, its draft only warns."""
    if facts.recommended_by is not None:
        return Reason("other-route", "六.1", {"unit": facts.recommended_by})
    if facts.also_submitted_by is not None:
        return Reason("other-route-submitted", "六.1", {"unit": facts.also_submitted_by}, blocking=False)
    return None


def reason_given(facts: Facts) -> Reason | None:
    """六.3 “活动坚持公开、公平、公正原则”: a decision is undone only with its reason on record."""
    return None if says_something(facts.why) else Reason("reason-missing", "六.3")


def reason_advised(facts: Facts) -> Reason | None:
    """六.3 “活动坚持公开、公平、公正原则”: whoever receives the letter wants to know why."""
    return None if says_something(facts.why) else Reason("reason-missing", "六.3", blocking=False)


def evidence_given(facts: Facts) -> Reason | None:
    """六.3 “经查证属实的，取消推选资格”: what was verified, and where it is on record, must be stated."""
    return None if says_something(facts.why) else Reason("evidence-missing", "六.3")


def seat_left(facts: Facts) -> Reason | None:
    """四, phase two: “最后推选50个优秀典型案例”: who had been selected returns only while fewer than fifty are."""
    capacity, taken = facts.rules.capacity, facts.places_taken
    if taken < capacity:
        return None
    return Reason("fifty-full", "四 第二阶段", {"capacity": capacity, "taken": taken})


def says_something(text: str | None) -> bool:
    """Spaces and signs alone, visible or not, give no reason."""
    return any(map(str.isalnum, text or ""))
