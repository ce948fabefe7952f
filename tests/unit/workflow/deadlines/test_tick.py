"""Each deadline fires once, in its turn, as of the moment it fell due."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.campaigns import (
    IN_TIME,
    Draft,
    add_drafts,
    at,
    bring,
    found_rehearsal,
    judge,
    move,
    plain_drafts,
    problems,
    states,
)
from tests.builders.clockwork import (
    INSTANT,
    OPENING,
    PHASE_TWO_CLOSED,
    RECOMMENDATIONS_CLOSED,
    SUBMISSIONS_CLOSED,
    amended,
    count_rows,
    letters,
    local,
    run,
)
from tests.builders.inbox import message_of, open_letter, read_body
from workflow.audit.check.verify import verify
from workflow.deadlines.amendment import extend
from workflow.deadlines.tick import look_ahead, preview, tick
from workflow.engine.campaign import Campaign
from workflow.engine.undo import undo


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati", "UTC"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    os.environ.pop("TZ", None)
    time.tzset()


def test_nothing_is_due_before_the_first_deadline(campaign: Campaign) -> None:
    assert list(tick(campaign)) == []
    following = look_ahead(campaign)
    assert following is not None
    assert (following.name, following.due) == ("notice-issued", local(5, 28, 9))


def test_a_deadline_fires_at_its_moment_and_not_an_instant_earlier(campaign: Campaign) -> None:
    run(campaign, local(6, 29))
    assert run(campaign, SUBMISSIONS_CLOSED - INSTANT) == {}
    assert run(campaign, datetime(2024, 6, 30, 15, 59, 59, 999_000, tzinfo=UTC)) == {}
    assert list(run(campaign, SUBMISSIONS_CLOSED)) == ["submissions-closed", "phase-one-sealed"]
    assert run(campaign, SUBMISSIONS_CLOSED) == {}


def test_all_that_is_due_fires_oldest_first_and_once(campaign: Campaign) -> None:
    fired = list(tick(at(campaign, local(12, 2))))
    assert [each.deadline for each in fired] == [deadline.name for deadline in campaign.edition.deadlines]
    assert [each.due for each in fired] == sorted(each.due for each in fired)
    assert list(tick(at(campaign, local(12, 2)))) == []
    assert count_rows(campaign, "firings") == len(campaign.edition.deadlines)
    assert problems(campaign) == []


def test_the_machines_zone_does_not_matter(campaign: Campaign, machine_zone: str) -> None:
    assert run(campaign, SUBMISSIONS_CLOSED - INSTANT)["six-days-left"].due == local(6, 24, 9), machine_zone
    assert "submissions-closed" in run(campaign, SUBMISSIONS_CLOSED)


def test_a_leap_day_is_a_day(database_url: str, tmp_path: Path) -> None:
    edition = amended(("opens = 2024-05-28\nlast_day = 2024-06-30", "opens = 2024-02-29\nlast_day = 2024-06-30"))
    campaign = found_rehearsal(database_url, tmp_path, edition, now=local(2, 20))
    assert run(campaign, local(2, 29, 9) - INSTANT) == {}
    assert run(campaign, local(2, 29, 9))["notice-issued"].due == datetime(2024, 2, 29, 1, tzinfo=UTC)
    campaign.engine.dispose()


def test_a_zone_with_daylight_saving_keeps_its_midnights(database_url: str, tmp_path: Path) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    edition = amended(('zone = "Asia/Shanghai"', 'zone = "Europe/Berlin"'))
    campaign = found_rehearsal(database_url, tmp_path, edition, now=local(5, 28, zone=berlin))
    due = {fired.deadline: fired.due for fired in tick(at(campaign, local(12, 2, zone=berlin)))}
    assert due["submissions-closed"] == datetime(2024, 6, 30, 22, tzinfo=UTC)
    assert due["campaign-closed"] == datetime(2024, 11, 30, 23, tzinfo=UTC)
    assert due["archive-pending"] == datetime(2024, 11, 18, 8, tzinfo=UTC)
    campaign.engine.dispose()


def test_drafts_lapse_when_recommending_is_over(campaign: Campaign) -> None:
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市", "黄石市"), 3))
    move(at(campaign, local(6, 28)), "recommend", ordinals[:1])
    closed = run(campaign, SUBMISSIONS_CLOSED)["submissions-closed"].report
    assert (closed.moved, closed.refused) == ([], [])
    report = run(campaign, RECOMMENDATIONS_CLOSED)["recommendations-closed"].report
    assert [(each.case_id, each.target) for each in report.moved] == [(2, "lapsed"), (3, "lapsed")]
    assert report.refused == []
    assert sorted((letter.recipient, letter.kind) for letter in report.letters) == [
        ("武汉市", "lapsed"),
        ("黄石市", "lapsed"),
    ]
    assert states(campaign) == {1: "recommended", 2: "lapsed", 3: "lapsed"}
    assert problems(campaign) == []


def test_a_close_leaves_the_selected_alone(campaign: Campaign, tmp_path: Path) -> None:
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市", "襄阳市"), 2))
    campaign = bring(campaign, ordinals, "selected", tmp_path)
    assert run(campaign, PHASE_TWO_CLOSED)["selection-closed"].report.moved == []
    assert set(states(campaign).values()) == {"selected"}


def test_every_stage_of_phase_two_is_declined_with_a_letter(campaign: Campaign, tmp_path: Path) -> None:
    stages = ("surveyed", "presented", "shortlisted", "prechecked", "recommended")
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), len(stages)))
    move(at(campaign, local(6, 28)), "recommend", ordinals)
    for trigger, moment, count in (
        ("precheck", local(7, 20), 4),
        ("shortlist", local(7, 25), 3),
        ("present", local(8, 20), 2),
        ("survey", local(9, 10), 1),
    ):
        step(at(campaign, moment), trigger, ordinals[:count], tmp_path)
    assert list(states(campaign).values()) == list(stages)
    run(campaign, PHASE_TWO_CLOSED - INSTANT)
    assert list(states(campaign).values()) == list(stages)
    report = run(campaign, PHASE_TWO_CLOSED)["selection-closed"].report
    assert [each.source for each in report.moved] == list(stages)
    assert {each.target for each in report.moved} == {"declined"}
    assert [(letter.kind, len(letter.cases)) for letter in report.letters] == [("declined", 5)]
    assert "案例推选已结束。" in read_body(message_of(campaign, report.letters[0]))
    assert problems(campaign) == []


def step(campaign: Campaign, trigger: str, ordinals: list[int], folder: Path) -> None:
    if trigger != "shortlist":
        judge(campaign, trigger, ordinals, folder)
    assert len(move(campaign, trigger, ordinals).moved) == len(ordinals)


def test_what_changed_after_the_moment_is_not_touched(campaign: Campaign) -> None:
    closed = RECOMMENDATIONS_CLOSED
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 3))
    recommended = move(at(campaign, local(6, 28)), "recommend", ordinals)
    move(at(campaign, closed - INSTANT), "return", ordinals[:1])
    assert recommended.batch is not None
    undone = undo(at(campaign, closed + INSTANT), recommended.batch, "有误")
    assert [each.case_id for each in undone.moved] == [2, 3]
    add_drafts(at(campaign, closed + timedelta(hours=2)), [Draft("武汉市", "后补案例")])
    add_drafts(at(campaign, closed + timedelta(hours=3)), [Draft("武汉市", "迟到案例", received_at=closed + INSTANT)])
    assert set(states(campaign).values()) == {"drafted"}
    report = run(campaign, local(7, 20))["recommendations-closed"].report
    assert [each.case_id for each in report.moved] == [1]
    assert report.refused == []
    assert states(campaign) == {1: "lapsed", 2: "drafted", 3: "drafted", 4: "drafted", 5: "drafted"}
    assert problems(campaign) == []


def test_what_an_earlier_deadline_did_counts_from_its_own_moment(database_url: str, tmp_path: Path) -> None:
    """Dealt with in one go after an outage, the second deadline still sees what the first one moved."""
    lapse = 'kind = "advance"\nclose_of = "recommend"\ntrigger = "lapse"'
    disqualified = lapse.replace('"lapse"', '"disqualify"')
    campaign = found_rehearsal(database_url, tmp_path, amended((lapse, disqualified)), now=OPENING)
    add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 1))
    fired = run(campaign, local(7, 20))
    assert [each.target for each in fired["recommendations-closed"].report.moved] == ["lapsed"]
    assert [each.source for each in fired["drafts-lapse"].report.moved] == ["lapsed"]
    campaign.engine.dispose()


def test_an_outage_over_the_close_ends_as_if_there_had_been_none(campaign: Campaign, tmp_path: Path) -> None:
    other = found_rehearsal(f"sqlite:///{tmp_path / 'other.db'}", tmp_path, now=OPENING)
    ends = []
    for each, watched in ((campaign, True), (other, False)):
        add_drafts(at(each, IN_TIME), plain_drafts(("武汉市", "黄石市"), 8))
        for day in range(46):
            moment = OPENING + timedelta(days=day + 22)
            if watched or not local(6, 25) <= moment < local(7, 5):
                list(tick(at(each, moment)))
            if moment == local(7, 3):
                move(at(each, moment), "recommend", [1, 2, 3])
        ends.append(states(each))
        assert problems(each) == []
    assert ends[0] == ends[1]
    assert set(ends[0].values()) == {"recommended", "lapsed"}
    other.engine.dispose()


def test_late_letters_that_make_no_sense_are_passed_over_with_why(campaign: Campaign) -> None:
    fired = run(campaign, local(6, 29))
    assert {name: (each.outcome, each.why) for name, each in fired.items()} == {
        "notice-issued": ("fired", ""),
        "thirteen-days-left": ("skipped", "overtaken"),
        "six-days-left": ("skipped", "overtaken"),
        "two-days-left": ("fired", ""),
    }
    fired = run(campaign, local(8, 1))
    assert fired["recommendations-pending"].why == "window-closed"
    assert fired["submissions-closed"].outcome == "fired"
    assert fired["prechecks-pending"].why == "nothing-to-say"
    with campaign.reading() as connection:
        told = connection.execute(text("SELECT deadline, why FROM firings WHERE outcome = 'skipped' ORDER BY batch_id"))
        assert [tuple(row) for row in told][:2] == [("thirteen-days-left", "overtaken"), ("six-days-left", "overtaken")]
    assert problems(campaign) == []


def test_what_fell_due_before_the_founding_is_passed_over(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path, now=local(7, 2))
    fired = run(campaign, local(7, 2))
    assert {each.why for each in fired.values()} == {"before-founding"}
    assert letters(campaign) == []
    campaign.engine.dispose()


def test_an_announcement_goes_to_every_unit_in_its_language(database_url: str, tmp_path: Path) -> None:
    english = ('name = "武汉市"\nname_en = "Wuhan"', 'name = "武汉市"\nname_en = "Wuhan"\nlanguage = "en"')
    campaign = found_rehearsal(database_url, tmp_path, amended(english), now=OPENING)
    report = run(campaign, local(5, 28, 9))["notice-issued"].report
    assert [letter.recipient for letter in report.letters] == list(campaign.edition.units)
    assert {letter.kind for letter in report.letters} == {"announce"}
    first, second = (read_body(message_of(campaign, letter)) for letter in report.letters[:2])
    assert "To Wuhan," in first
    assert "Submissions are received until" in first
    assert "2024年7月1日至2024年9月30日24时" in second
    campaign.engine.dispose()


def test_a_reminder_names_quota_drafts_and_problems(campaign: Campaign) -> None:
    run(campaign, local(6, 16))
    full = plain_drafts(("仙桃市",), 3)
    flawed = Draft("武汉市", "缺章案例", changes={"scans": 0})
    ordinals = add_drafts(at(campaign, IN_TIME), [*full, flawed, Draft("黄石市", "完备案例")])
    move(at(campaign, local(6, 20)), "recommend", ordinals[:3])
    report = run(campaign, local(6, 24, 9))["six-days-left"].report
    sent = {letter.recipient: letter for letter in report.letters}
    assert "仙桃市" not in sent
    assert set(sent) == set(campaign.edition.units) - {"仙桃市"}
    assert sent["武汉市"].cases == ("2024-0004",)
    assert "扫描件" in read_body(message_of(campaign, sent["武汉市"])).partition("2024-0004")[2]
    assert "材料齐全，待办理推荐登记。" in read_body(message_of(campaign, sent["黄石市"]))
    assert "推荐名额5个，已推荐0个，尚可推荐5个。" in read_body(message_of(campaign, sent["黄石市"]))
    assert "2024年6月30日24时" in read_body(message_of(campaign, sent["十堰市"]))
    assert "还有6天" in read_body(message_of(campaign, sent["十堰市"]))


def test_a_reminder_that_comes_days_late_counts_no_days(campaign: Campaign) -> None:
    report = run(campaign, local(6, 26))["six-days-left"].report
    assert report.letters
    assert all("还有6天" not in read_body(message_of(campaign, letter)) for letter in report.letters)


def test_a_nudge_tells_the_organisers_what_is_stuck_where_and_why(campaign: Campaign) -> None:
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 2))
    move(at(campaign, local(6, 28)), "recommend", ordinals[:1])
    run(campaign, local(7, 10))
    report = run(campaign, local(7, 11, 9))["recommendations-pending"].report
    assert [(letter.recipient, letter.address, letter.cases) for letter in report.letters] == [
        ("organiser", "organiser@anli.example", ("2024-0002",))
    ]
    run(campaign, local(7, 20))
    report = run(campaign, local(7, 31, 9))["prechecks-pending"].report
    (letter,) = report.letters
    assert letter.cases == ("2024-0001",)
    assert "武汉市" in read_body(message_of(campaign, letter))
    assert "尚无初步审核记录" in read_body(message_of(campaign, letter))


def test_without_organisers_a_nudge_goes_to_the_campaigns_own_mailbox(database_url: str, tmp_path: Path) -> None:
    edition = amended(('address = "organiser@anli.example"\n', ""))
    campaign = found_rehearsal(database_url, tmp_path, edition, now=OPENING)
    add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 1))
    report = run(campaign, local(7, 11, 9))["recommendations-pending"].report
    assert [letter.address for letter in report.letters] == [edition.mail.reply_to]
    campaign.engine.dispose()


def test_a_checkpoint_records_the_root_and_mails_it_to_the_auditors(campaign: Campaign) -> None:
    run(campaign, SUBMISSIONS_CLOSED - INSTANT)
    fired = tick(at(campaign, SUBMISSIONS_CLOSED))
    assert next(fired).deadline == "submissions-closed"
    with campaign.reading() as connection:
        verified = verify(connection, campaign.originals)
    (letter,) = next(fired).report.letters
    assert letter.address == "auditor@anli.example"
    assert verified.root in read_body(message_of(campaign, letter))


def test_an_advance_moves_what_the_law_lets_through(database_url: str, tmp_path: Path) -> None:
    edition = amended(
        (
            'kind = "nudge"\ndue = 2024-07-31T09:00:00',
            'kind = "advance"\ntrigger = "precheck"\ndue = 2024-07-31T09:00:00',
        )
    )
    campaign = found_rehearsal(database_url, tmp_path, edition, now=OPENING)
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 2))
    move(at(campaign, local(6, 28)), "recommend", ordinals)
    judge(at(campaign, local(7, 20)), "precheck", ordinals[:1], tmp_path)
    report = run(campaign, local(7, 31, 9))["prechecks-pending"].report
    assert report.trigger == "precheck"
    assert [each.case_id for each in report.moved] == [1]
    assert [(each.case_id, each.reasons[0].code) for each in report.refused] == [(2, "review-missing")]
    assert problems(campaign) == []
    campaign.engine.dispose()


def test_the_events_tell_both_moments(campaign: Campaign) -> None:
    add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 1))
    run(campaign, local(7, 20))
    with campaign.reading() as connection:
        leaf = connection.execute(text("SELECT leaf FROM events WHERE kind = 'move'")).scalar_one()
    assert b'"at":"2024-07-19T16:00:00Z"' in bytes(leaf)
    assert b'"due":"2024-07-15T16:00:00Z"' in bytes(leaf)
    assert b'"trigger":"lapse"' in bytes(leaf)


def test_a_batch_of_the_clock_can_be_undone_and_does_not_fire_again(campaign: Campaign) -> None:
    add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市",), 1))
    batch = run(campaign, RECOMMENDATIONS_CLOSED)["recommendations-closed"].report.batch
    assert batch is not None
    undo(at(campaign, local(7, 17)), batch, "误操作")
    assert run(campaign, local(7, 18)) == {}
    assert states(campaign) == {1: "drafted"}
    assert problems(campaign) == []


def test_a_dry_run_says_what_would_be_and_writes_nothing(campaign: Campaign) -> None:
    add_drafts(at(campaign, IN_TIME), plain_drafts(("武汉市", "黄石市"), 4))
    counted = {table: count_rows(campaign, table) for table in ("events", "batches", "firings", "letters", "cases")}
    proposed = preview(at(campaign, local(7, 20)))
    assert {table: count_rows(campaign, table) for table in counted} == counted
    assert all(fired.report.batch is None for fired in proposed)
    done = list(tick(at(campaign, local(7, 20))))
    for fired, foreseen in zip(done, proposed, strict=True):
        assert fired[:5] == foreseen[:5]
        assert fired.report[1:5] == foreseen.report[1:5]
        assert [letter.message_id for letter in fired.report.letters] == [
            letter.message_id for letter in foreseen.report.letters
        ]


def test_the_database_keeps_a_firing_for_good_and_lets_in_no_second(campaign: Campaign) -> None:
    run(campaign, local(5, 28, 9))
    again = (
        "INSERT INTO firings (batch_id, edition, deadline, due, at, outcome, why) "
        "SELECT {}, edition, deadline, due, at, outcome, why FROM firings"
    )
    run(campaign, local(6, 17, 9))
    for statement in (
        again.format("batch_id + 1"),
        "UPDATE firings SET why = 'x', outcome = 'skipped'",
        "DELETE FROM firings",
    ):
        with pytest.raises(DBAPIError), campaign.writing() as (_, connection):
            connection.exec_driver_sql(statement)
    assert problems(campaign) == []


def test_a_forged_firing_is_found(campaign: Campaign) -> None:
    run(campaign, local(5, 28, 9))
    with campaign.writing() as (_, connection):
        connection.exec_driver_sql(
            "INSERT INTO batches SELECT id + 1, trigger, at, account, role, edition_sha256, why, undoes, asked, moved, "
            "refused FROM batches"
        )
        connection.exec_driver_sql(
            "INSERT INTO firings (batch_id, edition, deadline, due, at, outcome, why) "
            "SELECT batch_id + 1, edition, 'submissions-closed', due, at, outcome, why FROM firings"
        )
    found = {(problem.what, problem.where.split("/")[0]) for problem in problems(campaign)}
    assert found == {("row-without-event", "batches"), ("row-without-event", "firings")}


def test_letters_that_announce_dates_bring_them_for_calendars(campaign: Campaign) -> None:
    run(campaign, local(5, 28, 10))
    extend(at(campaign, local(6, 1)), "received", local(7, 11), "武汉市", "汛期")
    run(campaign, local(7, 4, 10))
    closes = {}
    for row in letters(campaign):
        if row["recipient"] == "武汉市":
            (attached,) = open_letter(bytes(row["message"])).iter_attachments()
            events = Calendar.from_ical(attached.get_content()).walk("VEVENT")
            closes[row["kind"]] = {str(event["SUMMARY"]): event.end for event in events if isinstance(event, Event)}
            identities = {str(event["UID"]) for event in events if event["SUMMARY"] == "材料接收截止"}
            assert identities == {f"close-received-{campaign.token}@{campaign.edition.mail.message_id_domain}"}
    phases = {phase.label: phase.closes for phase in campaign.edition.phases.values()}
    assert closes["announce"] == {"材料接收截止": SUBMISSIONS_CLOSED, **phases}
    assert closes["amended"] == closes["remind"] == {"材料接收截止": local(7, 11)}


def test_a_late_announcement_tells_nobody_of_what_is_over_for_them(campaign: Campaign, tmp_path: Path) -> None:
    first, second = list(campaign.edition.units)[:2]
    ordinals = add_drafts(campaign, plain_drafts([first, second], 2))
    bring(campaign, ordinals[1:], "recommended", tmp_path)
    moved = bring(campaign, ordinals[:1], "surveyed", tmp_path)
    told = {letter.recipient for letter in run(moved, local(9, 20))["presentations-near"].report.letters}
    assert told == set(campaign.edition.units) - {first}


def test_nothing_is_announced_once_it_is_over_for_all(campaign: Campaign, tmp_path: Path) -> None:
    ordinals = add_drafts(campaign, plain_drafts(list(campaign.edition.units)[:2], 1))
    fired = run(bring(campaign, ordinals, "surveyed", tmp_path), local(9, 20))["presentations-near"]
    assert (fired.outcome, fired.why, fired.report.letters) == ("skipped", "nothing-to-say", [])
