"""The upkeep of a campaign's database by who owns it: its shape, and what each role may do in it by hand."""

from typing import NamedTuple

from sqlalchemy import Connection

from workflow.engine.campaign import Campaign, resume
from workflow.engine.staff import admit, roles_of_logins
from workflow.errors import AnliError
from workflow.settings import Settings
from workflow.store import rights, schema
from workflow.store.address import show_url
from workflow.store.database import founding


class RightsElsewhere(AnliError):
    """A SQLite file knows no roles; the file's own rights decide: values are url."""

    code = "error.rights-elsewhere"


class Granted(NamedTuple):
    """One login: the roles the campaign gives it, and whether the server does so too."""

    login: str
    roles: list[str]
    granted: bool


def upgrade(settings: Settings) -> None:
    """Bring an older program's tables to this one's shape. Raises what ``resume`` and ``admit`` raise, and OwnerNeeded
    where the account may not alter the tables."""
    campaign = resume(settings, any_shape=True)
    try:
        admit(campaign, "db-upgrade")
        with founding(campaign.engine) as connection:
            if connection.dialect.name == "postgresql":
                rights.require_owner(connection)
            schema.upgrade(connection)
    finally:
        campaign.engine.dispose()


def grant(campaign: Campaign) -> tuple[dict[str, str], list[Granted]]:
    """Make or refresh the server's roles, by role of the campaign, and give them to everybody on its staff.

    Raises RightsElsewhere on SQLite, OwnerNeeded, RolesRefused.
    """
    if campaign.engine.dialect.name != "postgresql":
        raise RightsElsewhere(url=show_url(campaign.engine))
    with campaign.writing() as (campaign, connection):
        names = rights.make_roles(connection)
        logins = roles_of_logins(connection)
        given = [Granted(login, roles, _give(connection, login, roles)) for login, roles in logins.items()]
    return names, given


def _give(connection: Connection, login: str, roles: list[str]) -> bool:
    try:
        rights.require_login(connection, login)
    except rights.LoginUnknown:
        return False
    return rights.give_roles(connection, login, roles)
