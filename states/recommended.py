"""Its unit recommended the case within the quota (六.2); the organisers check it against the standards (五)."""

from states.facts import Facts
from states.guards import reason_given
from states.reasons import Reason
from states.room import REVIEW, Exit, Label, Place, Room
from states.side_ways import DECLINE, DISQUALIFY, WITHDRAW


def reviewed(facts: Facts) -> Reason | None:
    """四, phase two: “主办方和承办方对推荐案例资料进行初步审核”."""
    return None if facts.review else Reason("review-missing", "四 第二阶段")


def meets_every_standard(facts: Facts) -> Reason | None:
    """五 “且符合以下标准”: each of the five must be met; none makes up for another."""
    if facts.review is None:
        return None
    missed = [number for number in facts.rules.standards if number not in facts.review.standards_met]
    if not missed:
        return None
    return Reason("standard-not-met", " ".join(f"五.{number}" for number in missed), {"standards": missed})


def implemented_in_period(facts: Facts) -> Reason | None:
    """五 “案例（项目）实施时限为2021年1月至2024年5月”."""
    review, rules = facts.review, facts.rules
    if review is None:
        return None
    if rules.implemented_from <= review.implemented_from <= review.implemented_until <= rules.implemented_until:
        return None
    values = {
        "started": f"{review.implemented_from:%Y-%m}",
        "ended": f"{review.implemented_until:%Y-%m}",
        "earliest": f"{rules.implemented_from:%Y-%m}",
        "latest": f"{rules.implemented_until:%Y-%m}",
    }
    return Reason("implemented-outside-period", "五", values)


def serves_hubei(facts: Facts) -> Reason | None:
    """五 “服务地、服务人群以湖北省内为主”."""
    if facts.review is None or facts.review.mainly_hubei:
        return None
    return Reason("not-mainly-hubei", "五")


ROOM = Room(
    name="recommended",
    label=Label("已推荐", "Recommended"),
    place=Place.HELD,
    takes=(REVIEW,),
    exits=(
        Exit(
            "precheck",
            "prechecked",
            "precheck",
            "prechecked",
            (reviewed, meets_every_standard, implemented_in_period, serves_hubei),
            asks=REVIEW,
        ),
        Exit("return", "drafted", "return", "returned", why=reason_given),
        DECLINE,
        WITHDRAW,
        DISQUALIFY,
    ),
)
