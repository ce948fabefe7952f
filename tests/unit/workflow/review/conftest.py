"""A campaign with cases in it, on each database in turn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import Workbook
from sqlalchemy import event, text

from workflow.edition import find
from workflow.engine.campaign import Campaign, found
from workflow.settings import Settings

NOW = datetime(2024, 7, 20, 2, 0, tzinfo=UTC)
EARLIER = "2024-06-20T00:00:00.000000Z"
SHA = "0" * 64


class Season:
    """The campaign, and what tests do with it."""

    def __init__(self, campaign: Campaign, folder: Path) -> None:
        self.campaign, self.folder = campaign, folder
        self._files = 0

    def add(self, *states: str, name: str = "云上读书会") -> list[str]:
        """Cases in these states, with a review, a score and a survey where the state needs them; their numbers."""
        with self.campaign.writing() as connection:
            first = 1 + (connection.execute(text("SELECT max(id) FROM cases")).scalar() or 0)
            for case_id, state in enumerate(states, first):
                self._add(connection, case_id, state, name)
        return [self.campaign.edition.case_number(case_id) for case_id in range(first, first + len(states))]

    def _add(self, connection: Any, case_id: int, state: str, name: str) -> None:
        depth = ("drafted", "recommended", "prechecked", "shortlisted", "presented", "surveyed", "selected").index(state)
        values = {"id": case_id, "name": name, "at": EARLIER, "sha": f"{case_id:064x}", "state": state}
        for statement in (
            "INSERT INTO submissions (id, sha256, message_id, file, sender, subject, unit, received_at, "
            "received_proven, status, reasons, taken_at) VALUES (:id, :sha, :sha, 'a.eml', 'a@unit.example', '', "
            "'孝感市', :at, :true, 'taken', '[]', :at)",
            "INSERT INTO cases (id, state, version, trail, unit, route, received_at, received_proven, scores, "
            "score_total) VALUES (:id, 'drafted', 1, '', '孝感市', :sha, :at, :true, 0, 0)",
            "INSERT INTO forms (id, case_id, submission_id, received_at, received_proven, name, applicant, "
            "contact_person, contact_phone, address, categories, summary_characters, content_characters, "
            "headings_missing, applicant_opinion, recommender_opinion, scans, media, documents, filename, problems, "
            "applicant_opinion_text, recommender_opinion_text, summary, content) VALUES (:id, :id, :id, :at, :true, "
            ":name, '示例县图书馆', '', '', '', '2', 10, 10, '', :true, :true, 1, '', '', 'a.docx', '[]', '', '', '', '')",
            "UPDATE cases SET form_id = :id WHERE id = :id",
        ):
            connection.execute(text(statement), {**values, "true": True})
        if depth > 1:
            self._insert(
                connection, "reviews", case_id=case_id, reviewer="甲", standards_met="1,2,3,4,5",
                implemented_from="2021-01-01", implemented_until="2024-05-31", mainly_hubei=True, note="",
                recorded_at=EARLIER,
            )
        if depth > 3:
            self._insert(
                connection, "scores", case_id=case_id, judge="原评委", hundredths=8000, note="", recorded_at=EARLIER
            )
        if depth > 4:
            self._insert(
                connection, "surveys", case_id=case_id, mode="online", verified=True, surveyor="乙", note="",
                recorded_at=EARLIER,
            )
        connection.execute(
            text(
                "UPDATE cases SET review_id = (SELECT max(id) FROM reviews WHERE case_id = :id), "
                "survey_id = (SELECT max(id) FROM surveys WHERE case_id = :id), scores = :scores, "
                "score_total = :total, recommended_at = :at, selected_place = :place, state = :state WHERE id = :id"
            ),
            {
                **values, "scores": int(depth > 3), "total": 8000 * (depth > 3), "at": EARLIER if depth else None,
                "place": 1 if depth > 5 else None,
            },
        )

    def _insert(self, connection: Any, table: str, **values: Any) -> None:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)

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
