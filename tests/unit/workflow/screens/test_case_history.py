"""One case's timeline: every event, its letters and their fate, the documents relied on, refusals too."""

from typing import Any

import pytest

from tests.unit.workflow.screens.page import read_page
from workflow.engine.campaign import Campaign
from workflow.engine.selection import CaseUnknown
from workflow.screens.answer import Answer
from workflow.screens.case_history import HistoryDocument, show_history
from workflow.screens.case_history_page import draw_history
from workflow.screens.cases import show_case
from workflow.screens.history import list_events


def of_kind(history: HistoryDocument, kind: str) -> list[dict[str, Any]]:
    return [event for event in history["events"] if event["kind"] == kind]


def flat(page: str) -> str:
    """Without the breaks that a narrow terminal makes."""
    return "".join(page.split())


def test_every_event_that_the_log_has_of_it(lived: Campaign) -> None:
    history = show_history(lived, "2024-0002")
    assert [event["seq"] for event in history["events"]] == [event["seq"] for event in list_events(lived, "2024-0002")]
    assert {"intake", "draft", "move", "review", "score", "survey", "letter"} <= {e["kind"] for e in history["events"]}


def test_refusals_stand_in_it_with_their_sentences(lived: Campaign) -> None:
    (refusal, *_) = (event for event in list_events(lived, kind="refusal") if event["case"])
    history = show_history(lived, refusal["case"])
    assert refusal in of_kind(history, "refusal")
    assert flat(refusal["reasons"][0]["message"]) in flat(read_page(Answer(history, draw_history)))


def test_each_letter_tells_its_fate(lived: Campaign) -> None:
    history = show_history(lived, "2024-0001")
    fates = [event["fate"]["state"] for event in of_kind(history, "letter")]
    assert fates == [letter["state"] for letter in history["letters"]]
    assert {"sent", "cancelled"} <= set(fates)
    assert all("2024-0001" in letter["cases"] for letter in history["letters"])


def test_the_documents_relied_on_by_name_and_digest(lived: Campaign) -> None:
    history = show_history(lived, "2024-0001")
    (draft,) = of_kind(history, "draft")
    assert {document["sha256"] for document in draft["relied_on"]} == set(draft["documents"])
    assert {document["role"] for document in draft["relied_on"]} >= {"form", "scan"}
    page = flat(read_page(Answer(history, draw_history)))
    for document in draft["relied_on"]:
        assert page.count(flat(f"{document['filename']}（{document['sha256'][:12]}…）")) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_who_when_and_why(lived: Campaign, language: str) -> None:
    history = show_history(lived, "2024-0011")
    page = read_page(Answer(history, draw_history), language)
    assert page.startswith("2024-0011")
    assert history["events"][0]["actor"]["account"] in page
    assert "单位来函" in page
    assert "2024年8月1日" in page or "1 August 2024" in page
    assert "happened." not in page
    assert "page." not in page


def test_show_has_the_same_letters_and_documents(lived: Campaign) -> None:
    history, shown = show_history(lived, "2024-0001"), show_case(lived, "2024-0001")
    assert history["letters"] == shown["letters"]
    assert [{**document, "current": True} for document in history["documents"]] == shown["documents"]
    assert shown["history"] == [
        {name: event[name] for name in event if name != "relied_on"} for event in history["events"] if "case" in event
    ]


def test_a_case_that_is_none(lived: Campaign) -> None:
    for number in ("2024-9999", "nonsense"):
        with pytest.raises(CaseUnknown):
            show_history(lived, number)
