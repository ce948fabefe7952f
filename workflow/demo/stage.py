"""The season's commands, each at its own moment of the virtual clock, by the functions that the command line calls."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from workflow.demo.folder import Folder
from workflow.edition import Edition
from workflow.engine.apply import advance, preview
from workflow.engine.batch import BatchReport
from workflow.engine.campaign import Campaign, found, resume
from workflow.engine.selection import select
from workflow.engine.undo import undo
from workflow.intake.take import take_in
from workflow.intake.tell import Taken
from workflow.post.dispatch import send
from workflow.review import ImportReport, Ranked, import_sheet, read_ranking
from workflow.screens.cases import list_cases
from workflow.settings import Settings
from workflow.wording import say, show_moment


class Stage:
    """One rehearsal campaign; ``tell`` hears a line of progress after each command."""

    def __init__(self, settings: Settings, folder: Folder, edition: Edition, tell: Callable[[str], None]) -> None:
        self.folder, self.edition = folder, edition
        self._settings, self._tell = settings, tell

    @property
    def opening(self) -> datetime:
        """The hour at which the notice goes out."""
        return self.moment(5, 28, 9)

    def moment(self, month: int, day: int, hour: int, minute: int = 0) -> datetime:
        """A moment of the edition's year in its zone."""
        return datetime(self.edition.year, month, day, hour, minute, tzinfo=self.edition.zone)

    @contextmanager
    def open(self, moment: datetime) -> Iterator[Campaign]:
        """The campaign as a command started at ``moment`` finds it."""
        campaign = resume(replace(self._settings, now=moment))
        try:
            yield campaign
        finally:
            campaign.engine.dispose()

    def say(self, key: str, moment: datetime, **values: object) -> None:
        language = self._settings.language
        when = show_moment(moment, self.edition.zone, language)
        self._tell(say(f"season.{key}", language, when=when, **values))

    def found(self, moment: datetime) -> None:
        found(replace(self._settings, now=moment), self.edition, rehearsal=True).engine.dispose()
        self.say("founded", moment, edition=self.edition.name)

    def take_in(self, moment: datetime, mails: Sequence[Path]) -> list[Taken]:
        with self.open(moment) as campaign:
            taken = list(take_in(campaign, mails))
            letters = len(send(campaign, lambda _fate: None))
        cases = {case for mail in taken for case in mail.cases}
        self.say("intake", moment, mails=len(taken), cases=len(cases), letters=letters)
        return taken

    def advance(
        self,
        moment: datetime,
        trigger: str,
        numbers: Sequence[str] | None = None,
        why: str | None = None,
        unit: str | None = None,
        category: int | None = None,
        post: bool = True,
    ) -> BatchReport:
        """The named cases, else those of a unit or category, else all; letters leave at once unless told not to."""
        everything = numbers is None and unit is None and category is None
        with self.open(moment) as campaign:
            selection = select(self.edition, trigger, list(numbers or ()), everything, unit, category)
            report = advance(campaign, trigger, selection, why)
            if post:
                send(campaign, lambda _fate: None)
        self._report(moment, trigger, report)
        return report

    def undo(self, moment: datetime, batch: int, why: str) -> BatchReport:
        with self.open(moment) as campaign:
            report = undo(campaign, batch, why)
            send(campaign, lambda _fate: None)
        self._report(moment, "undo", report)
        return report

    def import_sheet(self, moment: datetime, kind: str, name: str, sheet: str) -> ImportReport:
        """Write the sheet into the folder as its author would, and import it."""
        path = self.folder.sheets / f"{name}.csv"
        path.write_text(sheet, encoding="utf-8", newline="")
        with self.open(moment) as campaign:
            report = import_sheet(campaign, kind, path)
        self.say("sheet", moment, sheet=path.name, rows=report.rows, accepted=report.accepted)
        return report

    def preview(self, moment: datetime, trigger: str) -> BatchReport:
        """What the batch over all cases would do."""
        with self.open(moment) as campaign:
            return preview(campaign, trigger, select(self.edition, trigger, [], everything=True), None)[0]

    def standing(self, moment: datetime, state: str, unit: str | None = None, name: str | None = None) -> list[str]:
        """The numbers of the cases in a state, of one unit or name where these are given."""
        with self.open(moment) as campaign:
            return [case["id"] for case in list_cases(campaign, state, unit) if name in (None, case["name"])]

    def ranking(self, moment: datetime) -> list[Ranked]:
        with self.open(moment) as campaign:
            return read_ranking(campaign)

    def number(self, case_id: int) -> str:
        return self.edition.case_number(case_id)

    def _report(self, moment: datetime, trigger: str, report: BatchReport) -> None:
        self.say(
            "batch",
            moment,
            trigger=say(f"trigger.{trigger}", self._settings.language),
            moved=len(report.moved),
            refused=len(report.refused),
            letters=len(report.letters),
        )
