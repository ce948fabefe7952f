"""A campaign from its first hour, and the clock at work on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.campaigns import found_rehearsal
from tests.builders.clockwork import OPENING
from workflow.engine.campaign import Campaign


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """The campaign of 2024, founded when its first phase opens."""
    campaign = found_rehearsal(database_url, tmp_path, now=OPENING)
    yield campaign
    campaign.engine.dispose()
