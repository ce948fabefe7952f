"""What the command line and the environment settle before any work begins."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workflow import clock
from workflow.errors import AnliError, UsageError

DEFAULT_DATABASE = "sqlite:///anli.db"
DEFAULT_MAIL = "maildir:anli-mail"


class MomentUnreadable(UsageError):
    """Not an RFC 3339 time with a zone: values are text."""

    code = "error.moment-unreadable"


class PasswordUnreadable(AnliError):
    """The file that holds a password cannot be read: values are file, problem."""

    code = "error.password-unreadable"


@dataclass(frozen=True)
class Settings:
    """database: a URL. mail: ``maildir:FOLDER``, ``smtp://…`` or ``smtps://…``. now: the asked-for time, if any.

    originals: where the originals lie; None for the folder beside a SQLite database. signing_key: the file of the key
    that signs checkpoints; None where this account signs none. dkim_key: the file of the key that signs letters.
    mail_to: where all of a rehearsal's letters go. group: of the operating system, whose accounts share what ``init``
    makes; None for this account alone.
    """

    database: str
    mail: str
    language: str
    now: datetime | None
    originals: Path | None
    signing_key: Path | None = None
    dkim_key: Path | None = None
    mail_to: str | None = None
    group: str | None = None


def gather(
    database: str | None, now: str | None, language: str, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Settings from the command line's words, else the environment, else the defaults.

    Raises MomentUnreadable where ``--now`` or ANLI_NOW is no RFC 3339 time with a zone.
    """
    asked = now or environment.get("ANLI_NOW") or None
    originals = environment.get("ANLI_ORIGINALS")
    signing_key = environment.get("ANLI_SIGNING_KEY")
    dkim_key = environment.get("ANLI_DKIM_KEY")
    try:
        moment = clock.read(asked) if asked else None
    except ValueError:
        raise MomentUnreadable(text=asked) from None
    return Settings(
        database=database or read_secret("ANLI_DB", environment) or DEFAULT_DATABASE,
        mail=environment.get("ANLI_MAIL") or DEFAULT_MAIL,
        language=language,
        now=moment,
        originals=Path(originals) if originals else None,
        signing_key=Path(signing_key) if signing_key else None,
        dkim_key=Path(dkim_key) if dkim_key else None,
        mail_to=environment.get("ANLI_MAIL_TO") or None,
        group=environment.get("ANLI_GROUP") or None,
    )


def read_secret(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """What stands in the file that ``name_FILE`` names, else in ``name`` itself.

    Raises PasswordUnreadable for a file that cannot be read.
    """
    file = environment.get(f"{name}_FILE")
    if not file:
        return environment.get(name)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise PasswordUnreadable(file=file, problem=str(error)) from None
