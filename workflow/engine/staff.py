"""Who may do what: every command asks here first, and who is turned away is on record."""

from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from workflow import clock
from workflow.audit.actor import Actor, identify, login_of
from workflow.audit.events import Denial, Staff
from workflow.engine.campaign import Campaign
from workflow.errors import AnliError, UsageError
from workflow.store.rights import give_roles, require_login

ORGANISER, AUDITOR, CLOCK = ROLES = ("organiser", "auditor", "clock")
READING = frozenset({
    "submissions", "todo", "cases", "show", "papers", "explain", "history", "ranking", "mail-list", "mail-preview",
    "doctor",
    "calendar-show", "calendar-export", "rehearse", "audit-log", "audit-verify", "audit-as-of", "audit-diff",
    "audit-prove", "audit-consistency", "audit-export", "staff-list", "templates-check", "db-backup",
})  # fmt: skip
"""Commands that change nothing of the campaign."""
SIGNING = frozenset({"audit-prove", "audit-export"})
"""Of these, the ones that make a checkpoint where this account has the key."""

CLOCKWORK = READING | {"tick", "watch", "mail-send", "mail-bounces", "audit-checkpoint"}
_MAY = {AUDITOR: READING, CLOCK: CLOCKWORK}

_STAFF = text("SELECT account, role FROM staff")
_STAFF_SINCE = text("SELECT account, role, since FROM staff")
_KNOWN = text("SELECT role FROM staff WHERE account = :account")
_ORGANISERS = text("SELECT count(*) FROM staff WHERE role = 'organiser'")
_ADD = text("INSERT INTO staff (account, role, since) VALUES (:account, :role, :since)")
_CHANGE = text("UPDATE staff SET role = :role, since = :since WHERE account = :account")


class RoleNeeded(AnliError):
    """Only an account with that role may do this: values are role, account."""

    code = "error.role-needed"


class Member(NamedTuple):
    """since: when the account got its role; None for one that the edition lists and that has not acted yet."""

    account: str
    role: str
    since: datetime | None


class RoleUnknown(UsageError):
    """No such role: values are word, known."""

    code = "error.role-unknown"
    family = "staff"


class AlreadyStaff(AnliError):
    """The account has that role already: values are account, role."""

    code = "error.already-staff"


class LastOrganiser(AnliError):
    """Nobody would be left to run the campaign: values are account."""

    code = "error.last-organiser"


def may(role: str, command: str) -> bool:
    """Whether that role may give the command, named as its help page: ``advance``, ``audit-log``."""
    return role == ORGANISER or command in _MAY.get(role, ())


def admit(campaign: Campaign, command: str) -> None:
    """Let who is at the keyboard give the command. Whom the edition lists is taken on with the first that writes.

    Raises RoleNeeded, and puts the refusal on record as far as the account can write at all.
    """
    with campaign.reading() as connection:
        actor = identify(connection)
    if may(actor.role, command):
        return
    listed = None if actor.role in ROLES else campaign.edition.role_of(actor.account)
    if listed is not None and may(listed, command):
        if command not in READING:
            with campaign.writing() as (campaign, connection):
                _enlist(campaign, connection, actor._replace(role=listed), actor.account, listed)
        return
    _record(campaign, actor, command)
    raise RoleNeeded(role=needed_for(command), account=actor.account)


def _record(campaign: Campaign, actor: Actor, command: str) -> None:
    with suppress(DBAPIError, AnliError), campaign.recording() as (campaign, connection):
        campaign.log(connection, actor=actor).append([Denial(command=command)])


def needed_for(command: str) -> str:
    """The least of the roles that may give the command."""
    return next((role for role in (AUDITOR, CLOCK) if may(role, command)), ORGANISER)


def add(campaign: Campaign, account: str, role: str) -> bool | None:
    """Give an account a role, or another role than it had; on PostgreSQL also its login the server's role.

    None on SQLite; False where this account may not give the server's role, which the database's owner then does.
    Raises RoleUnknown, AlreadyStaff, LastOrganiser, or LoginUnknown for a login that PostgreSQL does not have.
    """
    if role not in ROLES:
        raise RoleUnknown(word=role, known=list(ROLES))
    with campaign.writing() as (campaign, connection):
        if connection.dialect.name != "postgresql":
            _enlist(campaign, connection, identify(connection), account, role)
            return None
        login = login_of(account)
        require_login(connection, login)
        _enlist(campaign, connection, identify(connection), account, role)
        return give_roles(connection, login, roles_of_logins(connection)[login])


def list_members(campaign: Campaign) -> list[Member]:
    """Everybody on the staff, by account, and whom the edition lists and who is still to write for the first time."""
    with campaign.reading() as connection:
        found = {
            row.account: Member(row.account, row.role, clock.read(row.since))
            for row in connection.execute(_STAFF_SINCE)
        }
    listed = {member.account: Member(member.account, member.role, None) for member in campaign.edition.staff}
    return sorted((listed | found).values())


def roles_of_logins(connection: Connection) -> dict[str, list[str]]:
    """For each login on the staff the roles it has, whichever accounts stand behind it."""
    found: dict[str, set[str]] = {}
    for row in connection.execute(_STAFF):
        found.setdefault(login_of(row.account), set()).add(row.role)
    return {login: sorted(roles) for login, roles in sorted(found.items())}


def _enlist(campaign: Campaign, connection: Connection, actor: Actor, account: str, role: str) -> None:
    was = connection.execute(_KNOWN, {"account": account}).scalar()
    if was == role:
        raise AlreadyStaff(account=account, role=role)
    if was == ORGANISER and connection.execute(_ORGANISERS).scalar_one() == 1:
        raise LastOrganiser(account=account)
    row = {"account": account, "role": role, "since": clock.write(campaign.now)}
    connection.execute(_ADD if was is None else _CHANGE, row)
    campaign.log(connection, actor=actor).append([Staff(account=account, role=role, was=was)])
