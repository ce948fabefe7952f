"""The history and what it proves, as commands print it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workflow import clock
from workflow.audit.as_of import cases_as_of
from workflow.audit.heads import claim_of
from workflow.audit.history import read_log
from workflow.audit.key import read_public_keys
from workflow.audit.verify import verify
from workflow.engine.campaign import Campaign
from workflow.engine.notary import read_checkpoint
from workflow.engine.selection import ordinal
from workflow.errors import BatchUnknown, CaseNotYet, CaseUnknown, MomentUnreadable
from workflow.publish.answers import with_messages
from workflow.publish.fault import check_word
from workflow.wording import say

KINDS = (
    *("init", "staff", "intake", "draft", "move", "refusal", "review", "score", "survey"),
    *("batch", "letter", "firing", "amendment", "checkpoint", "key", "denial", "redaction"),
)


def list_events(
    campaign: Campaign, case: str | None = None, batch: int | None = None, kind: str | None = None
) -> list[dict[str, Any]]:
    """Events by ``seq``, each as its leaf tells it, its reasons with their sentences.

    Raises CaseUnknown, BatchUnknown or WordUnknown for a word that names nothing.
    """
    check_word(kind, KINDS)
    case_id = ordinal(campaign.edition, case) if case is not None else None
    with campaign.reading() as connection:
        events = [with_messages(campaign, event) for event in read_log(connection, case_id, batch, kind)]
    if not events and kind is None:
        if case is not None:
            raise CaseUnknown(case=case)
        if batch is not None:
            raise BatchUnknown(batch=batch)
    return events


def verify_history(
    campaign: Campaign, checkpoints: Sequence[Path] = (), public_key: Path | None = None
) -> dict[str, Any]:
    """Whether the history holds together and the tables and stored files follow from it: ok, events, root, problems,
    and how much was erased on record.

    checkpoints: files with checkpoints handed out earlier, or with the line for the minutes. Raises CheckpointUnsound
    for one that cannot be read, KeyUnusable.
    """
    outside = [claim_of(str(file), read_checkpoint(file)) for file in checkpoints]
    keys = read_public_keys(public_key) if public_key is not None else ()
    with campaign.reading() as connection:
        found = verify(connection, campaign.originals, outside, keys)
    problems = [
        {
            "where": problem.where,
            "what": problem.what,
            "since": problem.since,
            "message": say(f"problem.{problem.what}", campaign.language, **problem.values),
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


def list_as_of(campaign: Campaign, time: str, number: str | None = None) -> list[dict[str, Any]]:
    """Cases by number as they stood once everything at or before ``time`` had happened.

    Raises MomentUnreadable for what is no time with a zone, CaseNotYet, CaseUnknown.
    """
    try:
        moment = clock.read(time)
    except ValueError:
        raise MomentUnreadable(text=time) from None
    with campaign.reading() as connection:
        stood = cases_as_of(connection, moment)
        came_later = number is not None and list(read_log(connection, ordinal(campaign.edition, number)))
    cases = [case for _, case in sorted(stood.cases.items()) if number in (None, case.number)]
    if number is not None and not cases:
        raise CaseNotYet(case=number, time=time) if came_later else CaseUnknown(case=number)
    return [
        {
            "id": case.number,
            "name": case.name,
            "applicant": case.applicant,
            "unit": case.unit,
            "category": int(case.categories) if case.categories.isdecimal() else None,
            "categories": [int(part) for part in case.categories.split(",") if part],
            "state": case.state,
            "version": case.version,
            "received_at": clock.show(clock.read(case.received_at)),
            "received_proven": case.received_proven,
            "selected_place": case.selected_place,
        }
        for case in cases
    ]
