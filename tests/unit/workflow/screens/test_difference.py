"""What changed between two moments: cases, letters, quotas, amendments, staff."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from orjson import loads
from sqlalchemy import text

from tests.builders.campaigns import IN_TIME, add_drafts, at, found_rehearsal, known_as, move, plain_drafts
from tests.builders.clockwork import INSTANT, OPENING, local
from tests.unit.workflow.audit.lived import CORRECTED, FOUNDED, JUDGED, RECOMMENDED
from tests.unit.workflow.screens.page import read_page
from workflow import clock
from workflow.deadlines.amendment import extend
from workflow.edition.moment import UntilUnreadable
from workflow.engine.campaign import Campaign
from workflow.engine.staff import add
from workflow.screens.answer import Answer
from workflow.screens.difference import DifferenceDocument, MomentsReversed, list_changes
from workflow.screens.difference_page import draw_changes


def between(campaign: Campaign, since: Any, until: Any) -> DifferenceDocument:
    return list_changes(campaign, clock.show(since), clock.show(until))


def changes_of(found: DifferenceDocument) -> dict[str, list[str]]:
    return {case["case"]: case["changes"] for case in found["cases"]}


def cases_in_letters(campaign: Campaign, kind: str) -> list[list[str]]:
    query = text("SELECT cases FROM letters WHERE kind = :kind ORDER BY id")
    with campaign.reading() as connection:
        written = connection.execute(query, {"kind": kind}).scalars()
        return [loads(cases) if isinstance(cases, str) else cases for cases in written]


def test_everything_came_since_before_the_founding(lived: Campaign) -> None:
    found = between(lived, FOUNDED - INSTANT, FOUNDED)
    assert set(map(tuple, changes_of(found).values())) == {("came",)}
    assert {case["from"] for case in found["cases"]} == {None}
    assert found["rule_book"]["from"] is None
    assert found["rule_book"]["to"] is not None
    assert found["rule_book"]["to"]["sha256"] == lived.edition.sha256
    assert {letter["kind"] for letter in found["letters"]} == {"receipt"}
    assert [letter["cases"] for letter in found["letters"]] == cases_in_letters(lived, "receipt")
    assert found["quotas"] == []
    assert [(each["from"], each["to"]) for each in found["staff"]] == [(None, "organiser")]


def test_what_a_batch_moved_and_whose_places_it_took(lived: Campaign) -> None:
    found = between(lived, RECOMMENDED - INSTANT, RECOMMENDED)
    assert changes_of(found)["2024-0001"] == ["moved"]
    moved = {case["case"]: (case["from"], case["to"]) for case in found["cases"]}
    assert moved["2024-0001"] == ("drafted", "recommended")
    assert moved["2024-0011"] == ("drafted", "withdrawn")
    (xiaogan,) = (each for each in found["quotas"] if each["unit"] == "孝感市")
    assert (xiaogan["from"]["used"], xiaogan["to"]["used"]) == (0, 5)


def test_undone_and_done_again_is_moved_back(lived: Campaign) -> None:
    found = between(lived, RECOMMENDED, CORRECTED)
    assert changes_of(found)["2024-0001"] == ["moved-back"]
    assert changes_of(found)["2024-0011"] == ["moved"]
    fates = Counter((letter["from"], letter["to"]) for letter in found["letters"])
    assert fates["queued", "sent"]
    assert fates["queued", "cancelled"]


def test_judged_cases(lived: Campaign) -> None:
    found = between(lived, CORRECTED, JUDGED)
    assert changes_of(found)["2024-0002"] == ["moved", "judged"]


def test_nothing_changed_in_no_time(lived: Campaign) -> None:
    found = between(lived, JUDGED, JUDGED)
    assert {name: found[name] for name in ("cases", "letters", "quotas", "amendments", "staff")} == {
        name: [] for name in ("cases", "letters", "quotas", "amendments", "staff")
    }
    assert found["events"] == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_names_every_case(lived: Campaign, language: str) -> None:
    found = between(lived, RECOMMENDED - INSTANT, JUDGED)
    page = read_page(Answer(found, draw_changes), language)
    assert all(case["case"] in page for case in found["cases"])
    assert "diff." not in page
    assert "change." not in page


def test_amendments_corrections_and_staff(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path, now=OPENING)
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(["武汉市"], 2))
    extend(at(campaign, local(6, 26)), "received", local(7, 11), None, "汛期")
    wang = known_as(campaign, "wang")
    add(at(campaign, local(6, 27)), wang, "auditor")
    move(at(campaign, local(6, 28)), "recommend", ordinals)
    found = between(campaign, local(6, 25), local(6, 29))
    (amendment,) = found["amendments"]
    assert (amendment["window"], amendment["why"], amendment["until"]) == ("received", "汛期", clock.show(local(7, 11)))
    was, book = found["rule_book"]["from"], found["rule_book"]["to"]
    assert was is not None
    assert book is not None
    assert was["sha256"] == campaign.edition.sha256
    assert book["amendments"][0]["why"] == "汛期"
    assert found["staff"] == [{"account": wang, "from": None, "to": "auditor"}]
    assert changes_of(found) == {"2024-0001": ["moved"], "2024-0002": ["moved"]}
    assert between(campaign, local(6, 26), local(6, 29))["amendments"] == []
    page = read_page(Answer(found, draw_changes))
    assert "汛期" in page
    assert "wang" in page
    campaign.engine.dispose()


def test_moments_that_make_no_span(lived: Campaign) -> None:
    with pytest.raises(MomentsReversed):
        between(lived, JUDGED, FOUNDED)
    with pytest.raises(UntilUnreadable):
        list_changes(lived, "2024-06-31", "2024-07-01T00:00:00Z")
