"""The end of the season in figures, and where to look."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from states.course import COURSE
from workflow.audit.check.verify import verify
from workflow.audit.history import Wanted, read_log
from workflow.demo.folder import Folder
from workflow.engine.campaign import Campaign
from workflow.screens.cases import list_cases
from workflow.screens.letters import list_letters
from workflow.store.address import show_url
from workflow.wording import knows, say

NEXT = ("cases --state archived", "show 2024-0001", "ranking", "mail list", "audit verify")


class Summary(NamedTuple):
    """states, submissions, letter_states, letter_kinds: how many of each. refusals: by the code of what blocked.

    verified: whether the history holds together and the tables follow from it; root: of its tree, in hex.
    """

    language: str
    folder: Folder
    database: str
    submissions: Mapping[str, int]
    states: Mapping[str, int]
    refusals: Mapping[str, int]
    letter_states: Mapping[str, int]
    letter_kinds: Mapping[str, int]
    events: int
    verified: bool
    root: str
    problems: int

    def answer(self) -> dict[str, Any]:
        """The summary as --json prints it."""
        return {
            "folder": str(self.folder.path),
            "database": self.database,
            "mailbox": str(self.folder.mailbox),
            "sheets": str(self.folder.sheets),
            "letters_folder": str(self.folder.letters),
            "submissions": dict(self.submissions),
            "cases": dict(self.states),
            "refusals": dict(self.refusals),
            "letters": {"states": dict(self.letter_states), "kinds": dict(self.letter_kinds)},
            "audit": {"ok": self.verified, "events": self.events, "root": self.root, "problems": self.problems},
            "try": self.commands,
        }

    @property
    def commands(self) -> list[str]:
        """What to type next."""
        return [f"{_program()} --db {quote(self.database)} {words}" for words in NEXT]

    def draw(self) -> RenderableType:
        """The summary for people."""
        places = Table.grid(padding=(0, 2))
        for key, value in (
            ("database", self.database),
            ("mailbox", self.folder.mailbox),
            ("sheets", self.folder.sheets),
            ("letters", self.folder.letters),
        ):
            places.add_row(Text(self._say(f"place.{key}"), style="dim"), Text(str(value)))
        key = "verified" if self.verified else "not-verified"
        verdict = Text(self._say(key, events=self.events, root=self.root, problems=self.problems))
        verdict.stylize("green" if self.verified else "red")
        mails = Group(
            self._table("submissions", "status", self.submissions),
            self._table("fates", "letter", self.letter_states),
        )
        tables: list[RenderableType] = [
            self._table("cases", "state", self.states),
            self._table("letters", "kind", self.letter_kinds),
            self._table("refusals", "refusal", self.refusals),
            mails,
        ]
        return Group(
            Columns(tables, padding=(0, 2)),
            verdict,
            places,
            Text(self._say("try")),
            *(Text(f"  {command}", style="bold", no_wrap=True, overflow="ignore") for command in self.commands),
        )

    def _table(self, title: str, prefix: str, counts: Mapping[str, int]) -> Table:
        table = Table(title=self._say(title), title_justify="left", show_header=False)
        table.add_column()
        table.add_column(justify="right")
        for name, count in counts.items():
            key = f"{prefix}.{name}"
            table.add_row(say(key, self.language) if knows(key, self.language) else name, f"{count:,}")
        table.add_section()
        table.add_row(self._say("total"), f"{sum(counts.values()):,}")
        return table

    def _say(self, key: str, **values: object) -> str:
        return say(f"season.summary.{key}", self.language, **values)


def sum_up(campaign: Campaign, folder: Folder) -> Summary:
    """Read everything back from what was written, and check the whole history."""
    cases = Counter(case["state"] for case in list_cases(campaign))
    letters = list_letters(campaign)
    with campaign.reading() as connection:
        mails = [event.ended for event in read_log(connection, Wanted(kind="intake"))]
        refusals = read_log(connection, Wanted(kind="refusal"))
        refused = Counter(reason.code for event in refusals for reason in event.findings if reason.blocking)
        found = verify(connection, campaign.originals)
    return Summary(
        campaign.language,
        folder,
        show_url(campaign.engine),
        _sorted(mails),
        {state: cases[state] for state in COURSE.states},
        dict(sorted(refused.items(), key=lambda item: (-item[1], item[0]))),
        _sorted(letter["state"] for letter in letters),
        _sorted(letter["kind"] for letter in letters),
        found.events,
        found.ok,
        found.root,
        len(found.problems),
    )


def _program() -> str:
    """What to type for this program: ``anli``, or the way to it where that would not find it."""
    called = Path(sys.argv[0])
    if called.name != "anli" or shutil.which("anli") == str(called.absolute()):
        return "anli"
    return quote(sys.argv[0])


def _sorted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
