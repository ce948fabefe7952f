"""Who acts: never taken from an environment variable, which anyone can set."""

import os
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, text
from sqlmodel import col

from workflow.store import Staff

NO_ROLE = "none"
_ROLES = select(col(Staff.account), col(Staff.role)).where(col(Staff.account).in_(bindparam("known", expanding=True)))


class Actor(NamedTuple):
    """account: the operating system's, or on PostgreSQL the session's user and the account behind it; there a role may
    have been given to the user, whatever account is behind."""

    account: str
    role: str
    machine: str
    program: str


@cache
def program_version() -> str:
    try:
        return f"anli {version('anli')}"
    except PackageNotFoundError:
        return "anli (from source)"


def operating_account() -> str:
    """The account the operating system knows this process by."""
    if sys.platform == "win32":
        return os.getlogin()
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def login_of(account: str) -> str:
    """The database's user in an account as ``identify`` writes it: ``li`` of ``li (li at the keyboard)``."""
    return account.partition(" (")[0] if account.endswith(")") else account


def identify(connection: Connection) -> Actor:
    """Who is at the keyboard, and the role that the campaign gives them (``none`` where it gives none)."""
    account = operating_account()
    known = [account]
    if connection.dialect.name == "postgresql":
        user = connection.execute(text("SELECT session_user")).scalar_one()
        account = f"{user} ({account})"
        known = [account, user]
    roles = {row.account: row.role for row in connection.execute(_ROLES, {"known": known})}
    role = next((roles[each] for each in known if each in roles), None)
    return Actor(account, role or NO_ROLE, platform.node() or "unnamed", program_version())
