"""What each role may do by hand on PostgreSQL: a role of the server for each, made, and given to logins."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from workflow.errors import AnliError
from workflow.store.judging import TABLES as JUDGING
from workflow.store.personal import FIELDS

_DENIED, _MISSING = "42501", "42704"
_LONGEST = 52
_OWNED = text(
    "SELECT pg_get_userbyid(relowner) AS owner, pg_has_role(current_user, relowner, 'USAGE') AS is_own FROM pg_class "
    "WHERE oid = to_regclass('events')"
)
_KNOWN = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)")
_MEMBERS = text(
    "SELECT held.rolname FROM pg_auth_members m JOIN pg_roles held ON held.oid = m.roleid "
    "JOIN pg_roles holder ON holder.oid = m.member WHERE holder.rolname = :login AND held.rolname = ANY(:names)"
)


class Rights(NamedTuple):
    """Beyond SELECT on everything, counters included, without which nobody can dump: tables to INSERT into, columns to
    UPDATE. Nobody may DELETE or TRUNCATE."""

    inserts: Sequence[str]
    updates: Mapping[str, Sequence[str]]


_PASSAGE = ("state", "version", "trail", "recommended_at", "selected_place")
_COUNTS = ("asked", "moved", "refused")
_FATE = ("state", "attempts", "tries", "answer", "sent_at", "next_try", "leased_until", "reported_at")
_PAUSED = ("mail_paused_at", "mail_paused_by", "mail_paused_why")
_PULSE = ("account", "program", "at", "next_due")
RIGHTS: Mapping[str, Rights] = {
    "organiser": Rights(
        (
            "batches", "cases", "checkpoints", "edition_versions", "events", "fetches", "firings", "forms",
            "heartbeats", "letters", "nodes", "originals", "personal", "staff", "submissions", *JUDGING,
        ),
        {
            "batches": _COUNTS,
            "campaign": ("edition_sha256", *_PAUSED),
            "cases": (
                *_PASSAGE, "form_id", "route", "received_at", "received_proven", "review_id", "survey_id", "scores",
                "score_total",
            ),
            "heartbeats": _PULSE,
            "letters": (*_FATE, "held_at"),
            "personal": tuple(column for name in FIELDS for column in (name, f"{name}_salt")),
            "scores": ("hundredths", "note", "recorded_at"),
            "staff": ("role", "since"),
            "submissions": ("status", "unit", "reasons", "settled_at"),
        },
    ),
    "clock": Rights(
        ("batches", "checkpoints", "events", "firings", "heartbeats", "letters", "nodes"),
        {"batches": _COUNTS, "campaign": ("id",), "cases": _PASSAGE, "heartbeats": _PULSE, "letters": _FATE},
    ),
    "auditor": Rights((), {}),
}  # fmt: skip
"""Of the campaign's row the clock may only take the lock; that it is the row 1 the table itself sees to."""


class OwnerNeeded(AnliError):
    """Only who owns the tables can give rights to them or alter them: values are account, owner."""

    code = "error.owner-needed"


class RolesRefused(AnliError):
    """The account may not make the server's roles: values are account, roles (a list), statement (SQL that does)."""

    code = "error.roles-refused"


class LoginUnknown(AnliError):
    """The server knows no such login: values are login."""

    code = "error.login-unknown"


def role_names(connection: Connection) -> dict[str, str]:
    """For each role of a campaign, the server's: roles belong to a whole server, so each database has its own."""
    database = connection.execute(text("SELECT current_database()")).scalar_one()
    stem = database.encode()[:_LONGEST].decode(errors="ignore")
    return {role: f"{stem}_{role}" for role in RIGHTS}


def require_owner(connection: Connection) -> None:
    """Raises OwnerNeeded where the session does not act as the tables' owner."""
    events = connection.execute(_OWNED).one()
    if not events.is_own:
        account = connection.execute(text("SELECT current_user")).scalar_one()
        raise OwnerNeeded(account=account, owner=events.owner)


def make_roles(connection: Connection) -> dict[str, str]:
    """Make the roles that are missing, and give each exactly the rights of its kind; by role of the campaign.

    Raises OwnerNeeded, or RolesRefused where roles are missing that this account may not make.
    """
    require_owner(connection)
    names = role_names(connection)
    quote = connection.dialect.identifier_preparer.quote
    known = set(connection.execute(_KNOWN, {"names": list(names.values())}).scalars())
    missing = [name for name in names.values() if name not in known]
    statement = " ".join(f"CREATE ROLE {quote(name)} NOLOGIN;" for name in missing)
    if missing and not _try(connection, [statement]):
        account = connection.execute(text("SELECT current_user")).scalar_one()
        raise RolesRefused(account=account, roles=missing, statement=statement)
    schema = quote(connection.execute(text("SELECT current_schema()")).scalar_one())
    for role, name in names.items():
        for granting in _grants(role, quote(name), schema):
            connection.exec_driver_sql(granting)
    return names


def _grants(role: str, name: str, schema: str) -> Iterable[str]:
    rights, tables = RIGHTS[role], SQLModel.metadata.sorted_tables
    every = ", ".join(["alembic_version", *(table.name for table in tables)])
    yield f"REVOKE ALL ON {every} FROM {name}"
    yield f"GRANT SELECT ON {every} TO {name}"
    for changed, columns in rights.updates.items():
        yield f"GRANT UPDATE ({', '.join(columns)}) ON {changed} TO {name}"
    if rights.inserts:
        yield f"GRANT INSERT ON {', '.join(rights.inserts)} TO {name}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"
    for table in tables:
        key = table.primary_key.columns.values()
        if table.name in rights.inserts and len(key) == 1 and table.autoincrement_column is key[0]:
            yield f"GRANT USAGE ON SEQUENCE {table.name}_{key[0].name}_seq TO {name}"


def require_login(connection: Connection, login: str) -> None:
    """Raises LoginUnknown."""
    known = text("SELECT 1 FROM pg_roles WHERE rolname = :login AND rolcanlogin")
    if connection.execute(known, {"login": login}).scalar() is None:
        raise LoginUnknown(login=login)


def give_roles(connection: Connection, login: str, roles: Iterable[str]) -> bool:
    """Let a login have these roles of the campaign's and no other of them, as far as this account may say so.

    False where it may not, or where the roles have not been made, and something would have to change.
    """
    names = role_names(connection)
    wanted = {names[role] for role in roles}
    quote = connection.dialect.identifier_preparer.quote
    held = _held(connection, login, names)
    statements = [f"GRANT {quote(name)} TO {quote(login)}" for name in sorted(wanted - held)]
    statements += [f"REVOKE {quote(name)} FROM {quote(login)}" for name in sorted(held - wanted)]
    return _try(connection, statements) and _held(connection, login, names) == wanted


def _held(connection: Connection, login: str, names: Mapping[str, str]) -> set[str]:
    return set(connection.execute(_MEMBERS, {"login": login, "names": list(names.values())}).scalars())


def _try(connection: Connection, statements: Sequence[str]) -> bool:
    """Whether the server took them all; where it did not for want of rights or of the roles, it took none."""
    try:
        with connection.begin_nested():
            for statement in statements:
                connection.exec_driver_sql(statement)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in {_DENIED, _MISSING}:
            raise
        return False
    return True
