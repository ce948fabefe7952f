"""The campaign a command works on: its database, its rule book, and the one moment the command lives in."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from notifications.domain_key import DomainKey
from workflow.audit.actor import Actor, identify
from workflow.audit.events import Init
from workflow.audit.log import Log
from workflow.audit.tlog.fault import KeyUnusable
from workflow.audit.tlog.key import SigningKey, read_signing_key
from workflow.edition import Edition, parse
from workflow.engine.domain_key import read_domain_key
from workflow.engine.jump import Jump, find_jump
from workflow.errors import AnliError
from workflow.settings import Settings
from workflow.store import Campaign as CampaignRow
from workflow.store import EditionVersion, Staff, custody, schema, server_clock
from workflow.store.address import show_url, sqlite_file
from workflow.store.database import founding, open_engine, reading, writable, writing
from workflow.store.originals import Originals, originals_of

FIRST_ROLE = "organiser"


class DatabaseMissing(AnliError):
    """There is no campaign at this URL: values are url."""

    code = "error.database-missing"


class DatabaseExists(AnliError):
    """There already is a campaign at this URL: values are url."""

    code = "error.database-exists"


class NotARehearsal(AnliError):
    """``--now`` was asked of a real campaign, whose clock nobody sets."""

    code = "error.not-a-rehearsal"


@dataclass(frozen=True)
class Campaign:
    """Everything a command needs to know before it begins.

    now: the moment the command lives in; where it ``follows_clock``, read anew once it holds the lock, so that nobody
    decides by the hour at which they began to wait. mail_to: where a rehearsal's letters go instead of to their
    recipients.
    """

    engine: Engine
    edition: Edition
    originals: Originals
    token: str
    rehearsal: bool
    now: datetime
    language: str
    mail: str
    key_file: Path | None = None
    dkim_key_file: Path | None = None
    follows_clock: bool = False
    mail_to: str | None = None

    @property
    def signing_key(self) -> SigningKey | None:
        """The key that signs checkpoints, where this account has it. Raises KeyUnusable where it cannot be used."""
        if self.key_file is None:
            return None
        key = read_signing_key(self.key_file)
        if key.name.rpartition("/")[2] != self.token:
            raise KeyUnusable(file=str(self.key_file), problem_code="key.foreign", name=key.name)
        return key

    @property
    def domain_key(self) -> DomainKey | None:
        """The key that signs letters, where the rule book says that they are signed; see read_domain_key."""
        return read_domain_key(self.edition.mail.dkim, self.dkim_key_file)

    @contextmanager
    def writing(self) -> Iterator[tuple["Campaign", Connection]]:
        """Hold the lock, and the campaign as it then is: at that moment, under the rule book then in force.

        Raises ClockAhead; see find_jump.
        """
        with writing(self.engine) as connection:
            campaign = current(self, connection)
            if self.follows_clock:
                campaign = replace(campaign, now=server_clock.now(connection))
                if (jump := _jump_of(campaign, connection)) is not None:
                    raise jump.doubt(campaign.edition)
            yield campaign, connection

    def find_jump(self) -> Jump | None:
        """The leap of the clock that nobody has accepted; in a rehearsal, whose clock is set, there is none."""
        if self.rehearsal or not self.follows_clock:
            return None
        with self.reading() as connection:
            return _jump_of(current(replace(self, now=server_clock.now(connection)), connection), connection)

    def log(self, connection: Connection, at: datetime | None = None, actor: Actor | None = None) -> Log:
        """The history, for what happens outside a batch; by whoever is connected, and now, unless said otherwise."""
        return Log(connection, actor or identify(connection), self.edition.sha256, at or self.now, None)

    @contextmanager
    def recording(self) -> Iterator[tuple["Campaign", Connection]]:
        """As ``writing``, also where the campaign was opened so that nothing can be written."""
        engine = writable(self.engine)
        try:
            with replace(self, engine=engine).writing() as (campaign, connection):
                yield campaign, connection
        finally:
            engine.dispose()

    def time(self) -> datetime:
        """What time it is now, where the campaign ``follows_clock``."""
        with self.reading() as connection:
            return server_clock.now(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with reading(self.engine) as connection:
            yield connection


def found(settings: Settings, edition: Edition, rehearsal: bool) -> Campaign:
    """Make the tables and adopt the edition; whoever runs this is the first organiser.

    Raises DatabaseExists where a campaign is there already, and what ``custody.found_file`` raises.
    """
    engine = open_engine(settings.database)
    url = show_url(engine)
    if settings.now is not None and not rehearsal:
        raise NotARehearsal
    if (file := sqlite_file(engine)) is not None:
        custody.found_file(file, settings.group)
    with _let_go(engine), founding(engine) as connection:
        if schema.has_tables(connection):
            raise DatabaseExists(url=url)
        now = settings.now or server_clock.now(connection)
        schema.upgrade(connection)
        actor = identify(connection)._replace(role=FIRST_ROLE)
        token = secrets.token_hex(8)
        rows = {
            EditionVersion: {
                "sha256": edition.sha256,
                "name": edition.name,
                "source": edition.source,
                "adopted_at": now,
            },
            CampaignRow: {
                "id": 1,
                "token": token,
                "edition_sha256": edition.sha256,
                "rehearsal": rehearsal,
                "created_at": now,
            },
            Staff: {"account": actor.account, "role": actor.role, "since": now},
        }
        for table, row in rows.items():
            connection.execute(table.__table__.insert(), row)  # type: ignore[attr-defined]
        event = Init(name=edition.name, rehearsal=rehearsal, token=token, account=actor.account)
        Log(connection, actor, edition.sha256, now, None).append([event])
    originals = originals_of(engine, settings.originals)
    custody.found_folder(originals.folder, settings.group)
    return Campaign(
        engine,
        edition,
        originals,
        token,
        rehearsal,
        now,
        settings.language,
        settings.mail,
        settings.signing_key,
        settings.dkim_key,
        follows_clock=settings.now is None,
        mail_to=settings.mail_to,
    )


def resume(settings: Settings, read_only: bool = False, any_shape: bool = False) -> Campaign:
    """Open the campaign that ``found`` made; read_only: so that a SQLite file cannot be written to.

    any_shape: also where an older program made it.

    Raises DatabaseMissing where there is none, DatabaseOutdated where an older program made it, and NotARehearsal
    where a time was asked of a real campaign.
    """
    engine = open_engine(settings.database, read_only)
    url = show_url(engine)
    if (file := sqlite_file(engine)) is not None and not file.is_file():
        raise DatabaseMissing(url=url)
    with _let_go(engine), reading(engine) as connection:
        if not schema.has_tables(connection):
            raise DatabaseMissing(url=url)
        if not any_shape:
            schema.check(connection)
        row = connection.execute(
            select(
                col(CampaignRow.token),
                col(CampaignRow.rehearsal),
                col(EditionVersion.name),
                col(EditionVersion.source),
            ).join(EditionVersion, col(EditionVersion.sha256) == col(CampaignRow.edition_sha256))
        ).one()
        if settings.now is not None and not row.rehearsal:
            raise NotARehearsal
        now = settings.now or server_clock.now(connection)
    return Campaign(
        engine,
        parse(row.source, f"{row.name}.toml", adopted=True),
        originals_of(engine, settings.originals),
        row.token,
        row.rehearsal,
        now,
        settings.language,
        settings.mail,
        settings.signing_key,
        settings.dkim_key,
        follows_clock=settings.now is None,
        mail_to=settings.mail_to,
    )


def current(campaign: Campaign, connection: Connection) -> Campaign:
    """The campaign under the rule book in force now: read anew where it was amended meanwhile."""
    query = (
        select(col(EditionVersion.sha256), col(EditionVersion.name), col(EditionVersion.source))
        .join(CampaignRow, col(EditionVersion.sha256) == col(CampaignRow.edition_sha256))
        .where(col(EditionVersion.sha256) != campaign.edition.sha256)
    )
    row = connection.execute(query).first()
    return campaign if row is None else replace(campaign, edition=parse(row.source, f"{row.name}.toml", adopted=True))


def _jump_of(campaign: Campaign, connection: Connection) -> Jump | None:
    return None if campaign.rehearsal else find_jump(connection, campaign.edition, campaign.now)


@contextmanager
def _let_go(engine: Engine) -> Iterator[None]:
    """Close the engine's connections where the work on it fails, since nobody else will."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise
