"""One nursery for the session; a campaign and its program for each test."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.builders.campaigns import FOUNDED, add_drafts, found_rehearsal, plain_drafts, wide_edition
from tests.builders.units import ADDRESSES
from tests.faults.program import Program, shared_nursery
from tests.faults.server import Behaviour, mail_server
from workflow import clock
from workflow.engine.campaign import Campaign


@pytest.fixture(scope="session")
def nursery() -> "subprocess.Popen[str]":
    return shared_nursery()


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """An empty campaign with room for five thousand cases of each unit."""
    campaign = found_rehearsal(database_url, tmp_path, wide_edition(), language="en")
    yield campaign
    campaign.engine.dispose()


@pytest.fixture
def program_at(nursery: "subprocess.Popen[str]", database_url: str, tmp_path: Path) -> Callable[[datetime], Program]:
    """The program on the test's database, at a moment."""

    def at(moment: datetime) -> Program:
        program = Program(nursery, tmp_path, ["--db", database_url, "--now", clock.write(moment)])
        program.settings["ANLI_ORIGINALS"] = str(tmp_path / "originals")
        return program

    return at


@pytest.fixture
def program(program_at: Callable[[datetime], Program]) -> Program:
    """The program on the day of the founding."""
    return program_at(FOUNDED)


@pytest.fixture
def server(program: Program) -> Iterator[Behaviour]:
    """The mail server that the program sends to."""
    with mail_server() as (behaviour, address):
        program.settings["ANLI_MAIL"] = behaviour.address = address
        yield behaviour


@pytest.fixture
def three_letters(campaign: Campaign, program: Program) -> None:
    """A letter to each of three units, queued."""
    add_drafts(campaign, plain_drafts(list(ADDRESSES), 3))
    assert program.run("advance", "recommend", "--all", "--yes").status == 0
