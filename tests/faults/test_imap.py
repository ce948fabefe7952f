"""Whatever a mail server answers, and wherever it hangs up: each mail is taken once, and no password goes astray."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.builders.campaigns import found_rehearsal
from tests.builders.effort import times
from tests.builders.forms import form
from tests.builders.imap_server import DATE, DRIP, HANG, PASSWORD, UNSAFE, Behaviour, Kept, imap_server
from tests.builders.mails import Part, mail
from tests.unit.workflow.audit.attack import guarded
from tests.unit.workflow.audit.lived import attacking, check
from workflow import clock
from workflow.audit.check.verify import verify
from workflow.audit.history import read_log
from workflow.audit.replay import replay
from workflow.engine.campaign import Campaign
from workflow.errors import AnliError
from workflow.intake import address, imap, imap_connection, limits
from workflow.intake.found import FoundMail
from workflow.intake.mailbox import find_mails
from workflow.intake.take import take_in
from workflow.intake.tell import Taken
from workflow.screens.submissions import list_submissions

WUHAN = b"wxb@wuhan.example"
MAILS = tuple(mail(Part(f"{n}.docx", form(name=f"案例{n}")), sender=WUHAN, text=str(n)) for n in (1, 2, 3))
NOT_LOOPBACK = "127.0.0.2"
HALF = b"* 1 FETCH (UID 2 BODY[] {5000}\r\nSubject: half"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(imap.PASSWORD, PASSWORD)
    monkeypatch.setattr(imap, "PAUSES", (0.0, 0.0, 0.0))


@pytest.fixture
def server() -> Iterator[Behaviour]:
    with imap_server(*MAILS) as behaviour:
        yield behaviour


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path, language="en")
    yield campaign
    campaign.engine.dispose()


def take(campaign: Campaign, server: Behaviour, rest: str = "", unit: str | None = None) -> list[Taken]:
    return list(take_in(campaign, [server.address(rest)], unit))


def statuses(taken: list[Taken]) -> list[str]:
    return [each.status for each in taken]


def read(server: Behaviour) -> list[FoundMail]:
    return list(find_mails([server.address()]))


def uids(found: list[FoundMail]) -> list[int]:
    return [each.place.uid for each in found if each.place is not None]


def sound(campaign: Campaign) -> bool:
    return check(campaign).ok


# What is asked of the server


def test_the_folder_is_opened_for_reading_and_nothing_in_it_is_changed(server: Behaviour) -> None:
    found = read(server)
    assert [each.raw for each in found] == list(MAILS)
    assert server.heard == [
        "greeting", "CAPABILITY", "LOGIN", "CAPABILITY", "ID", "EXAMINE", "SEARCH", "SIZES 1,2,3",
        "BODY 1", "BODY 2", "BODY 3", "LOGOUT",
    ]  # fmt: skip
    assert found[1].file == f"{address.read_address(server.address()).mailbox};UIDVALIDITY=7/;UID=2"
    assert {clock.show(each.received_at) for each in found if each.received_at} == {"2024-06-20T02:12:00Z"}


def test_a_server_that_wants_to_know_the_program_is_told(server: Behaviour) -> None:
    server.wants_id = True
    assert uids(read(server)) == [1, 2, 3]


def test_a_server_that_wants_to_know_it_and_does_not_say_so(server: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    server.wants_id, server.capabilities = True, b"IMAP4rev1"
    with pytest.raises(imap.MailboxRefused) as refused:
        read(server)
    assert refused.value.values["said"] == UNSAFE.decode()
    monkeypatch.setattr(imap_connection, "_WANTS_TO_KNOW", (".127.0.0.1",))
    assert uids(read(server)) == [1, 2, 3]


def test_a_server_that_knows_no_id_is_not_troubled(server: Behaviour) -> None:
    server.capabilities = b"IMAP4rev1"
    assert uids(read(server)) == [1, 2, 3]
    assert "ID" not in server.heard


@pytest.mark.parametrize("answer", [b"TAG BAD what?\r\n", b"TAG NO no\r\n", b'* ID ("name" ((\r\nTAG OK done\r\n'])
def test_a_server_that_mistakes_the_id_is_read_all_the_same(server: Behaviour, answer: bytes) -> None:
    server.faults["ID"] = [answer]
    assert uids(read(server)) == [1, 2, 3]


@pytest.mark.parametrize("greeting", [b"* OK ready TAG\r\n", b"* PREAUTH welcome TAG\r\n"])
def test_a_server_that_offers_no_tls_gets_nothing(greeting: bytes) -> None:
    with imap_server(*MAILS, host=NOT_LOOPBACK) as server:
        server.faults["greeting"] = [greeting]
        with pytest.raises(imap.MailboxInTheClear):
            read(server)
        assert set(server.heard) <= {"greeting", "CAPABILITY", "LOGOUT"}


@pytest.mark.parametrize("greeting", [b"* OK ready TAG\r\n", b"* PREAUTH welcome TAG\r\n"])
def test_a_server_that_goes_back_on_tls_gets_nothing(greeting: bytes) -> None:
    with imap_server(*MAILS, host=NOT_LOOPBACK) as server:
        server.capabilities = b"IMAP4rev1 STARTTLS"
        server.faults["greeting"], server.faults["STARTTLS"] = [greeting], [b"TAG NO not now\r\n"]
        with pytest.raises(imap.MailboxRefused):
            read(server)
        assert set(server.heard) <= {"greeting", "CAPABILITY", "STARTTLS", "LOGOUT"}


def test_a_password_that_the_server_repeats_is_not_shown(server: Behaviour) -> None:
    server.faults["LOGIN"] = [f"TAG NO wrong password {PASSWORD}\r\n".encode()]
    with pytest.raises(imap.MailboxRefused) as refused:
        read(server)
    assert refused.value.values["said"] == "wrong password …"
    assert "SEARCH" not in server.heard


def test_a_refusal_in_chinese_is_readable(server: Behaviour) -> None:
    server.faults["LOGIN"] = [b"TAG NO " + "密码错误".encode("gb18030") + b"\r\n"]
    with pytest.raises(imap.MailboxRefused) as refused:
        read(server)
    assert refused.value.values["said"] == "密码错误"


def test_no_password_is_told_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(imap.PASSWORD)
    with pytest.raises(imap.PasswordMissing):
        find_mails(["imaps://a@mail.example"])


# What is remembered


def test_what_was_looked_at_is_not_fetched_again(server: Behaviour, campaign: Campaign) -> None:
    server.mails[4] = Kept(b"\x00\x00 no mail")
    server.mails[5] = server.mails[1]
    server.mails[6] = Kept(mail(sender=b"nobody@elsewhere.example", text="?"))
    expected = ["taken", "taken", "taken", "refused", "duplicate", "set-aside"]
    assert statuses(take(campaign, server)) == expected
    server.heard.clear()
    assert take(campaign, server) == []
    assert server.bodies() == []
    server.mails[9] = Kept(mail(Part("9.docx", form(name="案例9")), sender=WUHAN))
    assert statuses(take(campaign, server)) == ["taken"]
    assert server.bodies() == [9]
    assert sound(campaign)


def test_a_mailbox_with_other_numbers_is_read_again_and_recognised(server: Behaviour, campaign: Campaign) -> None:
    take(campaign, server)
    server.uidvalidity = 8
    assert statuses(take(campaign, server)) == ["duplicate"] * 3
    assert take(campaign, server) == []
    assert sound(campaign)


def test_one_mail_is_meant_by_the_name_it_was_shown_with(server: Behaviour, campaign: Campaign) -> None:
    server.mails = {5: Kept(mail(Part("1.docx", form()), sender=b"nobody@elsewhere.example"))}
    (set_aside,) = take(campaign, server)
    assert set_aside.status == "set-aside"
    (settled,) = take_in(campaign, [set_aside.file], "武汉市")
    assert (settled.status, settled.unit) == ("taken", "武汉市")
    for gone in ("/INBOX;UIDVALIDITY=7/;UID=6", "/INBOX;UIDVALIDITY=8/;UID=5"):
        with pytest.raises(imap.MailGone):
            take(campaign, server, gone)
    assert sound(campaign)


def test_two_who_take_in_at_once_take_each_mail_once(server: Behaviour, campaign: Campaign) -> None:
    slow = take_in(campaign, [server.address()])
    assert next(slow).status == "taken"
    assert statuses(take(campaign, server)) == ["taken", "taken"]
    assert statuses(list(slow)) == ["duplicate", "duplicate"]
    assert sound(campaign)


@pytest.mark.parametrize(
    ("change", "what", "column"),
    [
        ("DELETE FROM fetches WHERE uid = 2", "event-without-row", None),
        ("INSERT INTO fetches (mailbox, uidvalidity, uid) SELECT mailbox, 7, 9 FROM fetches WHERE uid = 2",
         "row-without-event", None),
        ("UPDATE fetches SET sha256 = 'other' WHERE uid = 2", "row-differs", "sha256"),
    ],
)  # fmt: skip
def test_a_mail_said_to_have_been_looked_at(
    server: Behaviour, campaign: Campaign, change: str, what: str, column: str | None
) -> None:
    take(campaign, server)
    with attacking(campaign) as connection:
        connection.execute(text(change))
        with guarded(connection):
            (problem,) = verify(connection, campaign.originals).problems
    assert problem.where.startswith("fetches/imap://organiser%40anli.example@127.0.0.1:")
    assert (problem.what, problem.values.get("column")) == (what, column)
    with campaign.reading() as connection:
        events = list(read_log(connection))
    assert replay(events).contradictions == []
    twice = replay([*events, *(event for event in events if event.kind == "intake")])
    assert {each.code for each in twice.contradictions} == {"fetched-twice"}


@pytest.mark.parametrize("statement", ["UPDATE fetches SET uid = 9", "DELETE FROM fetches"])
def test_nobody_makes_the_database_forget(server: Behaviour, campaign: Campaign, statement: str) -> None:
    take(campaign, server)
    with pytest.raises(Exception, match="on fetches"), campaign.engine.begin() as connection:
        connection.execute(text(statement))


# What breaks


@pytest.mark.parametrize(
    ("step", "broken"),
    [
        ("SEARCH", b""),
        ("SEARCH", b"* SEARCH 1 2\r\n* BYE autologout\r\n"),
        ("SEARCH", b"TAG NO try again\r\n"),
        ("SEARCH", b"* SEARCH one two\r\nTAG OK done\r\n"),
        ("SIZES 1,2,3", b"* 1 FETCH (UID 1 RFC822.SIZE"),
        ("SIZES 1,2,3", b"* 1 FETCH " + b"(" * 20_000 + b"\r\nTAG OK done\r\n"),
        ("BODY 2", b""),
        ("BODY 2", HALF),
        ("BODY 2", b"* BYE going down\r\n"),
    ],
)
def test_a_broken_connection_is_taken_up_where_it_broke(
    server: Behaviour, campaign: Campaign, step: str, broken: bytes
) -> None:
    server.faults[step] = [broken]
    assert statuses(take(campaign, server)) == ["taken"] * 3
    assert server.connections == 2
    assert server.bodies() == ([1, 2, 2, 3] if step == "BODY 2" else [1, 2, 3])
    assert sound(campaign)


def test_a_server_that_stays_away_ends_the_run_and_the_next_one_goes_on(server: Behaviour, campaign: Campaign) -> None:
    server.faults["BODY 2"], server.faults["greeting"] = [HALF], [b"* OK TAG\r\n", *[b""] * 3]
    taken: list[Taken] = []
    with pytest.raises(imap.MailboxLost) as lost:
        taken += take_in(campaign, [server.address()])
    assert lost.value.exit_status == 1
    assert lost.value.values["count"] == 1
    assert len(list_submissions(campaign)) == 1
    assert statuses(take(campaign, server)) == ["taken", "taken"]
    assert server.bodies() == [1, 2, 2, 3]
    assert sound(campaign)


def test_a_mail_that_always_breaks_the_connection_does_not_stop_the_others(
    server: Behaviour, campaign: Campaign
) -> None:
    server.faults["BODY 2"] = [HALF, HALF]
    taken = take(campaign, server)
    assert statuses(taken) == ["taken", "refused", "taken"]
    assert [reason.code for reason in taken[1].reasons] == ["mail-withheld"]
    assert statuses(take(campaign, server)) == ["taken"]
    assert sound(campaign)


def test_a_connection_that_breaks_often_brings_each_mail_once(server: Behaviour) -> None:
    server.mails = {uid: Kept(MAILS[0]) for uid in range(1, 9)}
    server.faults.update({f"BODY {uid}": [b""] for uid in server.mails})
    assert [each.place and each.place.uid for each in read(server)] == list(range(1, 9))
    assert server.connections == 9


def test_a_server_that_breaks_at_every_mail_is_left_alone(server: Behaviour) -> None:
    server.mails = {uid: Kept(MAILS[0]) for uid in range(1, 50)}
    server.faults.update({f"BODY {uid}": [b""] * 9 for uid in server.mails})
    found = []
    with pytest.raises(imap.MailboxLost):
        found += read(server)
    assert server.connections == 4


def test_a_mailbox_renumbered_while_it_is_read(server: Behaviour, campaign: Campaign) -> None:
    server.faults["BODY 2"] = [b""]
    taking = take_in(campaign, [server.address()])
    assert next(taking).status == "taken"
    server.uidvalidity = 8
    assert statuses(list(taking)) == ["duplicate", "taken", "taken"]
    assert sound(campaign)


@pytest.mark.parametrize(
    ("setting", "step"),
    [("SECONDS_TO_HEAR", "LOGIN"), ("SECONDS_TO_CONNECT", "greeting")],
)
def test_a_server_that_says_nothing_is_not_waited_for(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, setting: str, step: str
) -> None:
    monkeypatch.setattr(imap_connection, setting, 0.2)
    server.faults[step] = [HANG]
    with pytest.raises(imap.MailboxUnreachable) as unreachable:
        read(server)
    assert "timed out" in str(unreachable.value.values["said"])


@pytest.mark.parametrize("step", ["greeting", "LOGIN"])
def test_a_server_that_says_ever_so_little_is_not_waited_for(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(imap_connection, "SECONDS_TO_ANSWER", 0.4)
    server.faults[step] = [DRIP]
    with pytest.raises(imap.MailboxUnreachable):
        read(server)


def test_a_server_that_is_not_there() -> None:
    with imap_server() as server:
        pass
    with pytest.raises(imap.MailboxUnreachable):
        read(server)


# What is sent


@pytest.mark.parametrize("honest", [True, False])
def test_a_mail_too_large_is_not_fetched_and_its_head_is_kept(
    server: Behaviour, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, honest: bool
) -> None:
    monkeypatch.setattr(limits, "MAIL_BYTES", 30_000)
    monkeypatch.setattr(imap_connection, "ANSWER_BYTES", 20_000)
    server.mails[2] = Kept(mail(Part("large.bin", bytes(100_000)), sender=WUHAN))
    if not honest:
        sizes = b"".join(b"* %d FETCH (UID %d RFC822.SIZE 9)\r\n" % (uid, uid) for uid in server.mails)
        server.faults["SIZES 1,2,3"] = [sizes + b"TAG OK done\r\n"]
        server.faults["BODY 2"] = [b"* 2 FETCH (UID 2 BODY[] {99999999999999}\r\nFrom: "]
    taken = take(campaign, server)
    assert statuses(taken) == ["taken", "refused", "taken"]
    assert [reason.code for reason in taken[1].reasons] == ["mail-too-large"]
    assert server.bodies() == ([1, 3] if honest else [1, 2, 3])
    (refused,) = list_submissions(campaign, "refused")
    assert (refused["unit"], refused["sender"], refused["subject"]) == ("武汉市", WUHAN.decode(), "case")
    assert refused["received_at"] == "2024-06-20T02:12:00Z"
    assert take(campaign, server) == []
    assert sound(campaign)


def test_a_mail_whose_head_cannot_be_had_either(server: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAIL_BYTES", 1)
    server.mails = {1: server.mails[1]}
    server.faults["HEAD 1"] = [b"* 1 FETCH (UID 1 BODY[HEADER]<0> {99999999999999}\r\n"] * 2
    (found,) = read(server)
    assert (found.raw, [reason.code for reason in found.reasons], uids([found])) == (b"", ["mail-too-large"], [1])


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"* 1 FETCH (UID 2 BODY[] {4}\r\nFrom)\r\n",
        b"* 1 FETCH (UID 1 BODY[] NIL)\r\n",
        b"* 1 FETCH (UID 1 BODY[] 17)\r\n",
        b"* 1 FETCH (UID 1 BODY[] (17))\r\n",
        b'* 1 FETCH (UID 1 BODY[] "")\r\n',
        b"* 1 FETCH (UID one BODY[] {1}\r\nx)\r\n",
        b"* 1 FETCH (UID 1 BODY[]\r\n",
        b"* 1 FETCH UID 1\r\n",
        b"* 1 FETCH (UID 1 BODY[] {4}\r\nFrom {4}\r\nFrom)\r\n",
        b"* x FETCH (UID)\r\n",
    ],
)
def test_a_mail_that_the_server_does_not_send(server: Behaviour, said: bytes) -> None:
    server.faults["BODY 1"] = [said + b"TAG OK done\r\n"] * 3
    first, *others = read(server)
    assert (first.raw, first.place, [reason.code for reason in first.reasons]) == (b"", None, ["mail-withheld"])
    assert uids(others) == [2, 3]


def test_a_mail_deleted_meanwhile_is_passed_over(server: Behaviour) -> None:
    server.faults["BODY 1"] = [b"TAG OK done\r\n"]
    found = find_mails([server.address()])
    assert server.heard == []
    server.faults["SEARCH"] = [b"* SEARCH 1 2 3\r\nTAG OK done\r\n"]
    del server.mails[1]
    assert [each.place and each.place.uid for each in found] == [2, 3]


@pytest.mark.parametrize("date", [b"", b"yesterday", b"20-Jun-1970 10:12:00 +0800", b"20-Jun-2024 10:12:00 +9999"])
def test_a_mail_without_a_date_of_the_server_s_keeps_its_own(
    server: Behaviour, campaign: Campaign, date: bytes
) -> None:
    server.mails = {
        1: Kept(mail(Part("1.docx", form(name="案例1")), sender=WUHAN), date),
        2: Kept(mail(Part("2.docx", form(name="案例2")), sender=WUHAN, headers=()), date),
    }
    server.mails[3] = server.mails[2]._replace(raw=MAILS[2], date=DATE)
    taken = take(campaign, server)
    assert statuses(taken) == ["taken", "set-aside", "taken"]
    assert [clock.show(each.received_at) for each in taken if each.received_at] == ["2024-06-20T02:12:00Z"] * 2


def test_the_date_of_the_server_s_proves_what_the_sender_says(server: Behaviour, campaign: Campaign) -> None:
    dated = mail(Part("1.docx", form()), sender=WUHAN, headers=[b"Date: Sat, 1 Jun 2024 00:00:00 +0000"])
    server.mails = {1: Kept(dated, b"01-Jul-2024 00:00:00 +0800")}
    (taken,) = take(campaign, server)
    assert taken.received_at is not None
    assert clock.show(taken.received_at) == "2024-06-30T16:00:00Z"
    codes = {reason.code for each in taken.forms for reason in each.reasons}
    assert "received-late" in codes
    assert "received-time-unproven" not in codes


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("greeting", b"* OK {99999999999999}\r\n"),
        ("greeting", b"+ what\r\n"),
        ("greeting", b"* BAD go away\r\n"),
        ("greeting", b"\x16\x03\x01\x02\x00" * 100),
        ("CAPABILITY", b"* CAPABILITY \xff\xfe\r\nTAG OK done\r\n"),
        ("CAPABILITY", b"* CAPABILITY POP3\r\nTAG OK done\r\n"),
        ("CAPABILITY", b"TAG OK done\r\n"),
        ("LOGIN", b"+ go on\r\n" * 1000),
        ("LOGIN", b"* OK [ALERT] {3}\r\nabc\r\nTAG NO {5}\r\n"),
        ("LOGIN", b"* " + b"x" * 3_000_000 + b"\r\n"),
        ("LOGIN", b"* 1 EXISTS\r\n" * 40_000),
        ("EXAMINE", b"TAG OK done\r\n"),
        ("EXAMINE", b"* OK [UIDVALIDITY 0] here\r\nTAG OK done\r\n"),
        ("EXAMINE", b"* OK [UIDVALIDITY 99999999999] here\r\nTAG OK done\r\n"),
        ("EXAMINE", b"* OK [UIDVALIDITY x] here\r\nTAG OK done\r\n"),
        ("EXAMINE", b"* FLAGS NIL\r\n* x EXISTS\r\nTAG OK done\r\n"),
        ("SEARCH", b"* SEARCH " + b"9" * 5000 + b"\r\nTAG OK done\r\n"),
        ("SEARCH", b"* SEARCH\r\n* SEARCH 1\r\n* SEARCH (\r\nTAG OK done\r\n"),
        ("SIZES 1,2,3", b'* 1 FETCH (UID 1 INTERNALDATE "' + b"(" * 900_000 + b"\r\nTAG OK done\r\n"),
    ],
)
def test_a_hostile_answer_is_an_error_with_a_sentence(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, step: str, said: bytes
) -> None:
    monkeypatch.setattr(imap_connection, "ANSWER_BYTES", 400_000)
    server.faults[step] = [said] * 9
    with pytest.raises(AnliError):
        read(server)


@pytest.mark.parametrize("listed", [b"0 1 2 3 3 1", b"1 2 3 4294967296 99999999999999999999", b"3 2 1"])
def test_numbers_that_no_mail_can_have_are_passed_over(server: Behaviour, listed: bytes) -> None:
    server.faults["SEARCH"] = [b"* SEARCH " + listed + b"\r\nTAG OK done\r\n"]
    assert uids(read(server)) == [1, 2, 3]
    assert "SIZES 1,2,3" in server.heard


def test_a_number_that_is_listed_and_holds_nothing(server: Behaviour) -> None:
    server.faults["SEARCH"] = [b"* SEARCH 1 77\r\nTAG OK done\r\n"]
    assert [each.place and each.place.uid for each in read(server)] == [1]


@given(
    st.sampled_from(["greeting", "CAPABILITY", "LOGIN", "ID", "EXAMINE", "SEARCH", "SIZES 1,2,3", "BODY 2", "LOGOUT"]),
    st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(
                [
                    b"* ",
                    b"\r\n",
                    b" FETCH (",
                    b"UID 2",
                    b"BODY[] ",
                    b"{3}\r\n",
                    b'"',
                    b")",
                    b"(",
                    b"NIL",
                    b"* SEARCH 2",
                    b"2 ",
                ]
            ),
        )
    ).map(b"".join),
)
@settings(max_examples=times(60), deadline=None)
def test_any_bytes_are_read_or_are_an_error(step: str, said: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch, imap_server(*MAILS) as server:
        patch.setattr(imap_connection, "SECONDS_TO_HEAR", 0.2)
        patch.setattr(imap_connection, "SECONDS_TO_CONNECT", 0.2)
        patch.setenv(imap.PASSWORD, PASSWORD)
        patch.setattr(imap, "PAUSES", (0.0,))
        server.faults[step] = [said + b"\r\nTAG OK done\r\n"]
        with suppress(AnliError):
            assert {each.place.uid for each in read(server) if each.place is not None} <= {1, 2, 3}
