"""One case from its first day: every event, the letters sent, the documents relied on."""

from collections.abc import Mapping
from typing import Any

from workflow.audit.history import read_log
from workflow.engine.campaign import Campaign
from workflow.screens.answers import with_messages
from workflow.screens.case_papers import read_documents, read_letters
from workflow.screens.cases import answer_case, find_case

_FATE = ("state", "attempts", "answer", "sent_at", "subject", "to")
_NAMED = ("filename", "role", "sha256")


def show_history(campaign: Campaign, number: str) -> dict[str, Any]:
    """The case in short, its ``documents`` and ``letters``, and its ``events`` by ``seq``, refusals and letters among
    them. ``relied_on``: the files that an event rested on, by name; ``fate``: what became of a letter.

    Raises CaseUnknown.
    """
    with campaign.reading() as connection:
        case_id, row = find_case(campaign, connection, number)
        documents = read_documents(connection, case_id)
        letters = read_letters(connection, number)
        events = [with_messages(campaign, event) for event in read_log(connection, case_id)]
    case = answer_case(campaign, row)
    fates = {letter["message_id"]: {name: letter[name] for name in _FATE} for letter in letters}
    kept = {document["sha256"]: document for document in documents}
    return {
        **{name: case[name] for name in ("id", "name", "applicant", "unit", "category", "state", "version")},
        "received_at": case["received_at"],
        "documents": documents,
        "letters": letters,
        "events": [_tell(event, fates, kept) for event in events],
    }


def _tell(event: dict[str, Any], fates: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    if event["kind"] == "letter":
        return {**event, "fate": fates.get(event["letter"])}
    if not event.get("case"):
        return event
    digests = dict.fromkeys(event.get("documents", ()))
    relied_on = [{name: kept[digest][name] for name in _NAMED} for digest in digests if digest in kept]
    return {**event, "relied_on": relied_on} if relied_on else event
