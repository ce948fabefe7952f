"""Reports are found among mails, put on record once, and mark letters; on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from notifications.bounce import return_path
from tests.builders.campaigns import (
    FOUNDED,
    add_drafts,
    at,
    found_rehearsal,
    move,
    plain_drafts,
    problems,
    wide_edition,
)
from tests.builders.mails import mail
from tests.builders.reports import exchange, netease, postfix, report, tencent, written
from workflow.edition import parse
from workflow.engine.campaign import Campaign
from workflow.engine.undo import undo
from workflow.intake import limits
from workflow.intake.bounces import Found, take_bounces
from workflow.intake.take import take_in
from workflow.post.bounces import unreachable
from workflow.post.dispatch import _Dispatch, envelope_sender, send
from workflow.post.handling import retry
from workflow.screens.history import list_events

UNITS = ("武汉市", "黄石市", "十堰市")
LATER = FOUNDED + timedelta(days=1)


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """Three letters, sent into a Maildir."""
    source = wide_edition().source.replace(b'reply_to = "', b'bounces = "bounces@anli.example"\nreply_to = "', 1)
    campaign = found_rehearsal(database_url, tmp_path, parse(source, "wide.toml"))
    add_drafts(campaign, plain_drafts(UNITS, 3))
    move(campaign, "recommend")
    assert [each.state for each in send(campaign, lambda _: None)] == ["sent"] * 3
    yield campaign
    campaign.engine.dispose()


def letters(campaign: Campaign) -> list[dict[str, Any]]:
    with campaign.reading() as connection:
        query = text("SELECT id, message_id, address, recipient, state, answer FROM letters ORDER BY id")
        return [dict(row) for row in connection.execute(query).mappings()]


def read(campaign: Campaign, folder: Path, *mails: bytes) -> list[Found]:
    """What becomes of mails, in their order."""
    box = folder / "box"
    box.mkdir(exist_ok=True)
    for old in box.iterdir():
        old.unlink()
    for place, raw in enumerate(mails, 1):
        (box / f"{place:03}.eml").write_bytes(raw)
    return take_bounces(campaign, [str(box)])


def outcomes(found: list[Found]) -> list[str]:
    return [each.noted.outcome for each in found]


def bounces(campaign: Campaign) -> list[str]:
    return [event["outcome"] for event in list_events(campaign, kind="bounce")]


@pytest.mark.parametrize("write", [postfix, exchange, netease, tencent])
def test_a_letter_that_came_back_is_marked_once(campaign: Campaign, tmp_path: Path, write: Any) -> None:
    first, *others = letters(campaign)
    raw = write(first["message_id"], first["address"])
    (found,) = read(campaign, tmp_path, raw)
    assert (found.file, found.noted.letter, found.noted.to) == ("001.eml", first["id"], first["address"])
    assert (found.noted.state, found.noted.outcome) == ("bounced", "bounced")
    marked, *unmarked = letters(campaign)
    assert marked["state"] == "bounced"
    assert marked["answer"] == f"{found.noted.status} {found.noted.words}"
    assert unmarked == others
    assert outcomes(read(campaign, tmp_path, raw, raw)) == ["repeated", "repeated"]
    assert bounces(campaign) == ["bounced"]
    assert problems(campaign) == []


def test_the_same_report_twice_in_a_mailbox_counts_once(campaign: Campaign, tmp_path: Path) -> None:
    first = letters(campaign)[0]
    raw = postfix(first["message_id"], first["address"])
    assert outcomes(read(campaign, tmp_path, raw, raw.replace(b"\r\n", b"\n"))) == ["bounced", "repeated"]
    assert bounces(campaign) == ["bounced"]


def test_the_return_path_alone_tells_the_letter(campaign: Campaign, tmp_path: Path) -> None:
    first = letters(campaign)[0]
    assert campaign.edition.mail.bounces is not None
    path = return_path(campaign.edition.mail.bounces, first["message_id"])
    (found,) = read(campaign, tmp_path, report("", "somebody@elsewhere.example", sent_to=path))
    assert (found.noted.letter, found.noted.outcome) == (first["id"], "bounced")
    assert letters(campaign)[0]["answer"].endswith("(somebody@elsewhere.example)")


def test_a_report_that_names_two_letters_names_none(campaign: Campaign, tmp_path: Path) -> None:
    first, second, _ = letters(campaign)
    path = return_path("bounces@anli.example", second["message_id"])
    (found,) = read(campaign, tmp_path, report(first["message_id"], first["address"], sent_to=path))
    assert found.noted[:3] == (None, None, None)
    assert found.noted.outcome == "unknown"
    assert {letter["state"] for letter in letters(campaign)} == {"sent"}


def test_a_strangers_report_is_about_no_letter(campaign: Campaign, tmp_path: Path) -> None:
    first = letters(campaign)[0]
    foreign = f"<{'0' * 32}@anli.example>"
    mails = [report(foreign, first["address"]), report("", first["address"]), written()]
    assert outcomes(read(campaign, tmp_path, *mails)) == ["unknown"] * 3
    assert bounces(campaign) == []
    assert {letter["state"] for letter in letters(campaign)} == {"sent"}


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_what_did_not_fail_is_noted(campaign: Campaign, tmp_path: Path, action: str) -> None:
    first = letters(campaign)[0]
    late = report(first["message_id"], first["address"], action, "4.4.1", identity="late")
    assert outcomes(read(campaign, tmp_path, late)) == ["noted"]
    assert outcomes(read(campaign, tmp_path, late)) == ["repeated"]
    assert letters(campaign)[0] == first
    failed = report(first["message_id"], first["address"], "failed", "4.4.1", identity="failed")
    assert outcomes(read(campaign, tmp_path, late, failed)) == ["repeated", "bounced"]
    assert bounces(campaign) == ["noted", "bounced"]
    assert problems(campaign) == []


def test_a_letter_sent_again_is_not_taken_back_by_its_old_report(campaign: Campaign, tmp_path: Path) -> None:
    first = letters(campaign)[0]
    old = postfix(first["message_id"], first["address"])
    later = report(first["message_id"], first["address"], identity="second of the first time")
    read(campaign, tmp_path, old)
    retry(campaign, [first["id"]])
    assert outcomes(read(campaign, tmp_path, old, later)) == ["repeated", "noted"]
    assert letters(campaign)[0]["state"] == "queued"
    send(campaign, lambda _: None)
    assert outcomes(read(campaign, tmp_path, old, later)) == ["repeated", "repeated"]
    assert letters(campaign)[0]["state"] == "sent"
    again = report(first["message_id"], first["address"], identity="of the second time")
    assert outcomes(read(campaign, tmp_path, again)) == ["bounced"]
    assert problems(campaign) == []


def test_a_report_that_overtakes_the_sender_waits_for_its_word_or_the_end_of_its_lease(
    campaign: Campaign, tmp_path: Path
) -> None:
    first = letters(campaign)[0]
    raw = postfix(first["message_id"], first["address"])
    other = report(first["message_id"], first["address"], identity="other")
    read(campaign, tmp_path, raw)
    retry(campaign, [first["id"]])
    assert [letter.id for letter in _Dispatch(campaign, lambda _: None).exchange([], 9)] == [first["id"]]
    assert outcomes(read(campaign, tmp_path, other)) == ["waiting"]
    assert letters(campaign)[0]["state"] == "sending"
    lapsed = at(campaign, FOUNDED + timedelta(seconds=60 + campaign.edition.mail.delivery.lease_seconds))
    assert outcomes(read(lapsed, tmp_path, other)) == ["bounced"]
    assert letters(campaign)[0]["state"] == "bounced"
    assert problems(campaign) == []


def test_a_batch_taken_back_corrects_what_came_back_as_what_is_out(campaign: Campaign, tmp_path: Path) -> None:
    first = letters(campaign)[0]
    read(campaign, tmp_path, postfix(first["message_id"], first["address"]))
    batch = list_events(campaign, kind="batch")[-1]["batch"]
    corrected = undo(campaign, batch, "误操作")
    assert sorted(letter.recipient for letter in corrected.letters) == sorted(UNITS)
    assert corrected.bounced[first["address"]].letter == first["id"]
    assert problems(campaign) == []


def test_an_address_that_bounced_for_good_is_told_until_a_later_letter_stayed(
    campaign: Campaign, tmp_path: Path
) -> None:
    first, second, third = letters(campaign)
    mails = [
        postfix(first["message_id"], first["address"]),
        report(second["message_id"], second["address"], status="4.4.1", said="smtp; timed out"),
        report(third["message_id"], third["address"], said="smtp; 550 Mail frequency limited"),
    ]
    assert outcomes(read(campaign, tmp_path, *mails)) == ["bounced"] * 3
    told = move(campaign, "withdraw").bounced
    assert {address: each.letter for address, each in told.items()} == {first["address"]: first["id"]}
    with campaign.reading() as connection:
        (found,) = unreachable(connection, campaign.edition)
    assert found[:3] == (first["recipient"], first["address"], first["id"])
    assert found.answer == letters(campaign)[0]["answer"]
    moved_away = campaign.edition.source.replace(first["address"].encode(), b"new@wuhan.example")
    with campaign.reading() as connection:
        assert unreachable(connection, parse(moved_away, "wide.toml")) == []
    send(at(campaign, LATER), lambda _: None)
    with campaign.reading() as connection:
        assert unreachable(connection, campaign.edition) == []


def test_as_many_queries_however_many_reports(campaign: Campaign, tmp_path: Path) -> None:
    counted = []
    for count in (1, 40):
        mails = [report(f"<{place:032x}@anli.example>", "a@b.example") for place in range(count)]
        statements: list[str] = []
        event.listen(campaign.engine, "before_cursor_execute", lambda *words, kept=statements: kept.append(words[2]))
        assert outcomes(read(campaign, tmp_path, *mails)) == ["unknown"] * count
        counted.append(len([one for one in statements if one.startswith("SELECT")]))
    assert counted[0] == counted[1]


def test_mails_that_are_no_reports_are_passed_over(campaign: Campaign, tmp_path: Path) -> None:
    first = letters(campaign)[0]
    with (tmp_path / "large.eml").open("wb") as stream:
        stream.write(mail()[:500])
        stream.truncate(limits.MAIL_BYTES + 1)
    found = read(campaign, tmp_path, mail(), b"no mail", postfix(first["message_id"], first["address"]))
    assert [(each.file, each.noted.outcome) for each in found] == [("002.eml", "unknown"), ("003.eml", "bounced")]
    assert found[0].noted.words
    assert take_bounces(campaign, [tmp_path / "large.eml"]) == []


def test_a_report_among_the_submissions_is_set_aside_with_a_word_of_what_to_do(
    campaign: Campaign, tmp_path: Path
) -> None:
    first = letters(campaign)[0]
    file = tmp_path / "report.eml"
    file.write_bytes(postfix(first["message_id"], first["address"]))
    (taken,) = take_in(campaign, [file])
    assert (taken.status, taken.cases, [reason.code for reason in taken.reasons]) == (
        "set-aside",
        (),
        ["delivery-report"],
    )
    assert outcomes(take_bounces(campaign, [file])) == ["bounced"]
    assert [each.status for each in take_in(campaign, [file])] == ["duplicate"]
    assert problems(campaign) == []


def test_letters_leave_under_a_return_path_of_their_own(campaign: Campaign) -> None:
    first = letters(campaign)[0]
    plain = replace(campaign.edition, mail=campaign.edition.mail.model_copy(update={"bounces": None}))

    class Asked:
        message_id = first["message_id"]

    token = first["message_id"][1:33]
    assert envelope_sender(campaign.edition)(Asked()) == f"bounces+{token}@anli.example"  # type: ignore[arg-type]
    assert envelope_sender(plain)(Asked()) == "intake@anli.example"  # type: ignore[arg-type]
