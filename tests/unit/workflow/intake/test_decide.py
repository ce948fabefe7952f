"""What becomes of a mail is decided from what was read and what is known, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from states.reasons import Reason
from tests.builders.plain_register import PlainRegister
from tests.builders.submissions import IN_TIME, dossier, submission
from workflow.edition import find
from workflow.intake.decide import MailImport, Settlement

EDITION = find("hubei-2024")
LATE = datetime(2024, 7, 1, 2, tzinfo=UTC)
STRANGER = "someone@elsewhere.example"
HUANGGANG = Settlement(EDITION.units["黄冈市"])


@pytest.fixture
def register() -> PlainRegister:
    return PlainRegister(EDITION, LATE)


def codes(decided: MailImport) -> list[str]:
    return [reason.code for reason in decided.reasons]


def remarks(decided: MailImport) -> list[str]:
    return [reason.code for reason in decided.remarks]


def test_every_form_of_a_known_sender_becomes_a_case(register: PlainRegister) -> None:
    decided = register.take(submission(dossier("甲案"), dossier("乙案")))
    assert (decided.status, decided.cases, decided.unit_name, codes(decided)) == ("taken", (1, 2), "武汉市", [])
    assert [form.reasons for form in decided.forms] == [(), ()]


def test_a_mail_whose_sender_nobody_knows_waits_for_a_person(register: PlainRegister) -> None:
    mail = submission(dossier(), sender_address=STRANGER)
    aside = register.take(mail)
    assert (aside.status, aside.cases, aside.unit, codes(aside)) == ("set-aside", (), None, ["unit-unknown"])
    assert register.take(mail).status == "duplicate"
    settled = register.take(mail, HUANGGANG)
    assert (settled.status, settled.cases, settled.unit_name) == ("taken", (1,), "黄冈市")
    assert register.take(mail, HUANGGANG).status == "duplicate"


def test_who_is_known_keeps_to_its_own_unit(register: PlainRegister) -> None:
    decided = register.take(submission(dossier()), HUANGGANG)
    assert (decided.unit_name, codes(decided)) == ("武汉市", ["sender-known"])


def test_a_mail_that_is_not_by_whom_it_says_replaces_nothing_until_a_person_names_its_unit(
    register: PlainRegister,
) -> None:
    first = register.take(submission(dossier()))
    forged = replace(submission(dossier(text="改"), received_at=IN_TIME + timedelta(days=1)), authenticated=False)
    aside = register.take(forged)
    assert (first.cases, aside.status, aside.unit, codes(aside)) == ((1,), "set-aside", None, ["unit-unknown"])
    assert aside.reasons[0].values["cause"] == "not-authenticated"
    assert register.versions == {1: 1}
    assert register.take(forged).status == "duplicate"
    settled = register.take(forged, Settlement(EDITION.units["武汉市"]))
    assert (settled.status, settled.cases, register.versions) == ("taken", (1,), {1: 2})


@pytest.mark.parametrize(("authenticated", "said"), [(True, []), (None, ["replaced-unauthenticated"])])
def test_what_replaces_a_draft_without_a_proven_sender_says_so(authenticated: bool | None, said: list[str]) -> None:
    mail = EDITION.mail.model_copy(update={"authserv_id": "mx.campaign.example"})
    register = PlainRegister(replace(EDITION, mail=mail), LATE)
    later = submission(dossier(text="改"), received_at=IN_TIME + timedelta(days=1))
    first, second = register.take_all([submission(dossier()), replace(later, authenticated=authenticated)])
    assert (remarks(first), remarks(second), codes(second)) == ([], said, said)
    assert register.versions == {1: 2}


def test_a_mail_that_does_not_say_when_it_came_waits_for_a_person(register: PlainRegister) -> None:
    mail = submission(dossier(), received_at=None, received_proven=False)
    assert codes(register.take(mail)) == ["received-time-missing"]
    settled = register.take(mail, Settlement(EDITION.units["武汉市"]))
    assert (settled.status, codes(settled)) == ("taken", ["received-time-settled"])
    [form] = settled.forms
    assert form.received == form.counts_from == LATE


def test_what_was_not_read_is_refused_once(register: PlainRegister) -> None:
    mail = submission(read=False, reasons=(Reason("mail-too-large", "六.5"),))
    assert [register.take(mail).repeats for _ in range(2)] == [False, True]
    assert register.mails[mail.sha256].status == "refused"
    readable = submission(dossier(), sha256=mail.sha256)
    again = register.take(readable)
    assert (again.status, codes(again), again.repeats) == ("refused", ["duplicate"], True)


def test_a_correction_is_a_version_of_the_case_it_corrects(register: PlainRegister) -> None:
    later = submission(dossier(text="改"), received_at=IN_TIME + timedelta(days=1))
    first, second = register.take_all([submission(dossier()), later])
    assert (first.cases, second.cases, register.versions) == ((1,), (1,), {1: 2})
    assert second.forms[0].before is not None


def test_an_older_form_that_arrives_later_is_kept_and_told_of(register: PlainRegister) -> None:
    later = submission(dossier(text="改"), received_at=IN_TIME + timedelta(days=1))
    _, older = register.take_all([later, submission(dossier())])
    [form] = older.forms
    assert (older.status, form.case_id, form.current, remarks(older)) == ("taken", 1, False, ["version-superseded"])
    assert register.versions == {1: 1}


def test_two_forms_of_one_mail_are_two_cases(register: PlainRegister) -> None:
    both = submission(dossier(text="1"), dossier(text="2"))
    assert register.take(both).cases == (1, 2)
    again = submission(dossier(text="3"), dossier(text="4"), received_at=IN_TIME + timedelta(days=1))
    assert [form.case_id for form in register.take(again).forms] == [2, 1]


def test_a_form_without_a_name_is_a_version_of_nothing(register: PlainRegister) -> None:
    first, second = register.take_all([submission(dossier("", text="1")), submission(dossier("", text="2"))])
    assert (first.cases, second.cases) == ((1,), (2,))


@pytest.mark.parametrize("state", ["recommended", "lapsed"])
def test_a_form_for_a_case_that_has_moved_waits_until_it_is_returned(register: PlainRegister, state: str) -> None:
    register.take(submission(dossier()))
    case = register.cases[1]
    register.cases[1] = case._replace(state=state, recommended=state == "recommended")
    correction = submission(dossier(text="改"), dossier("乙案"), received_at=IN_TIME + timedelta(days=1))
    decided = register.take(correction)
    assert (decided.status, decided.cases, codes(decided)) == ("partly-taken", (2,), ["correction-after-move"])
    assert remarks(decided) == ["correction-after-move"]
    assert register.take(correction).repeats
    register.cases[1] = case._replace(returned=True)
    again = register.take(correction)
    assert (again.status, again.cases, remarks(again)) == ("taken", (1,), [])


def test_a_correction_that_came_late_stands_aside_unless_it_was_asked_for(register: PlainRegister) -> None:
    register.take(submission(dossier()))
    late = register.take(submission(dossier(text="改"), received_at=LATE))
    assert (late.status, codes(late)) == ("set-aside", ["correction-late"])
    register.cases[1] = register.cases[1]._replace(returned=True)
    [form] = register.take(submission(dossier(text="又改"), received_at=LATE)).forms
    assert (form.case_id, form.received, form.counts_from) == (1, LATE, IN_TIME)


@pytest.mark.parametrize(("recommended", "code"), [(True, "other-route"), (False, "other-route-submitted")])
def test_another_units_case_is_told_of(register: PlainRegister, recommended: bool, code: str) -> None:
    register.take(submission(dossier(), sender_address=STRANGER), HUANGGANG)
    register.cases[1] = register.cases[1]._replace(recommended=recommended)
    decided = register.take(submission(dossier()))
    assert decided.cases == (2,)
    assert [reason.code for reason in decided.forms[0].reasons] == [code]


def test_what_was_lost_of_a_mail_leaves_it_partly_taken_and_is_told(register: PlainRegister) -> None:
    lost = Reason("archive-unreadable", "六.5", {"filename": "乙.zip"})
    mail = submission(dossier(), reasons=(lost,))
    decided = register.take(mail)
    assert (decided.status, decided.remarks) == ("partly-taken", (lost,))
    own = register.take(submission(dossier("乙案", reasons=(lost,)), reasons=(lost,)))
    assert (own.status, own.remarks) == ("partly-taken", ())


def test_a_mail_servers_report_is_nobodys_submission(register: PlainRegister) -> None:
    report = Reason("delivery-report", "六.5")
    decided = register.take(submission(sender_address="", received_at=None, submits=False, reasons=(report,)))
    assert (decided.status, decided.reasons) == ("set-aside", (report,))
