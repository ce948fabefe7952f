"""The kinds of sheets, by the names of their commands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workflow.engine.campaign import Campaign
from workflow.review.reviews import REVIEWS
from workflow.review.scores import SCORES
from workflow.review.sheet_kind import ImportReport, SheetKind, import_filled
from workflow.review.surveys import SURVEYS

KINDS: Mapping[str, SheetKind[Any]] = {kind.judgement.name: kind for kind in (REVIEWS, SCORES, SURVEYS)}


def import_sheet(campaign: Campaign, kind: str, path: Path) -> ImportReport:
    """Record a filled sheet of ``kind``, a key of KINDS. Raises the faults of fault.py, changing nothing."""
    return import_filled(KINDS[kind], campaign, path)
