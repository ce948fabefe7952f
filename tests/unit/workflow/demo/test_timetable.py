from collections import Counter
from datetime import UTC, datetime

import pytest

from workflow.demo.timetable import FLAWS, plan_season

UNITS = {
    "武汉市": ("wxb@wuhan.example", 8),
    "恩施州": ("wxb@enshi.example", 6),
    "仙桃市": ("wxb@xiantao.example", 3),
    "孝感市": ("wxb@xiaogan.example", 0),
    "湖北省教育厅": ("jyt@edu.example", 3),
    "湖北省总工会": ("xcb@union.example", 1),
    "荆楚示例网": ("bianji@news.example", 6),
    "楚天示例网": ("bianji@chutian.example", 6),
}
OPENS = datetime(2024, 6, 2, 16, tzinfo=UTC)
CLOSES = datetime(2024, 6, 30, 16, tzinfo=UTC)
SEASON = plan_season(UNITS)


def test_every_unit_sends_as_many_sound_cases_as_wanted() -> None:
    sound = {(mail.unit, case.name) for mail in SEASON for case in mail.cases if case.flaw is None}
    wanted = {unit: count for unit, (_, count) in UNITS.items() if count}
    assert Counter(unit for unit, _ in sound) == wanted
    assert sum(case.flaw is None for mail in SEASON for case in mail.cases) == sum(wanted.values())


def test_each_flaw_happens_once() -> None:
    flaws = Counter(case.flaw for mail in SEASON for case in mail.cases if case.flaw)
    assert flaws == dict.fromkeys(FLAWS[:4], 1)
    assert [mail.stamped for mail in SEASON if not mail.cases] == [True]
    assert sum(mail.naming == "raw" for mail in SEASON) == 1


def test_all_but_the_late_mail_come_within_june() -> None:
    late = [mail for mail in SEASON if any(case.flaw == "received-late" for case in mail.cases)]
    assert [mail.sent_at for mail in late] == [datetime(2024, 6, 30, 16, 0, 1, tzinfo=UTC)]
    assert late[0].stamped
    assert all(OPENS <= mail.sent_at < CLOSES for mail in SEASON if mail not in late)
    assert sorted(SEASON, key=lambda mail: mail.sent_at) == list(SEASON)


def test_corrected_case_comes_days_later_and_is_otherwise_the_same() -> None:
    (again,) = [mail for mail in SEASON if mail.corrected]
    (first,) = [mail for mail in SEASON if any(case.flaw == "recommender-opinion-missing" for case in mail.cases)]
    (whole,) = again.cases
    flawed = next(case for case in first.cases if case.flaw)
    assert (again.unit, whole.name, whole.content) == (first.unit, flawed.name, flawed.content)
    assert (again.sent_at - first.sent_at).days == 3
    assert whole.recommender_opinion
    assert not flawed.recommender_opinion


def test_over_quota_case_is_the_last_of_its_unit() -> None:
    (extra,) = [mail for mail in SEASON if any(case.flaw == "over-quota" for case in mail.cases)]
    assert extra == [mail for mail in SEASON if mail.unit == extra.unit and mail.sent_at < CLOSES][-1]


def test_forms_are_signed_before_they_are_sent() -> None:
    assert all(case.signed_on < mail.sent_at.date() for mail in SEASON for case in mail.cases)


def test_names_are_unique_but_for_the_corrected_case() -> None:
    names = Counter(case.name for mail in SEASON for case in mail.cases)
    assert [count for count in names.values() if count > 1] == [2]
    assert len({mail.message_id for mail in SEASON}) == len({mail.filename for mail in SEASON}) == len(SEASON)


@pytest.mark.parametrize("seed", range(12))
def test_other_seeds_keep_the_promises(seed: int) -> None:
    season = plan_season(UNITS, seed=seed)
    sound = Counter(mail.unit for mail in season for case in mail.cases if case.flaw is None)
    assert sound == {unit: count for unit, (_, count) in UNITS.items() if count}
    assert season != SEASON
    assert {case.flaw for mail in season for case in mail.cases} == {None, *FLAWS[:4]}
    assert all(case.signed_on < mail.sent_at.date() for mail in season for case in mail.cases)


def test_without_flaws_there_is_nothing_but_sound_cases() -> None:
    season = plan_season(UNITS, flaws=())
    assert {case.flaw for mail in season for case in mail.cases} == {None}
    assert all(mail.cases and mail.naming != "raw" for mail in season)


def test_one_unit_can_have_every_flaw() -> None:
    season = plan_season({"天门市": ("wxb@tianmen.example", 3)})
    sound = [case.name for mail in season for case in mail.cases if case.flaw is None]
    assert len(sound) == len(set(sound)) == 3


def test_unknown_flaw_is_said() -> None:
    with pytest.raises(ValueError, match="forged"):
        plan_season(UNITS, flaws=("forged", "over-quota"))


def test_other_years_have_their_own_dates_and_taken_names_stay_free() -> None:
    taken = {case.name for mail in SEASON for case in mail.cases}
    season = plan_season(UNITS, year=2025, taken_names=taken)
    assert {mail.sent_at.year for mail in season} == {2025}
    assert not taken & {case.name for mail in season for case in mail.cases}
