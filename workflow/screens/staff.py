"""Who works on the campaign, as ``staff list`` prints it."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.engine.staff import list_members
from workflow.screens.pen import Answer, Pen


def list_staff(campaign: Campaign) -> list[Answer]:
    """Every member by account: ``{account, role, since}``; since is null for one that has not acted yet."""
    return [
        {"account": each.account, "role": each.role, "since": clock.show(each.since) if each.since else None}
        for each in list_members(campaign)
    ]


def draw_staff(pen: Pen, staff: Sequence[Answer]) -> RenderableType:
    """A line a member."""
    table = pen.table("account", "staff-role", "since", fixed=("account",))
    for each in staff:
        since = pen.moment(each["since"]) if each["since"] else Text(pen.say("staff.listed"), style="dim")
        table.add_row(Text(each["account"]), pen.name("staff", each["role"]), since)
    return table
