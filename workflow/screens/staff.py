"""Who works on the campaign, as ``staff list`` prints it."""

from collections.abc import Sequence
from typing import TypedDict

from rich.console import RenderableType
from rich.text import Text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.engine.staff import list_members
from workflow.screens.renderer import Renderer


class MemberDocument(TypedDict):
    account: str
    role: str
    since: str | None


def list_staff(campaign: Campaign) -> list[MemberDocument]:
    """Every member by account; since is null for one that has not acted yet."""
    return [
        {"account": member.account, "role": member.role, "since": clock.show(member.since) if member.since else None}
        for member in list_members(campaign)
    ]


def draw_staff(renderer: Renderer, staff: Sequence[MemberDocument]) -> RenderableType:
    """A line a member."""
    table = renderer.table("account", "staff-role", "since", fixed=("account",))
    for member in staff:
        since = renderer.moment(member["since"]) if member["since"] else Text(renderer.say("staff.listed"), style="dim")
        table.add_row(Text(member["account"]), renderer.name("staff", member["role"]), since)
    return table
