"""A campaign of many sound drafts, for measuring: an edition with as many units as it takes, and its cases by SQL."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import orjson
from sqlalchemy import insert

from workflow import clock
from workflow.audit.events.commitment import salt_person
from workflow.edition import Edition, find, parse
from workflow.engine.campaign import Campaign, found
from workflow.settings import Settings
from workflow.store import Case, Form, Personal, Submission

CASES_PER_UNIT = 100
RECEIVED = datetime(2024, 6, 20, tzinfo=UTC)
NOW = datetime(2024, 6, 25, tzinfo=UTC)


def edition_of(units: int) -> Edition:
    """Hubei's edition with ``units`` more provincial bodies of CASES_PER_UNIT places each."""
    source = find("hubei-2024").source.decode()
    source = source.replace("quota_each = 3", f"quota_each = {CASES_PER_UNIT}", 1)
    first, mark, rest = source.partition("[[units]]")
    crowd = "".join(
        f'[[units]]\nname = "示例单位{number:05d}"\nkind = "provincial"\n'
        f'addresses = ["unit{number:05d}@crowd.example"]\n\n'
        for number in range(units)
    )
    return parse((first + crowd + mark + rest).encode(), "crowd.toml")


def settings_of(url: str, originals: Path | None = None, now: datetime = NOW) -> Settings:
    return Settings(database=url, mail="maildir:unused", language="zh", now=now, originals=originals)


def gather(url: str, cases: int, originals: Path | None = None, each: int = CASES_PER_UNIT) -> Campaign:
    """Found a rehearsal campaign with ``cases`` drafts in which nothing stands in the way of recommending them.

    each: cases a unit.
    """
    units = -(-cases // each)
    campaign = found(settings_of(url, originals), edition_of(units), rehearsal=True)
    received = {"received_at": RECEIVED, "received_proven": True}
    with campaign.writing() as (_, connection):
        submission = {
            "id": 1,
            "sha256": sha256(b"crowd").hexdigest(),
            "message_id": "<crowd@crowd.example>",
            "file": "crowd.eml",
            "sender": "",
            "subject": "",
            "status": "taken",
            "reasons": [],
            "taken_at": NOW,
            **received,
        }
        connection.execute(insert(Submission), submission)
        for start in range(0, cases, 5_000):
            numbers = range(start + 1, min(start + 5_000, cases) + 1)
            connection.execute(insert(Case), [{**_case(number, each), **received} for number in numbers])
            connection.execute(insert(Form), [{**_form(number), **received} for number in numbers])
            connection.execute(
                insert(Personal), [{"form_id": number, **salt_person(_person(number))} for number in numbers]
            )
        connection.exec_driver_sql("UPDATE cases SET form_id = id")
    return campaign


def _case(number: int, each: int) -> dict[str, object]:
    return {
        "id": number,
        "state": "drafted",
        "version": 1,
        "trail": "",
        "unit": f"示例单位{(number - 1) // each:05d}",
        "route": f"网络文明示例项目{number}|示例单位{number}",
        "scores": 0,
        "score_total": 0,
    }


def _person(number: int) -> dict[str, str]:
    return {
        "contact_person": f"联系人{number}",
        "contact_phone": "027-60000000",
        "address": f"湖北省示例路{number}号",
    }


def _form(number: int) -> dict[str, object]:
    picture = [f"{number}.示例单位-网络文明示例项目-图1.jpg", "JPG", 300.0, 18]
    return {
        "id": number,
        "case_id": number,
        "submission_id": 1,
        "name": f"网络文明示例项目{number}",
        "applicant": f"示例单位{number}",
        "categories": str(number % 6 + 1),
        "summary_characters": 180,
        "content_characters": 1200,
        "headings_missing": "",
        "doubts": "",
        "applicant_opinion": True,
        "recommender_opinion": True,
        "scans": 1,
        "media": orjson.dumps([[picture], []]).decode(),
        "documents": " ".join(sha256(f"{number} {part}".encode()).hexdigest() for part in range(3)),
        "filename": "推荐表.docx",
        "problems": [],
        "applicant_opinion_text": "同意申报。",
        "recommender_opinion_text": "同意推荐。",
        "summary": "示例简介。" * 36,
        "content": "示例内容。" * 240,
    }


def moment() -> str:
    return clock.write(NOW)
