"""One whole season, from the notice of 28 May to 30 November, on a virtual clock (四)."""

from collections.abc import Callable
from pathlib import Path

from workflow.demo.folder import Folder, make_folder
from workflow.demo.phase_one import CORRECTED_AT, play_phase_one
from workflow.demo.phase_three import play_phase_three
from workflow.demo.phase_two import play_phase_two
from workflow.demo.postbag import Postbag, fill_mailbox
from workflow.demo.shares import share_out
from workflow.demo.stage import Stage
from workflow.demo.summary import Summary, sum_up
from workflow.edition import find
from workflow.settings import Settings

EDITION = "hubei-2024"
SEED = 2024
FULL_SEASON = 150


def play(
    keep: Path | None,
    count: int,
    language: str,
    tell: Callable[[str], None],
    database: str | None = None,
) -> Summary:
    """Play the season in a new folder (``keep``, or one of its own) with about ``count`` sound cases.

    As many as all quotas together (150) fill every one of them exactly; more are refused as beyond them. The samples
    are always there. The same count ends in the same states. tell: hears a line of progress after each command.
    database: the URL of an empty database to use instead of a SQLite file in the folder.
    Raises FolderNotEmpty or FolderUnusable.
    """
    folder = make_folder(keep)
    settings = Settings(
        database=database or folder.database,
        mail=f"maildir:{folder.letters}",
        language=language,
        now=None,
        originals=folder.originals,
    )
    stage = Stage(settings, folder, find(EDITION), tell)
    stage.found(stage.opening)
    play_phase_one(stage, receive(stage, folder, count))
    play_phase_two(stage, SEED)
    play_phase_three(stage)
    moment = stage.moment(11, 30, 18)
    with stage.open(moment) as campaign:
        summary = sum_up(campaign, folder)
    stage.say("verified" if summary.verified else "not-verified", moment, events=summary.events)
    return summary


def receive(stage: Stage, folder: Folder, count: int) -> Postbag:
    """The mailbox as it will be at the season's end."""
    shares = share_out(count, {unit.name: unit.quota for unit in stage.edition.units.values()})
    units = {unit.name: (unit.address, shares[unit.name]) for unit in stage.edition.units.values()}
    postbag = fill_mailbox(folder.mailbox, units, stage.edition.year, SEED, stage.moment(*CORRECTED_AT))
    stage.say("mailbox", stage.opening, mails=len(postbag.mails), folder=str(folder.mailbox))
    return postbag
