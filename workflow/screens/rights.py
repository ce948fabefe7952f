"""The rights given on PostgreSQL, as ``db grant`` prints them."""

from collections.abc import Iterable
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine.upkeep import Granted
from workflow.screens.renderer import Renderer


class LoginDocument(TypedDict):
    login: str
    roles: list[str]
    granted: bool


class RightsDocument(TypedDict):
    """roles: the server's, by role of the campaign."""

    roles: dict[str, str]
    logins: list[LoginDocument]


def answer_rights(names: dict[str, str], given: Iterable[Granted]) -> RightsDocument:
    """As ``grant`` gives them."""
    return {
        "roles": names,
        "logins": [{"login": login.login, "roles": login.roles, "granted": login.granted} for login in given],
    }


def draw_rights(renderer: Renderer, answer: RightsDocument) -> RenderableType:
    """The roles, then a line a login."""
    table = renderer.table("login", "role", "granted", fixed=("login", "granted"))
    for login in answer["logins"]:
        roles = renderer.join(answer["roles"][role] for role in login["roles"])
        table.add_row(Text(login["login"]), Text(roles), "✓" if login["granted"] else Text("✗", style="red"))
    lines = [Text(renderer.say("rights.done", roles=renderer.join(sorted(answer["roles"].values()))))]
    if not all(login["granted"] for login in answer["logins"]):
        lines.append(Text(renderer.say("rights.ungranted"), style="yellow"))
    return Group(table, *lines)
