"""What commands print with --json, as contract.md promises it."""

from collections.abc import Iterable, Mapping
from typing import Any

from notifications.bounced import Bounced
from states.reasons import Reason
from states.verdict import Verdict
from workflow import clock
from workflow.engine.batch import BatchReport
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Queued
from workflow.store.address import show_url
from workflow.wording import say_reason


def answer_reason(campaign: Campaign, reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "clause": reason.clause,
        "blocking": reason.blocking,
        "message": say_reason(reason.code, reason.values, campaign.language, campaign.edition.zone),
        "values": dict(reason.values),
    }


def answer_reasons(campaign: Campaign, reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [answer_reason(campaign, reason) for reason in reasons]


def answer_campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "edition": campaign.edition.name,
        "sha256": campaign.edition.sha256,
        "rehearsal": campaign.rehearsal,
        "database": show_url(campaign.engine),
    }


def answer_import(campaign: Campaign, report: Any) -> dict[str, Any]:
    """A sheet's ImportReport: rows, accepted, and the refused rows with their reasons."""
    refused = [{"row": row, "reasons": answer_reasons(campaign, reasons)} for row, reasons in report.refused]
    return {"batch": report.batch, "rows": report.rows, "accepted": report.accepted, "refused": refused}


def with_messages(campaign: Campaign, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Something kept as JSON, with the sentence of each of its reasons."""
    reasons = kept.get("reasons")
    return {**kept, "reasons": add_messages(campaign, reasons)} if reasons else dict(kept)


def add_messages(campaign: Campaign, reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Reasons kept as JSON, each with its sentence."""
    language, zone = campaign.language, campaign.edition.zone
    return [{**kept, "message": say_reason(kept["code"], kept["values"], language, zone)} for kept in reasons]


def answer_verdict(campaign: Campaign, case: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "case": case,
        "trigger": verdict.trigger,
        "allowed": verdict.allowed,
        "from": verdict.source,
        "to": verdict.target,
        "reasons": answer_reasons(campaign, verdict.reasons),
    }


def answer_report(campaign: Campaign, report: BatchReport) -> dict[str, Any]:
    number_of = campaign.edition.case_number
    return {
        "batch": report.batch,
        "trigger": report.trigger,
        "at": report.at,
        "moved": [{"case": number_of(m.case_id), "from": m.source, "to": m.target} for m in report.moved],
        "refused": [
            {"case": number_of(r.case_id), "state": r.state, "reasons": answer_reasons(campaign, r.reasons)}
            for r in report.refused
        ],
        "letters": [
            {**answer_queued(letter), "bounced": answer_bounced(report.bounced.get(letter.address))}
            for letter in report.letters
        ],
    }


def answer_queued(letter: Queued) -> dict[str, Any]:
    return {
        "to": letter.address,
        "recipient": letter.recipient,
        "kind": letter.kind,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "cases": list(letter.cases),
        "held": letter.held,
    }


def answer_bounced(bounced: Bounced | None) -> dict[str, Any] | None:
    """The letter that came back from an address, and what was said; None where the last ones arrived."""
    return None if bounced is None else {"letter": bounced.letter, "answer": bounced.answer}


def answer_taken(campaign: Campaign, taken: Any) -> dict[str, Any]:
    """What intake's Taken says of one mail."""
    return {
        "file": taken.file,
        "message_id": taken.message_id,
        "unit": taken.unit,
        "received_at": clock.show(taken.received_at) if taken.received_at else None,
        "status": taken.status,
        "reasons": answer_reasons(campaign, taken.reasons),
        "cases": [campaign.edition.case_number(case_id) for case_id in taken.cases],
        "forms": [
            {
                "name": form.name,
                "applicant": form.applicant,
                "categories": list(form.categories),
                "case": campaign.edition.case_number(form.case_id) if form.case_id else None,
                "complete": form.complete,
                "reasons": answer_reasons(campaign, form.reasons),
            }
            for form in taken.forms
        ],
    }
