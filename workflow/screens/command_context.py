"""What a command runs in: the campaign it may open, and the terminal or the program that it answers."""

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from workflow.new_file import write_new
from workflow.screens.answer import Answer, Document
from workflow.screens.renderer import Renderer
from workflow.screens.screen import render, width_of, write, write_json
from workflow.settings import Settings
from workflow.visible import reveal_document
from workflow.wording import say

if TYPE_CHECKING:
    from workflow.engine.campaign import Campaign

AFFIRMATIVE = frozenset({"y", "yes", "是", "确认", "确定"})


class CommandContext:
    """``as_json``: for a program, which gets one document on standard output; a person gets pages.

    command: as its help page is named, ``advance`` or ``audit-log``; the account's role must allow it.
    """

    def __init__(self, settings: Settings, as_json: bool, command: str) -> None:
        self.settings, self.as_json, self.command = settings, as_json, command
        self._began_after = 0

    def __enter__(self) -> "CommandContext":
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Raises Interrupted for a command that a person broke off, with what it had put on record."""
        if not self.has_opened:
            return
        try:
            if kind is KeyboardInterrupt:
                from workflow.engine.interruption import read_back

                raise read_back(self.campaign, self._began_after) from None
        finally:
            self.campaign.engine.dispose()

    @property
    def has_opened(self) -> bool:
        return "campaign" in vars(self)

    @cached_property
    def campaign(self) -> "Campaign":
        """The campaign, opened when it is first asked for. Raises what ``resume`` and ``admit`` raise."""
        from workflow.engine.campaign import resume
        from workflow.engine.interruption import last_event
        from workflow.engine.staff import READING, SIGNING, admit

        signs = self.command in SIGNING and self.settings.signing_key is not None
        campaign = resume(self.settings, read_only=self.command in READING and not signs)
        try:
            admit(campaign, self.command)
            self._began_after = last_event(campaign)
        except BaseException:
            campaign.engine.dispose()
            raise
        return campaign

    @property
    def has_reader(self) -> bool:
        """Whether a person sits before a terminal and reads the answer there."""
        return not self.as_json and sys.stdout is not None and sys.stdout.isatty()

    def reads(self, case: str | None) -> None:
        """Put on record that this command shows a case's history, where the rule book says so; see note_reading."""
        from workflow.engine.reading import note_reading

        if case is not None:
            note_reading(self.campaign, self.command, case)

    def answer(self, answer: Answer) -> None:
        if self.as_json:
            write_json(answer.document, sys.stdout)
        else:
            self.draw(answer, sys.stdout)

    def draw(self, answer: Answer, stream: TextIO | None) -> None:
        """Write the answer's page for people; nothing that others wrote is hidden in it, nor breaks its lines."""
        zone = self.campaign.edition.zone if self.has_opened else ZoneInfo("UTC")
        renderer = Renderer(self.settings.language, zone, width_of(stream))
        write(render(answer.draw(renderer, reveal_document(answer.document)), stream), stream)

    def keep(self, file: Path | None, document: Document, draw: Callable[[Renderer, Document], str], mark: str) -> None:
        """Write what ``draw`` makes of a document into a file, where one is named; see write_new.

        mark: what stands in all that it makes, so that an older one may be written over.
        """
        if file is None:
            return
        renderer = Renderer(self.settings.language, self.campaign.edition.zone)
        write_new(file, draw(renderer, document).encode(), lambda content: mark.encode() in content)

    def confirms(self, proposed: Answer) -> bool:
        """Show every case, verdict and letter on standard error and ask; anything but a yes, or silence, is a no."""
        self.draw(proposed, sys.stderr)
        write(say("confirm.question", self.settings.language) + " ", sys.stderr)
        try:
            heard = sys.stdin.readline() if sys.stdin else ""
        except UnicodeDecodeError:
            heard = ""
        if heard.strip().lower() in AFFIRMATIVE:
            return True
        write(("" if heard else "\n") + say("confirm.no", self.settings.language) + "\n", sys.stderr)
        return False
