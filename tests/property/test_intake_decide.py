"""Whatever mails come, in whatever order and however often, the same cases rest on the same forms."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.builders.plain_register import PlainRegister
from tests.builders.submissions import dossier, submission
from workflow.edition import find
from workflow.intake.decide import Settlement
from workflow.intake.submission import Submission

EDITION = find("hubei-2024")
NOW = datetime(2024, 7, 5, tzinfo=UTC)
FIRST = datetime(2024, 6, 30, 15, 50, tzinfo=UTC)
UNIT_OF = {"wxb@wuhan.example": "武汉市", "someone@elsewhere.example": "黄冈市"}
SETTLED = Settlement(EDITION.units["黄冈市"])
NAMES = st.lists(st.sampled_from("甲乙丙"), unique=True)


@st.composite
def mails(draw: st.DrawFn) -> list[Submission]:
    """Mails around the closing time (16:00 UTC), no two of them at the same moment."""
    minutes = draw(st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True))
    return [
        submission(
            *(dossier(name, text=str(minute)) for name in draw(NAMES)),
            sender_address=draw(st.sampled_from(list(UNIT_OF))),
            received_at=FIRST + timedelta(minutes=minute),
            received_proven=draw(st.booleans()),
        )
        for minute in minutes
    ]


def standing(register: PlainRegister) -> dict[tuple[str, str], datetime]:
    """The moment at which the form came that each unit's case rests on."""
    return {(case.unit, case.route.partition("|")[0]): case.form_received_at for case in register.cases.values()}


def expected(sent: list[Submission]) -> dict[tuple[str, str], datetime]:
    """For each unit and name the mail that counts most: in time, then proven, then the latest."""
    until = EDITION.rules_of("武汉市").received_until
    best: dict[tuple[str, str], tuple[bool, bool, datetime]] = {}
    for mail in sent:
        assert mail.received_at is not None
        weight = (mail.received_at < until, mail.received_proven, mail.received_at)
        for each in mail.dossiers:
            key = UNIT_OF[mail.sender_address], each.form.name
            best[key] = max(best.get(key, weight), weight)
    return {key: weight[2] for key, weight in best.items()}


@given(mails(), st.randoms(use_true_random=False))
def test_the_form_that_counts_most_stands_in_whatever_order_mails_come(sent: list[Submission], chance: Random) -> None:
    chance.shuffle(sent)
    register = PlainRegister(EDITION, NOW)
    decisions = [register.take(mail, SETTLED) for mail in sent]
    assert standing(register) == expected(sent)
    assert sorted(register.cases) == list(range(1, 1 + len(register.cases)))
    for mail, decided in zip(sent, decisions, strict=True):
        assert len(decided.forms) == len(mail.dossiers)
        assert all((form.case_id is None) == (form.objection is not None) for form in decided.forms)
        assert set(decided.cases) <= set(register.cases)
        drafted = sum(form.case_id is not None for form in decided.forms)
        whole = "taken" if drafted == len(mail.dossiers) else "partly-taken"
        assert decided.status == (whole if drafted else "set-aside")


@given(mails(), st.booleans())
def test_a_mail_that_comes_again_changes_nothing(sent: list[Submission], settled: bool) -> None:
    register = PlainRegister(EDITION, NOW)
    register.take_all(sent)
    if settled:
        for mail in sent:
            register.take(mail, SETTLED)
    cases, versions = dict(register.cases), dict(register.versions)
    again = [register.take(mail, SETTLED if settled else Settlement()) for mail in sent]
    assert (register.cases, register.versions) == (cases, versions)
    assert all(not decided.cases for decided in again)


@given(mails())
def test_another_units_case_is_never_touched(sent: list[Submission]) -> None:
    register = PlainRegister(EDITION, NOW)
    for mail in sent:
        before = dict(register.cases)
        decided = register.take(mail, SETTLED)
        for case_id, case in before.items():
            if case.unit != decided.unit_name:
                assert register.cases[case_id] == case
        for form in decided.forms:
            others = {case.unit for case in before.values() if case.route == form.row.route} - {decided.unit_name}
            told = {reason.code for reason in form.reasons} & {"other-route", "other-route-submitted"}
            assert bool(told) == bool(others)
