"""Each cause is provoked for real, and has its own sentence, status and advice; nothing is half-written."""

import subprocess
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.builders.accounts import WANG, account_of, open_house, program_of
from tests.builders.campaigns import Draft, add_drafts, found_rehearsal, plain_drafts, problems, states
from tests.builders.disks import fill, small_disk
from tests.faults.program import Program
from workflow.disk import DiskFull
from workflow.engine.campaign import Campaign
from workflow.store.database import open_engine, reading, writing
from workflow.store.failures import DatabaseUnknown, LoginRefused, ServerCrowded, ServerReadOnly

UNIT = "武汉市"
NO_ROOM = "no room is left on the disk"
ERROR, REFUSED, INTERRUPTED = 1, 3, 130
PAGE = 4096


def test_a_full_disk_is_a_full_disk_however_little_room_is_left(nursery: "subprocess.Popen[str]") -> None:
    with small_disk("6m") as disk:
        campaign = found_rehearsal(f"sqlite:///{disk / 'anli.db'}", disk, language="en")
        add_drafts(campaign, plain_drafts([UNIT], 3))
        campaign.engine.dispose()
        said = Counter[str]()
        for pages in (0, 1, 2, 4, 7, 8, 9, 10, 12, 16, 24):
            fill(disk, pages * PAGE)
            program = program_of(nursery, disk.parent, disk / "anli.db")
            program.settings["ANLI_ORIGINALS"] = str(disk / "originals")
            ended = program.run("advance", "recommend", "--all", "--yes")
            assert ended.status in {0, ERROR, REFUSED}, (pages, ended)
            assert ended.status != ERROR or NO_ROOM in ended.warned, (pages, ended)
            said[NO_ROOM] += NO_ROOM in ended.warned
            (disk / "ballast").unlink()
            assert program.run("audit", "verify").status == 0
        assert said[NO_ROOM] >= 3
        campaign.engine.dispose()


def test_founding_on_a_full_disk_says_so(nursery: "subprocess.Popen[str]") -> None:
    with small_disk("2m") as disk:
        for pages in (0, 1, 8, 20):
            fill(disk, pages * PAGE)
            ended = program_of(nursery, disk.parent, disk / f"anli{pages}.db").run("init", "--rehearsal")
            assert ended.status == ERROR
            assert NO_ROOM in ended.warned, (pages, ended)


def test_a_servers_full_disk_is_a_full_disk(postgresql_server: str, tmp_path: Path) -> None:
    server = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
    name = f"anli_{uuid4().hex[:12]}"
    with small_disk("24m", Path(folder).stat().st_uid) as disk:
        with server.connect() as connection:
            connection.execute(text(f"CREATE TABLESPACE {name} LOCATION '{disk}'"))
            connection.execute(text(f"CREATE DATABASE {name} TABLESPACE {name}"))
        url = server.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        try:
            campaign = found_rehearsal(url, tmp_path)
            fill(disk, 8 * PAGE)
            names = ["案" * 200 + str(number) for number in range(3000)]
            with pytest.raises(DiskFull):
                add_drafts(campaign, [Draft(UNIT, name) for name in names])
            (disk / "ballast").unlink()
            assert states(campaign) == {}
            assert problems(campaign) == []
            campaign.engine.dispose()
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
                connection.execute(text(f"DROP TABLESPACE {name}"))
            server.dispose()


def test_letters_wait_for_room_in_a_full_maildir(campaign: Campaign, program: Program) -> None:
    add_drafts(campaign, plain_drafts([UNIT, "黄石市", "孝感市"], 3))
    assert program.run("advance", "recommend", "--all", "--yes").status == 0
    with small_disk("1m") as disk:
        program.settings["ANLI_MAIL"] = f"maildir:{disk / 'box'}"
        fill(disk, 0)
        ended = program.run("mail", "send", "--json")
        assert ended.status == REFUSED
        with campaign.reading() as connection:
            assert set(connection.execute(text("SELECT state FROM letters")).scalars()) == {"queued"}
        (disk / "ballast").unlink()
        with campaign.writing() as (_, connection):
            connection.execute(text("UPDATE letters SET next_try = NULL"))
        assert program.run("mail", "send", "--json").status == 0
        assert len(list((disk / "box" / "new").iterdir())) == 3


def test_who_may_read_and_not_write_is_told_that(nursery: "subprocess.Popen[str]") -> None:
    with open_house() as house:
        campaign = found_rehearsal(f"sqlite:///{house / 'anli.db'}", house, language="en")
        add_drafts(campaign, plain_drafts([UNIT], 3))
        own, other = (program_of(nursery, house, house / "anli.db", uid) for uid in (None, WANG))
        assert own.run("staff", "add", account_of(WANG), "organiser").status == 0
        campaign.engine.dispose()
        (house / "anli.db").chmod(0o644)
        ended = other.run("advance", "recommend", "--all", "--yes")
        assert ended.status == ERROR
        assert "this account may not use" in ended.warned
        house.chmod(0o777)
        ended = other.run("advance", "recommend", "--all", "--yes")
        assert ended.status == ERROR
        assert "this account may not use" in ended.warned


def test_what_the_server_refuses_is_named(campaign: Campaign, database_url: str) -> None:
    if campaign.engine.dialect.name != "postgresql":
        pytest.skip("of the server's database only")
    login = f"anli_{uuid4().hex[:8]}"
    with campaign.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE ROLE {login} LOGIN CONNECTION LIMIT 0"))
    url = campaign.engine.url.set(drivername="postgresql")
    try:
        for changed, cause in (
            (url.set(database="nowhere"), DatabaseUnknown),
            (url.set(username="nobody_at_all"), LoginRefused),
            (url.set(username=login), ServerCrowded),
        ):
            engine = open_engine(changed.render_as_string(hide_password=False))
            with pytest.raises(cause), reading(engine):
                pass
            engine.dispose()
        engine = open_engine(database_url)
        with pytest.raises(ServerReadOnly), writing(engine) as connection:  # noqa: PT012
            connection.execute(text("SET TRANSACTION READ ONLY"))
            connection.execute(text("UPDATE campaign SET token = token"))
        engine.dispose()
    finally:
        with campaign.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP ROLE {login}"))


@pytest.mark.usefixtures("campaign")
def test_a_checkpoint_file_that_is_not_there_proves_nothing_against_anybody(program: Program, tmp_path: Path) -> None:
    (tmp_path / "typed.txt").write_text("anli 12 events, root 123\n", encoding="utf-8")
    for file, words in (("nowhere.txt", "there is no file"), ("typed.txt", "does not hold a checkpoint")):
        ended = program.run("audit", "verify", "--checkpoint", file)
        assert ended.status == ERROR, ended
        assert words in ended.warned
        assert ended.said == ""


def count(campaign: Campaign, query: str) -> int:
    with campaign.reading() as connection:
        return int(connection.execute(text(query)).scalar_one())


def undo_last(campaign: Campaign, program: Program) -> None:
    batch = count(campaign, "SELECT max(id) FROM batches")
    assert program.run("undo", str(batch), "--reason", "again").status == 0


def test_after_an_interruption_what_is_there_is_read_back_and_said(campaign: Campaign, program: Program) -> None:
    add_drafts(campaign, plain_drafts([UNIT], 20))
    words = ("advance", "recommend", "--all", "--yes")
    _, steps = program.count_steps(*words)
    undo_last(campaign, program)
    seen = set()
    for step in sorted({1, steps // 4, steps // 2, *range(steps - 14, steps + 1)}):
        before = count(campaign, "SELECT max(seq) FROM events")
        ended = program.run(*words, fatal=step, gently=True)
        after = count(campaign, "SELECT max(seq) FROM events")
        moved = sum(state == "recommended" for state in states(campaign).values())
        assert moved in {0, 20}
        assert ended.status in {0, INTERRUPTED}, (step, ended)
        if ended.status == INTERRUPTED:
            seen.add(moved)
            expected = "move × 20" if moved else "nothing went on record"
            assert expected in ended.warned or "before the database was opened" in ended.warned, (step, ended)
            assert moved or after == before
        if moved:
            undo_last(campaign, program)
    assert seen == {0, 20}
    assert problems(campaign) == []
