"""A campaign under the rule book of 2024 on each database, and a clock to turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.campaigns import found_rehearsal
from workflow.engine.campaign import Campaign


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path)
    yield campaign
    campaign.engine.dispose()
