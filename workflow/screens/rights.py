"""The rights given on PostgreSQL, as ``db grant`` prints them."""

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.engine import upkeep
from workflow.engine.campaign import Campaign
from workflow.screens.renderer import Answer, Renderer


def grant(campaign: Campaign) -> dict[str, Any]:
    """Make or refresh the server's roles, and give them to the staff."""
    names, given = upkeep.grant(campaign)
    return {"roles": names, "logins": [each._asdict() for each in given]}


def draw_rights(renderer: Renderer, answer: Answer) -> RenderableType:
    """The roles, then a line a login."""
    table = renderer.table("login", "role", "granted", fixed=("login", "granted"))
    for each in answer["logins"]:
        roles = renderer.join(answer["roles"][role] for role in each["roles"])
        table.add_row(Text(each["login"]), Text(roles), "✓" if each["granted"] else Text("✗", style="red"))
    lines = [Text(renderer.say("rights.done", roles=renderer.join(sorted(answer["roles"].values()))))]
    if not all(each["granted"] for each in answer["logins"]):
        lines.append(Text(renderer.say("rights.ungranted"), style="yellow"))
    return Group(table, *lines)
