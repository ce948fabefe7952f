"""A campaign with cases in it, on each database in turn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import Workbook
from sqlalchemy import Connection, event, insert, text

from workflow import clock
from workflow.edition import find
from workflow.engine.campaign import Campaign, found
from workflow.settings import Settings
from workflow.store import Case, Form, Review, Score, Submission, Survey

NOW = datetime(2024, 7, 20, 2, 0, tzinfo=UTC)
EARLIER = datetime(2024, 6, 20, tzinfo=UTC)
UNIT, APPLICANT = "孝感市", "示例县图书馆"
LINE = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected")
REVIEW = {
    "reviewer": "甲",
    "standards_met": "1,2,3,4,5",
    "implemented_from": "2021-01-01",
    "implemented_until": "2024-05-31",
    "mainly_hubei": True,
}
FORM = {
    **dict.fromkeys(("headings_missing", "media", "documents", "doubts"), ""),
    **dict.fromkeys(("applicant_opinion_text", "recommender_opinion_text", "summary", "content", "filename"), ""),
    **dict.fromkeys(("applicant_opinion", "recommender_opinion"), True),
    "categories": "2",
    "summary_characters": 10,
    "content_characters": 10,
    "scans": 1,
    "problems": [],
}


class Season:
    """The campaign, and what tests do with it."""

    def __init__(self, campaign: Campaign, folder: Path) -> None:
        self.campaign, self.folder = campaign, folder
        self._files = 0

    def add(self, *states: str, name: str = "云上读书会") -> list[str]:
        """Cases in these states, with a review, a score and a survey where the state needs them; their numbers."""
        with self.campaign.writing() as (_, connection):
            first = 1 + (connection.execute(text("SELECT max(id) FROM cases")).scalar() or 0)
            for case_id, state in enumerate(states, first):
                self._add(connection, case_id, state, name)
        return [self.campaign.edition.case_number(case_id) for case_id in range(first, first + len(states))]

    def _add(self, connection: Connection, case_id: int, state: str, name: str) -> None:
        depth = LINE.index(state)
        received = {"received_at": EARLIER, "received_proven": True}
        mail = {"id": case_id, "sha256": f"{case_id:064x}", "status": "taken", "taken_at": EARLIER, "reasons": []}
        texts = dict.fromkeys(("message_id", "file", "sender", "subject", "unit"), "-")
        connection.execute(insert(Submission), {**mail, **texts, **received})
        connection.execute(
            insert(Case), {"id": case_id, "state": "drafted", "unit": UNIT, "route": str(case_id), **received}
        )
        form = {"id": case_id, "case_id": case_id, "submission_id": case_id, "name": name, "applicant": APPLICANT}
        connection.execute(insert(Form), {**FORM, **form, **received})
        found = {"case_id": case_id, "note": "", "recorded_at": EARLIER}
        if depth > 1:
            connection.execute(insert(Review), {**REVIEW, **found})
        if depth > 3:
            connection.execute(insert(Score), {"judge": "原评委", "hundredths": 8000, **found})
        if depth > 4:
            connection.execute(insert(Survey), {"mode": "online", "verified": True, "surveyor": "乙", **found})
        connection.execute(
            text(
                "UPDATE cases SET form_id = :id, review_id = (SELECT max(id) FROM reviews WHERE case_id = :id), "
                "survey_id = (SELECT max(id) FROM surveys WHERE case_id = :id), scores = :scores, "
                "score_total = :total, recommended_at = :at, selected_place = :place, state = :state WHERE id = :id"
            ),
            {
                "id": case_id,
                "state": state,
                "scores": int(depth > 3),
                "total": 8000 * (depth > 3),
                "at": clock.write(EARLIER) if depth else None,
                "place": 1 if depth > 5 else None,
            },
        )

    def sheet(self, *lines: str, data: bytes | None = None, suffix: str = ".csv") -> Path:
        """A file of these lines."""
        self._files += 1
        path = self.folder / f"sheet-{self._files}{suffix}"
        path.write_bytes("\r\n".join([*lines, ""]).encode() if data is None else data)
        return path

    def workbook(self, rows: Sequence[Sequence[Any]], formats: dict[str, str] | None = None) -> Path:
        """An XLSX file of these rows."""
        workbook = Workbook()
        sheet = workbook.worksheets[0]
        for row in rows:
            sheet.append(list(row))
        for place, number_format in (formats or {}).items():
            sheet[place].number_format = number_format
        self._files += 1
        path = self.folder / f"sheet-{self._files}.xlsx"
        workbook.save(path)
        return path

    def read(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.campaign.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def events(self, kind: str) -> list[dict[str, Any]]:
        rows = self.read("SELECT leaf FROM events WHERE kind = :kind ORDER BY seq", kind=kind)
        return [orjson.loads(bytes(leaf)) for (leaf,) in rows]

    @contextmanager
    def counting(self) -> Iterator[Callable[[], int]]:
        """How many statements went to the database meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement not in {"BEGIN", "BEGIN IMMEDIATE"}:
                seen.append(statement)

        event.listen(self.campaign.engine, "before_cursor_execute", note)
        yield lambda: len(seen)
        event.remove(self.campaign.engine, "before_cursor_execute", note)


@pytest.fixture
def season(database_url: str, tmp_path: Path) -> Iterator[Season]:
    settings = Settings(database_url, "maildir:mail", "zh", NOW, tmp_path / "originals")
    campaign = found(settings, find("hubei-2024"), rehearsal=True)
    yield Season(campaign, tmp_path)
    campaign.engine.dispose()
