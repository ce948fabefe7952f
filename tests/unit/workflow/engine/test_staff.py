"""Roles: who may do what, who gives them, and that whoever is turned away is on record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import cli
from tests.builders.campaigns import FOUNDED, found_rehearsal, known_as, problems
from tests.builders.history import read_fields
from workflow.audit import actor
from workflow.audit.actor import identify
from workflow.audit.check.verify import verify
from workflow.engine.campaign import Campaign, resume
from workflow.engine.staff import (
    CLOCKWORK,
    READING,
    ROLES,
    SIGNING,
    AlreadyStaff,
    LastOrganiser,
    RoleNeeded,
    RoleUnknown,
    add,
    admit,
    list_members,
    may,
)
from workflow.settings import Settings


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path)
    yield campaign
    campaign.engine.dispose()


def become(monkeypatch: pytest.MonkeyPatch, account: str) -> None:
    """Sit down at the keyboard as another account of the machine."""
    monkeypatch.setattr(actor, "operating_account", lambda: account)


def events(campaign: Campaign, kind: str) -> list[dict[str, Any]]:
    with campaign.reading() as connection:
        return list(read_fields(connection, kind=kind))


def sound(campaign: Campaign) -> bool:
    with campaign.reading() as connection:
        return verify(connection, campaign.originals).ok


def test_the_staff_is_who_has_acted_and_whom_the_edition_lists(campaign: Campaign) -> None:
    members = {member.account: member for member in list_members(campaign)}
    with campaign.reading() as connection:
        founder = identify(connection).account
    assert (members[founder].role, members[founder].since) == ("organiser", FOUNDED)
    listed = {member.account: member.role for member in campaign.edition.staff}
    assert {name: each.role for name, each in members.items() if each.since is None} == listed
    assert list(members) == sorted(members)


def test_the_founder_may_do_everything(campaign: Campaign) -> None:
    for command in ("advance", "staff-add", "audit-keygen", *CLOCKWORK):
        admit(campaign, command)
    assert events(campaign, "denial") == []


@pytest.mark.parametrize("command", ["advance", "cases", "audit-verify", "tick"])
def test_a_stranger_is_turned_away_and_on_record(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    become(monkeypatch, "stranger")
    with pytest.raises(RoleNeeded):
        admit(campaign, command)
    (denial,) = events(campaign, "denial")
    assert denial["command"] == command
    assert denial["actor"]["account"] == known_as(campaign, "stranger")
    assert denial["actor"]["role"] == "none"
    assert sound(campaign)


def test_roles_are_given_changed_and_on_record(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    account = known_as(campaign, "wang")
    add(campaign, account, "auditor")
    with pytest.raises(AlreadyStaff):
        add(campaign, account, "auditor")
    add(campaign, account, "clock")
    told = [(event["account"], event["was"], event["role"]) for event in events(campaign, "staff")]
    assert told == [(account, None, "auditor"), (account, "auditor", "clock")]
    become(monkeypatch, "wang")
    admit(campaign, "tick")
    with pytest.raises(RoleNeeded):
        admit(campaign, "advance")
    assert sound(campaign)


def test_an_unknown_role_is_not_given(campaign: Campaign) -> None:
    with pytest.raises(RoleUnknown):
        add(campaign, "wang", "king")
    assert events(campaign, "staff") == []


def test_a_role_changed_behind_the_historys_back_is_found(campaign: Campaign) -> None:
    account = known_as(campaign, "wang")
    add(campaign, account, "auditor")
    with campaign.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE staff SET role = 'organiser' WHERE account = :account"), {"account": account})
    with campaign.reading() as connection:
        problems = verify(connection, campaign.originals).problems
    assert [(problem.where, problem.what) for problem in problems] == [(f"staff/{account}", "row-differs")]


def test_whom_the_edition_lists(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    if campaign.engine.dialect.name != "sqlite":
        pytest.skip("the edition lists accounts of the machine, PostgreSQL knows users of the database")
    become(monkeypatch, "auditor")
    admit(campaign, "audit-verify")
    assert events(campaign, "staff") == []
    with pytest.raises(RoleNeeded):
        admit(campaign, "advance")
    become(monkeypatch, "clock")
    admit(campaign, "tick")
    admit(campaign, "tick")
    assert [(event["account"], event["role"]) for event in events(campaign, "staff")] == [("clock", "clock")]
    assert sound(campaign)


def test_on_postgresql_the_databases_user_counts(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    if campaign.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no users")
    with campaign.reading() as connection:
        user = connection.execute(text("SELECT session_user")).scalar_one()
    become(monkeypatch, "somebody")
    with pytest.raises(RoleNeeded):
        admit(campaign, "cases")
    add(campaign, user, "auditor")
    admit(campaign, "cases")


def test_reading_opens_the_file_so_that_nothing_can_be_written(campaign: Campaign, tmp_path: Path) -> None:
    if campaign.engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL the role's rights see to it")
    url = f"sqlite:///{tmp_path / 'anli.db'}"
    reader = resume(Settings(url, "maildir:mail", "zh", FOUNDED, tmp_path / "originals"), read_only=True)
    assert sound(reader)
    with pytest.raises(OperationalError, match="readonly"), reader.engine.connect() as connection:
        connection.execute(text("DROP TABLE letters"))
    reader.engine.dispose()


def test_every_command_that_roles_name_is_one() -> None:
    commands = {command.name for command in cli.app.registered_commands}
    groups = list(cli.app.registered_groups)
    for group in groups:
        assert group.typer_instance is not None
        groups += group.typer_instance.registered_groups
        commands |= {
            f"{group.typer_instance.info.name}-{command.name}" for command in group.typer_instance.registered_commands
        }
    assert commands >= CLOCKWORK
    assert READING < CLOCKWORK
    assert SIGNING < READING


@pytest.mark.parametrize(
    "command", ["advance", "intake", "undo", "mail-retry", "staff-add", "audit-keygen", "audit-redact", "no-such"]
)
def test_only_organisers_change_anything(command: str) -> None:
    assert [role for role in ROLES if may(role, command)] == ["organiser"]
    assert not may("none", "cases")


def test_somebody_is_always_left_to_run_the_campaign(campaign: Campaign) -> None:
    with campaign.reading() as connection:
        founder = identify(connection).account
    with pytest.raises(LastOrganiser):
        add(campaign, founder, "auditor")
    add(campaign, known_as(campaign, "another"), "organiser")
    add(campaign, founder, "auditor")
    assert problems(campaign) == []
