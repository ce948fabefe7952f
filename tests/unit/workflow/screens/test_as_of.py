"""Cases, a unit's places and the ranking as they stood, under the rule book then in force."""

from pathlib import Path

import pytest

from tests.builders.campaigns import IN_TIME, add_drafts, at, found_rehearsal, move, plain_drafts
from tests.builders.clockwork import OPENING, local
from tests.unit.workflow.audit.lived import CORRECTED, JUDGED
from tests.unit.workflow.screens.page import read_page
from workflow import clock
from workflow.deadlines.amendment import extend
from workflow.edition.moment import UntilUnreadable
from workflow.edition.words import UnitUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.selection import CaseUnknown
from workflow.errors import AnliError
from workflow.review import read_ranking
from workflow.screens.as_of import CaseNotYet, NotYetFounded, answer_as_of
from workflow.screens.complaint import WordsTooMany


def test_cases_stood_under_the_rule_book_they_name(lived: Campaign) -> None:
    answer = answer_as_of(lived, clock.show(CORRECTED))
    assert isinstance(answer.document, list)
    assert {case["edition"] for case in answer.document} == {lived.edition.sha256}
    assert [case["id"] for case in answer.document] == sorted(case["id"] for case in answer.document)
    assert lived.edition.sha256[:12] in read_page(answer)
    assert answer_as_of(lived, "2024-01-01T00:00:00Z").document == []


def test_a_units_places_as_they_stood(lived: Campaign) -> None:
    before = answer_as_of(lived, "2024-06-28T12:00:00Z", unit="孝感市").document
    after = answer_as_of(lived, clock.show(CORRECTED), unit="孝感市")
    assert (before["used"], after.document["used"]) == (0, 5)
    assert after.document["quota"] == lived.edition.quota_of("孝感市")
    assert after.document["left"] == after.document["quota"] - 5
    assert {case["unit"] for case in after.document["cases"]} == {"孝感市"}
    assert "孝感市" in read_page(after, "en").splitlines()[0]


def test_the_ranking_as_it_stood_is_what_the_command_then_printed(lived: Campaign) -> None:
    answer = answer_as_of(lived, clock.show(JUDGED), ranking=True)
    assert answer.document["ranking"] == [row._asdict() for row in read_ranking(lived)]
    assert answer.document["ranking"]
    assert answer.document["ranking"][0]["case"] in read_page(answer)
    assert answer_as_of(lived, clock.show(CORRECTED), ranking=True).document["ranking"] == []


def test_the_rule_book_is_the_one_then_in_force(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path, now=OPENING)
    ordinals = add_drafts(at(campaign, IN_TIME), plain_drafts(["武汉市"], 2))
    extend(at(campaign, local(6, 26)), "received", local(7, 11), "武汉市", "汛期")
    move(at(campaign, local(6, 28)), "recommend", ordinals)
    early = answer_as_of(campaign, "2024-06-25T00:00:00+08:00", unit="武汉市")
    late = answer_as_of(campaign, "2024-06-28T00:00:01+08:00", unit="武汉市")
    assert early.document["rule_book"]["amendments"] == []
    assert early.document["rule_book"]["sha256"] == campaign.edition.sha256
    (amended,) = late.document["rule_book"]["amendments"]
    assert (amended["window"], amended["unit"], amended["why"]) == ("received", "武汉市", "汛期")
    assert late.document["rule_book"]["since"] == clock.show(local(6, 26))
    assert (early.document["used"], late.document["used"]) == (0, 2)
    assert "汛期" not in read_page(early)
    assert "汛期" in read_page(late)
    campaign.engine.dispose()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"time": "2024-06-31"}, UntilUnreadable),
        ({"time": "yesterday", "ranking": True}, UntilUnreadable),
        ({"time": "2024-06-29T00:00:00Z", "unit": "幻想市"}, UnitUnknown),
        ({"time": "2024-06-29T00:00:00Z", "case": "2024-0099"}, CaseUnknown),
        ({"time": "2024-06-01T00:00:00Z", "case": "2024-0001"}, CaseNotYet),
        ({"time": "2024-06-01T00:00:00Z", "ranking": True}, NotYetFounded),
        ({"time": "2024-06-29T00:00:00Z", "case": "2024-0001", "unit": "孝感市"}, WordsTooMany),
        ({"time": "2024-06-29T00:00:00Z", "ranking": True, "unit": "孝感市"}, WordsTooMany),
    ],
)
def test_what_cannot_be_answered(lived: Campaign, words: dict[str, object], error: type[AnliError]) -> None:
    with pytest.raises(error):
        answer_as_of(lived, **words)  # type: ignore[arg-type]
