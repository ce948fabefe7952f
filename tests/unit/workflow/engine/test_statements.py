"""A batch asks the database the same number of questions however many cases it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.builders.campaigns import add_drafts, found_rehearsal, move, plain_drafts, wide_edition
from workflow.engine.apply import preview
from workflow.engine.campaign import Campaign
from workflow.engine.explain import explain
from workflow.engine.selection import select
from workflow.engine.undo import undo

UNITS = ("武汉市", "黄石市")
SEVERAL, MANY = 10, 1_000


@contextmanager
def counting(campaign: Campaign) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(campaign.engine, "before_cursor_execute", note)
    yield seen
    event.remove(campaign.engine, "before_cursor_execute", note)


def number_of(seen: list[str]) -> int:
    """How many there are but for the history's tree, which keeps its complete subtrees now and then: two at most."""
    tree = [statement for statement in seen if "INTO nodes" in statement or "leaf_hash FROM events" in statement]
    assert len(tree) <= 2
    return len(seen) - len(tree)


def test_the_number_of_cases_does_not_matter(database_url: str, tmp_path: Path) -> None:
    campaign = found_rehearsal(database_url, tmp_path, wide_edition())
    counts: dict[int, list[int]] = {}
    for count in (SEVERAL, MANY):
        ordinals = add_drafts(campaign, plain_drafts(UNITS, count))
        numbers = [campaign.edition.case_number(ordinal) for ordinal in ordinals]
        asked = select(campaign.edition, "recommend", numbers)
        with counting(campaign) as previewed:
            preview(campaign, "recommend", asked, None)
        with counting(campaign) as advanced:
            report = move(campaign, "recommend", ordinals)
        assert report.batch is not None
        with counting(campaign) as refused:
            move(campaign, "recommend", ordinals)
        with counting(campaign) as undone:
            assert len(undo(campaign, report.batch, "有误").moved) == count
        with counting(campaign) as explained:
            explain(campaign, numbers[0], "recommend", None)
        counts[count] = [number_of(seen) for seen in (previewed, advanced, refused, undone, explained)]
        move(campaign, "withdraw", ordinals)
    assert counts[SEVERAL] == counts[MANY]
    assert max(counts[MANY]) < 30
    campaign.engine.dispose()


@pytest.mark.parametrize("kind", ["UPDATE", "INSERT", "DELETE"])
def test_a_preview_only_reads(database_url: str, tmp_path: Path, kind: str) -> None:
    campaign = found_rehearsal(database_url, tmp_path)
    add_drafts(campaign, plain_drafts(UNITS, 3))
    asked = select(campaign.edition, "recommend", [], everything=True)
    with counting(campaign) as seen:
        report, fingerprints = preview(campaign, "recommend", asked, None)
    assert len(report.moved) == len(fingerprints) == 3
    assert not any(kind in statement for statement in seen)
    campaign.engine.dispose()
