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


class AddedDocument(TypedDict):
    """granted: null on SQLite, false where the server's role is still to be given."""

    account: str
    role: str
    granted: bool | None


def answer_added(account: str, role: str, granted: bool | None) -> AddedDocument:
    """As ``staff add`` answers with --json."""
    return {"account": account, "role": role, "granted": granted}


def say_added(renderer: Renderer, added: AddedDocument) -> str:
    """Who has which role now, and what is still to be done for it."""
    key = "staff.added-ungranted" if added["granted"] is False else "staff.added"
    return renderer.say(key, account=added["account"], role=renderer.name("staff", added["role"]))


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
