"""The history and what it proves, as commands print it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from notifications.letter import STATES as LETTER_STATES
from workflow.audit.check.checkpoints import ClaimedCheckpoint, claim_of
from workflow.audit.check.verify import Verification, verify
from workflow.audit.events import KINDS, REMARKS
from workflow.audit.history import Wanted, read_log, read_records
from workflow.audit.tlog.key import read_public_keys
from workflow.edition.moment import read_since, read_until
from workflow.edition.words import check_unit
from workflow.engine.batch import BatchUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.notary import CheckpointUnreadable, read_checkpoint
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.screens.fault import check_word
from workflow.screens.shown_event import ShownEvent, show_event
from workflow.store.submission import STATUSES
from workflow.wording import say

_OF_A_LETTER = (*LETTER_STATES, *REMARKS, "noted")
OUTCOMES = tuple(dict.fromkeys(("done", "moved", "refused", *STATUSES, "duplicate", *_OF_A_LETTER, "fired", "skipped")))
"""How an event may have ended."""


class ProblemDocument(TypedDict):
    """since: the event from which on it does not fit, where one is known; values fill the message."""

    where: str
    what: str
    since: int | None
    message: str
    values: dict[str, Any]


class ErasedCountDocument(TypedDict):
    fields: int
    originals: int


class VerificationDocument(TypedDict):
    ok: bool
    events: int
    root: str
    checkpoints: int
    erased: ErasedCountDocument
    problems: list[ProblemDocument]


def list_events(  # noqa: PLR0913, PLR0917
    campaign: Campaign,
    case: str | None = None,
    batch: int | None = None,
    kind: str | None = None,
    unit: str | None = None,
    actor: str | None = None,
    outcome: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> list[ShownEvent]:
    """Events by ``seq`` that match all that is asked, each as its leaf tells it, its reasons with their sentences.

    since, until: a day of the edition's zone, the last one included, or a moment; what happened at ``until`` is left
    out. Raises CaseUnknown, BatchUnknown, UnitUnknown, WordUnknown or UntilUnreadable for a word that names nothing.
    """
    check_word(kind, KINDS, "event")
    check_word(outcome, OUTCOMES)
    edition = campaign.edition
    check_unit(edition, unit)
    case_id = ordinal(edition, case) if case is not None else None
    first = read_since(since, edition.zone) if since is not None else None
    last = read_until(until, edition.zone) if until is not None else None
    with campaign.reading() as connection:
        wanted = Wanted(case_id, batch, kind, first, last, actor, outcome, unit)
        events = [show_event(campaign, record) for record in read_records(connection, wanted)]
        if not events and case_id is not None and not any(read_log(connection, Wanted(case_id))):
            raise CaseUnknown(case=case)
        if not events and batch is not None and not any(read_log(connection, Wanted(batch=batch))):
            raise BatchUnknown(batch=batch)
    return events


def verify_history(
    campaign: Campaign, checkpoints: Sequence[Path] = (), public_key: Path | None = None
) -> VerificationDocument:
    """Whether the history holds together and the tables and stored files follow from it: ok, events, root, problems,
    and how much was erased on record.

    checkpoints: files with checkpoints handed out earlier, or with the line for the minutes.
    Raises CheckpointUnreadable for what is neither, KeyUnusable, and what keeps a file from being read.
    """
    outside = [_claim_in(file) for file in checkpoints]
    keys = read_public_keys(public_key) if public_key is not None else ()
    with campaign.reading() as connection:
        found = verify(connection, campaign.originals, outside, keys)
    return answer_verification(found, campaign.language)


def _claim_in(file: Path) -> ClaimedCheckpoint:
    claim = claim_of(str(file), read_checkpoint(file))
    if claim.size is None:
        raise CheckpointUnreadable(file=str(file), problem_code="checkpoint.unreadable")
    return claim


def answer_verification(found: Verification, language: str) -> VerificationDocument:
    """What verifying found, each problem with its sentence."""
    problems: list[ProblemDocument] = [
        {
            "where": problem.where,
            "what": problem.what,
            "since": problem.since,
            "message": say(f"problem.{problem.what}", language, **problem.values),
            "values": dict(problem.values),
        }
        for problem in found.problems
    ]
    return {
        "ok": found.ok,
        "events": found.events,
        "root": found.root,
        "checkpoints": found.checkpoints,
        "erased": {"fields": found.fields_erased, "originals": found.originals_erased},
        "problems": problems,
    }
