"""A hearing leaves scores."""

from tests.builders.facts import decide, ready


def test_one_score_is_a_hearing() -> None:
    verdict = decide(ready("shortlisted", "present", scores=1), "present")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("presented", "presented", ())


def test_no_score_is_none() -> None:
    verdict = decide(ready("shortlisted", "present", scores=0), "present")
    assert not verdict.allowed
    assert [(reason.code, reason.clause) for reason in verdict.reasons] == [("not-presented", "四 第二阶段")]
