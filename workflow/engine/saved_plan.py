"""A plan kept in a file between the one who makes it and the one who applies it."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from workflow.audit.tlog.canonical import encode
from workflow.engine.apply import Fingerprints
from workflow.engine.batch import BatchReport, PlanStale
from workflow.engine.campaign import Campaign
from workflow.engine.selection import Selection, TriggerUnknown, check_trigger
from workflow.errors import AnliError
from workflow.new_file import write_new

FORMAT = "anli-plan 1"
LARGEST = 200_000_000


class PlanUnreadable(AnliError):
    """Not a plan that ``--plan`` wrote for this campaign: values are file, problem."""

    code = "error.plan-unreadable"


@dataclass(frozen=True)
class SavedPlan:
    """What was asked, and what each verdict rested on. hold: its letters are to be kept back."""

    trigger: str
    selection: Selection
    why: str | None
    fingerprints: Fingerprints
    hold: bool


def save(
    file: Path,
    campaign: Campaign,
    selection: Selection,
    why: str | None,
    report: BatchReport,
    fingerprints: Fingerprints,
    hold: bool = False,
) -> None:
    """Write the plan as JSON that people may read, with a SHA-256 over all of it.

    Raises FileTaken where the file holds something else than a plan, and what else ``write_new`` raises.
    """
    number_of = campaign.edition.case_number
    body: dict[str, Any] = {
        "format": FORMAT,
        "campaign": campaign.token,
        "edition": campaign.edition.sha256,
        "made": report.at,
        "trigger": report.trigger,
        "why": why,
        "hold": hold,
        "asked": {
            "cases": None if selection.cases is None else list(selection.cases),
            "states": list(selection.states),
            "unit": selection.unit,
            "category": selection.category,
        },
        "moves": [{"case": number_of(m.case_id), "from": m.source, "to": m.target} for m in report.moved],
        "refusals": [
            {"case": number_of(r.case_id), "reasons": [reason.code for reason in r.reasons]} for r in report.refused
        ],
        "rests_on": {str(case_id): digest for case_id, digest in fingerprints.items()},
    }
    body["sha256"] = sha256(encode(body)).hexdigest()
    write_new(file, orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n", _is_plan)


def _is_plan(content: bytes) -> bool:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return False
    return isinstance(body, dict) and body.get("format") == FORMAT


def load(file: Path, campaign: Campaign) -> SavedPlan:
    """Read a plan back.

    Raises PlanUnreadable for what ``save`` did not write, or wrote for another campaign, and PlanStale where the
    rule book has changed since.
    """
    body = _read(file)
    claimed = body.pop("sha256", None)
    if body.get("format") != FORMAT or claimed is None or claimed != _digest(body):
        raise PlanUnreadable(file=str(file), problem_code="plan.altered")
    if body.get("campaign") != campaign.token:
        raise PlanUnreadable(file=str(file), problem_code="plan.other-campaign")
    if body.get("edition") != campaign.edition.sha256:
        raise PlanStale(cases=["edition"])
    try:
        return _plan_of(body)
    except (KeyError, TypeError, ValueError, AttributeError, TriggerUnknown):
        raise PlanUnreadable(file=str(file), problem_code="plan.altered") from None


def _plan_of(body: dict[str, Any]) -> SavedPlan:
    check_trigger(body["trigger"])
    asked = body["asked"]
    cases = None if asked["cases"] is None else tuple(map(int, asked["cases"]))
    selection = Selection(cases, tuple(map(str, asked["states"])), asked["unit"], asked["category"])
    fingerprints = {int(case_id): str(digest) for case_id, digest in body["rests_on"].items()}
    return SavedPlan(body["trigger"], selection, body["why"], fingerprints, body["hold"] is True)


def _digest(body: dict[str, Any]) -> str | None:
    """SHA-256, in hex; None for what ``save`` cannot have written."""
    try:
        return sha256(encode(body)).hexdigest()
    except (TypeError, RecursionError):
        return None


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            body = orjson.loads(opened.read(LARGEST))
    except OSError as error:
        raise PlanUnreadable(file=str(file), problem_code="plan.unreadable", detail=error.strerror or "") from None
    except orjson.JSONDecodeError:
        raise PlanUnreadable(file=str(file), problem_code="plan.altered") from None
    if not isinstance(body, dict):
        raise PlanUnreadable(file=str(file), problem_code="plan.altered")
    return body
