"""The ways off the main line, and back, that several rooms share."""

from states.guards import evidence_given, one_route, reason_advised, reason_given, seat_left, unit_known, within_quota
from states.room import THE_STATE_IT_LEFT, Exit

DECLINE = Exit("decline", "declined", "decline", "declined", why=reason_advised, at_close=True)
"""四, phase two: “筛选出符合申报条件的优秀案例”; the unit of a case that is not among them is told so."""

WITHDRAW = Exit("withdraw", "withdrawn", "withdraw", "withdrawn", why=reason_advised)
"""六.3 “本次活动遵循自愿申报原则”: what was entered freely may be taken back."""

DISQUALIFY = Exit("disqualify", "disqualified", "disqualify", "disqualified", why=evidence_given)
"""六.3 “提供虚假情况和资料，或有违法违纪、不当行为等问题，经查证属实的，取消推选资格”."""

REINSTATE = Exit(
    "reinstate",
    THE_STATE_IT_LEFT,
    "reinstate",
    "reinstated",
    guards_of_seat=(seat_left,),
    guards_of_place=(unit_known, within_quota, one_route),
    why=reason_given,
)
"""六.3 “公开、公平、公正”: a decision that proves wrong is put right, with its reason on record."""
