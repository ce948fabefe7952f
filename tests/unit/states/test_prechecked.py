"""From the precheck to the hearing."""

from tests.builders.facts import RULES, decide, ready


def test_a_prechecked_case_is_shortlisted_by_the_organisers() -> None:
    verdict = decide(ready("prechecked", "shortlist"), "shortlist")
    assert (verdict.target, verdict.letter, verdict.reasons) == ("shortlisted", "shortlisted", ())


def test_shortlisting_ends_with_the_second_phase() -> None:
    closes = RULES.windows["shortlist"].closes
    (reason,) = decide(ready("prechecked", "shortlist", now=closes), "shortlist").reasons
    assert (reason.code, reason.clause) == ("outside-window", "四 第二阶段")
