"""What a form says of a person can be erased; every proof survives, and nothing else can be done in its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from tests.builders.campaigns import MOMENTS, at, found_rehearsal, mail_of, move, problems, states
from tests.builders.history import read_fields
from tests.unit.workflow.audit.attack import named, run, verified
from tests.unit.workflow.audit.lived import attacking
from workflow.audit.check.checkpoints import claim_of
from workflow.audit.check.verify import verify
from workflow.engine.campaign import Campaign
from workflow.engine.notary import make_signing_key, prove, seal
from workflow.engine.reason import ReasonNeeded
from workflow.engine.redaction import Erased, FieldUnknown, NothingToErase, redact
from workflow.engine.selection import CaseUnknown
from workflow.intake.take import take_in
from workflow.store.personal import FIELDS

PERSON, PHONE, ADDRESS = "示例联系人庚", "027-69998888", "湖北省示例市无名路77号"
WHY = "本人来函请求"
CASE, OTHER = "2024-0001", "2024-0002"


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """Two cases of one mail, the first in two versions, each naming the same person."""
    campaign = found_rehearsal(database_url, tmp_path)
    said = {"联系人": PERSON, "联系方式": PHONE, "通讯地址": ADDRESS}
    mails = [
        mail_of("wxb@wuhan.example", "Thu, 20 Jun 2024 08:00:00 +0800", "清朗江城", "书香武汉", **said),
        mail_of("wxb@wuhan.example", "Thu, 20 Jun 2024 08:30:00 +0800", "清朗江城", **said),
    ]
    for place, raw in enumerate(mails):
        file = tmp_path / f"{place}.eml"
        file.write_bytes(raw)
        (taken,) = take_in(campaign, [file])
        assert taken.status == "taken", taken
    assert problems(campaign) == []
    yield campaign
    campaign.engine.dispose()


def held(campaign: Campaign) -> list[tuple[object, ...]]:
    with campaign.reading() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM personal ORDER BY form_id"))]


def told(campaign: Campaign, word: str) -> list[str]:
    """The tables that hold a word anywhere, in whatever type."""
    found = []
    with campaign.reading() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")):
                cells = [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row]
                if any(word in cell for cell in cells):
                    found.append(table.name)
                    break
    return found


@contextmanager
def forging(campaign: Campaign) -> Iterator[Connection]:
    """As the attacker, in a transaction that is rolled back."""
    with attacking(campaign) as connection:
        if connection.dialect.name == "postgresql":
            for name in FIELDS:
                connection.execute(text(f"ALTER TABLE personal DROP CONSTRAINT personal_{name}"))
        yield connection


def test_what_a_form_says_of_a_person_stands_in_one_table_only(campaign: Campaign) -> None:
    for word in (PERSON, PHONE, ADDRESS):
        assert told(campaign, word) == ["personal"]


def test_one_field_is_erased_from_every_version_and_all_holds(campaign: Campaign, tmp_path: Path) -> None:
    key = make_signing_key(campaign, tmp_path / "anli.key")
    keyed = replace(campaign, key_file=tmp_path / "anli.key")
    before = seal(keyed)
    proof = prove(keyed, 3)
    erased = redact(campaign, CASE, ["contact_phone"], WHY)
    assert (erased.fields, erased.forms) == (["contact_phone"], [1, 3])
    with campaign.reading() as connection:
        (event,) = read_fields(connection, kind="redaction")
        verification = verify(connection, campaign.originals, [claim_of("kept", before.note)], [key])
        phones = connection.execute(text("SELECT form_id, contact_phone FROM personal ORDER BY form_id")).all()
    assert [tuple(row) for row in phones] == [(1, None), (2, PHONE), (3, None)]
    assert (verification.ok, verification.problems) == (True, [])
    assert (verification.fields_erased, verification.originals_erased) == (2, 0)
    assert event["why"] == WHY
    assert event["erased"] == [{"form": form, "fields": ["contact_phone"]} for form in (1, 3)]
    assert event["originals"] == []
    assert proof.holds()
    assert prove(keyed, 3) == proof


def test_all_fields_of_all_cases_erased_and_nothing_is_left(campaign: Campaign, tmp_path: Path) -> None:
    for number in (CASE, OTHER):
        assert redact(campaign, number, [], WHY).fields == list(FIELDS)
    for word in (PERSON, PHONE, ADDRESS):
        assert told(campaign, word) == []
    assert problems(campaign) == []
    if campaign.engine.dialect.name == "sqlite":
        campaign.engine.dispose()
        for file in tmp_path.glob("anli.db*"):
            if file.is_file():
                assert PHONE.encode() not in file.read_bytes()


def test_what_was_erased_had_been_given_and_counts_as_given(campaign: Campaign) -> None:
    redact(campaign, CASE, [], WHY)
    later = at(campaign, MOMENTS["recommend"])
    assert {each.case_id for each in move(later, "recommend").moved} == {1, 2}
    assert states(later) == {1: "recommended", 2: "recommended"}
    assert problems(later) == []


def test_a_corrected_form_says_it_anew(campaign: Campaign, tmp_path: Path) -> None:
    redact(campaign, CASE, [], WHY)
    file = tmp_path / "again.eml"
    file.write_bytes(mail_of("wxb@wuhan.example", "Thu, 20 Jun 2024 08:50:00 +0800", "清朗江城", 联系人="示例联系人辛"))
    (taken,) = take_in(campaign, [file])
    assert taken.cases == (1,)
    assert problems(campaign) == []
    assert redact(campaign, CASE, ["contact_person"], WHY).forms == [4]
    assert problems(campaign) == []


@pytest.mark.parametrize(
    ("number", "fields", "why", "error"),
    [
        (CASE, [], None, ReasonNeeded),
        (CASE, [], "  ", ReasonNeeded),
        (CASE, ["name"], WHY, FieldUnknown),
        ("2024-0009", [], WHY, CaseUnknown),
        ("nonsense", [], WHY, CaseUnknown),
    ],
)
def test_what_cannot_be_erased(
    campaign: Campaign, number: str, fields: list[str], why: str | None, error: type[Exception]
) -> None:
    before = held(campaign)
    with pytest.raises(error):
        redact(campaign, number, fields, why)
    assert held(campaign) == before


def test_nothing_is_erased_twice(campaign: Campaign) -> None:
    redact(campaign, CASE, ["address"], WHY)
    with pytest.raises(NothingToErase):
        redact(campaign, CASE, ["address"], WHY)
    assert redact(campaign, CASE, [], WHY).fields == ["contact_person", "contact_phone"]
    assert problems(campaign) == []


def test_originals_are_named_and_kept_unless_asked(campaign: Campaign) -> None:
    kept: Erased = redact(campaign, CASE, [], WHY)
    assert {each.role for each in kept.originals} == {"mail", "form", "scan"}
    assert all(campaign.originals.digest_kept(each.sha256) for each in kept.originals)
    erased = redact(campaign, CASE, [], WHY, with_originals=True)
    assert (erased.fields, {each.role for each in erased.originals_erased}) == ([], {"mail", "form"})
    assert not any(campaign.originals.digest_kept(each.sha256) for each in erased.originals_erased)
    assert {each.role for each in erased.originals} == {"scan"}, "the other case has the very same scan"
    assert all(campaign.originals.digest_kept(each.sha256) for each in erased.originals)
    assert problems(campaign) == []
    with pytest.raises(NothingToErase):
        redact(campaign, CASE, [], WHY, with_originals=True)
    with campaign.reading() as connection:
        others = connection.execute(text("SELECT sha256 FROM originals WHERE form_id = 2 AND role = 'form'")).scalars()
        assert all(campaign.originals.digest_kept(digest) for digest in others)


def test_an_original_that_comes_back_by_mail_is_kept_again(campaign: Campaign, tmp_path: Path) -> None:
    redact(campaign, CASE, [], WHY, with_originals=True)
    (taken,) = take_in(campaign, [tmp_path / "0.eml"])
    assert taken.status == "duplicate"
    assert problems(campaign) == []


def test_an_original_put_back_by_hand_is_named(campaign: Campaign) -> None:
    data = {}
    with campaign.reading() as connection:
        for digest in connection.execute(text("SELECT sha256 FROM originals WHERE form_id = 1")).scalars():
            data[digest] = campaign.originals.read(digest)
    erased = {each.sha256 for each in redact(campaign, CASE, [], WHY, with_originals=True).originals_erased}
    back = next(digest for digest in data if digest in erased)
    campaign.originals.keep(data[back])
    assert named(problems(campaign)) == {(f"originals/{back}", "original-unerased", None)}


@pytest.mark.parametrize(
    ("change", "what", "column"),
    [
        ("UPDATE personal SET contact_phone = '027-60001111' WHERE form_id = 2", "person-altered", "contact_phone"),
        ("UPDATE personal SET address = '' WHERE form_id = 2", "person-altered", "address"),
        ("UPDATE personal SET address_salt = contact_phone_salt WHERE form_id = 2", "person-altered", "address"),
        ("UPDATE personal SET contact_phone = NULL WHERE form_id = 2", "person-altered", "contact_phone"),
        (
            "UPDATE personal SET contact_phone = NULL, contact_phone_salt = NULL WHERE form_id = 2",
            "person-erased-unrecorded",
            "contact_phone",
        ),
        ("DELETE FROM personal WHERE form_id = 2", "event-without-row", None),
    ],
)
def test_a_value_or_salt_changed_or_erased_without_an_event(
    campaign: Campaign, change: str, what: str, column: str | None
) -> None:
    with forging(campaign) as connection:
        run(connection, change)
        assert named(verified(campaign, connection)) == {("personal/2", what, column)}


def test_values_swapped_between_two_forms_with_their_salts(campaign: Campaign) -> None:
    redact(campaign, CASE, [], WHY)
    pairs = ", ".join(
        f"{name} = (SELECT {name} FROM personal WHERE form_id = 2)"
        for field in FIELDS
        for name in (field, f"{field}_salt")
    )
    with forging(campaign) as connection:
        run(connection, f"UPDATE personal SET {pairs} WHERE form_id = 1")
        expected = {("personal/1", "person-unerased", name) for name in FIELDS}
        assert named(verified(campaign, connection)) == expected


def test_a_byte_moved_from_the_value_into_the_salt(campaign: Campaign) -> None:
    """The same bytes are hashed, and yet the value is another."""
    with forging(campaign) as connection:
        salt, phone = connection.execute(
            text("SELECT contact_phone_salt, contact_phone FROM personal WHERE form_id = 2")
        ).one()
        moved = {"salt": bytes(salt) + phone[:1].encode(), "phone": phone[1:]}
        run(
            connection,
            "UPDATE personal SET contact_phone_salt = :salt, contact_phone = :phone WHERE form_id = 2",
            **moved,
        )
        assert named(verified(campaign, connection)) == {("personal/2", "person-altered", "contact_phone")}


def test_the_very_value_brought_back(campaign: Campaign) -> None:
    with campaign.reading() as connection:
        query = text("SELECT contact_phone, contact_phone_salt AS salt FROM personal WHERE form_id = 1")
        row = dict(connection.execute(query).mappings().one())
    redact(campaign, CASE, ["contact_phone"], WHY)
    with forging(campaign) as connection:
        statement = "UPDATE personal SET contact_phone = :contact_phone, contact_phone_salt = :salt WHERE form_id = 1"
        run(connection, statement, **row)
        problems = verified(campaign, connection)
    assert named(problems) == {("personal/1", "person-unerased", "contact_phone")}
    with campaign.reading() as connection:
        (event,) = read_fields(connection, kind="redaction")
    assert problems[0].since == event["seq"]


ERASING = "contact_phone = NULL, contact_phone_salt = NULL"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE personal SET contact_phone = '027-60001111'",
        "UPDATE personal SET contact_phone_salt = address_salt",
        "UPDATE personal SET contact_phone = address, contact_phone_salt = address_salt",
        f"UPDATE personal SET {ERASING}, address = ''",
        f"UPDATE personal SET {ERASING}, form_id = 9 WHERE form_id = 1",
        "UPDATE personal SET contact_phone = NULL",
        "DELETE FROM personal",
    ],
)
def test_the_database_allows_nothing_but_erasing(campaign: Campaign, change: str) -> None:
    before = held(campaign)
    with pytest.raises(DBAPIError), campaign.engine.connect() as connection, connection.begin():
        connection.execute(text(change))
    assert held(campaign) == before


def test_the_database_lets_nothing_be_unerased(campaign: Campaign) -> None:
    redact(campaign, CASE, ["contact_phone"], WHY)
    before = held(campaign)
    changes = ["UPDATE personal SET contact_phone = '1', contact_phone_salt = address_salt WHERE form_id = 1"]
    if campaign.engine.dialect.name == "sqlite":
        changes.append("INSERT OR REPLACE INTO personal (form_id) VALUES (1)")
    else:
        changes.append("TRUNCATE personal")
    for change in changes:
        with pytest.raises(DBAPIError), campaign.engine.connect() as connection, connection.begin():
            connection.execute(text(change))
    assert held(campaign) == before


def test_each_salt_is_its_own(campaign: Campaign) -> None:
    salts = [cell for row in held(campaign) for cell in row if isinstance(cell, bytes)]
    assert len(salts) == len(set(salts)) == 3 * len(FIELDS)
    assert {len(salt) for salt in salts} == {16}
