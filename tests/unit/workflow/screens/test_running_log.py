"""The running log speaks the reader's language, and hears only the work."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.campaigns import FOUNDED, found_rehearsal
from workflow.deadlines.watch import watch
from workflow.errors import AnliError
from workflow.screens.running_log import Sentences, tell_all


@pytest.fixture
def work() -> Iterator[logging.Logger]:
    """The logger of all the work, as it was before."""
    logger = logging.getLogger("workflow")
    handlers, level = list(logger.handlers), logger.level
    yield logger
    logger.handlers[:], logger.level = handlers, level


def said(language: str, key: str, values: dict[str, Any]) -> str:
    record = logging.LogRecord("workflow.intake.take", logging.INFO, "", 0, key, (values,), None)
    return Sentences(language).format(record)[9:]


def test_names_are_the_catalogues() -> None:
    values = {"file": "{a}.eml", "status": "set-aside", "cases": 0}
    assert said("zh", "log.mail-taken", values) == "{a}.eml：待人工处理，案例 0 个"
    assert said("en", "log.mail-taken", values).startswith("{a}.eml: ")
    assert "set-aside" not in said("zh", "log.mail-taken", values)


def test_a_value_without_a_name_stays_as_it_is() -> None:
    assert said("en", "log.letter-settled", {"letter": 3, "state": "lost"}) == "letter 3: lost"


def test_it_hears_the_work_alone(work: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    tell_all("en")
    logging.getLogger("workflow.deadlines.watch").info("log.nothing-follows")
    logging.getLogger("alembic").info("something")
    assert capsys.readouterr().err[9:] == "nothing more on the calendar\n"
    assert len(work.handlers) == 1


def test_a_watch_tells_what_it_deals_with_and_what_it_waits_for(
    work: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_all("en")
    campaign = found_rehearsal(f"sqlite:///{tmp_path / 'anli.db'}", tmp_path)
    waits = iter([False, False, False, False, True])
    troubles: list[AnliError] = []
    watch(campaign, lambda: FOUNDED + timedelta(days=3), lambda _: next(waits), lambda _: None, troubles.append)
    campaign.engine.dispose()
    assert troubles == []
    lines = [line[9:] for line in capsys.readouterr().err.splitlines()]
    assert any(line.startswith("dealt with: ") for line in lines), lines
    assert lines[-1].startswith("next: ")
    assert len(work.handlers) == 1
