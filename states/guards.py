"""The guards that more than one room uses."""

from states.facts import Facts
from states.reasons import Reason


def within_quota(facts: Facts) -> Reason | None:
    """六.2 “实行总数限额推荐”; Appendix 1 gives the seventeen quotas, 3 and 6 the other bodies and key news sites."""
    if facts.holds_place or facts.quota_left is None or facts.quota_left > 0:
        return None
    return Reason("over-quota", "六.2 附件1", {"unit": facts.unit, "quota": facts.quota})


def unit_known(facts: Facts) -> Reason | None:
    """六.1 lists who may recommend; a case must come from a unit that the edition knows."""
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
    """A step against the grain is taken only with its reason on record."""
    return None if facts.why else Reason("reason-missing", "六.3")


def reason_advised(facts: Facts) -> Reason | None:
    """Whoever receives the letter wants to know why; without a reason it can only say that it happened."""
    return None if facts.why else Reason("reason-missing", "六.3", blocking=False)


def evidence_given(facts: Facts) -> Reason | None:
    """六.3 “经查证属实的，取消推选资格”: what was verified, and where it is on record, must be stated."""
    return None if facts.why else Reason("evidence-missing", "六.3")
