"""A database's address: which kind it is, where its file lies, how it is shown without its password."""

import re
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from workflow.errors import AnliError, UsageError

_CREDENTIALS = re.compile(r"^((?:[^:/]*://)?[^:]*):(?!//).*@", re.DOTALL)
_ASIDE = re.compile(r"(password=)[^&]*", re.IGNORECASE)


class PasswordShown(UsageError):
    """A password on the command line, where everybody on the machine can read it: values are url, without it."""

    code = "error.password-shown"


class DatabaseUnusable(AnliError):
    """Not a URL, or not a file, that Anli can use as its database: values are url."""

    code = "error.database-unusable"


def parse_url(url: str) -> URL:
    """Raises DatabaseUnusable for what is neither ``sqlite:///FILE`` nor ``postgresql://…``."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUnusable(url=mask(url)) from None
    kind = parsed.get_backend_name()
    if kind == "postgresql" or (kind == "sqlite" and parsed.database and parsed.database != ":memory:"):
        return parsed
    raise DatabaseUnusable(url=mask(url))


def mask(url: str) -> str:
    """Whatever was given as an address, without what may be its password."""
    if url.startswith("sqlite"):
        return url
    return _ASIDE.sub(r"\1***", _CREDENTIALS.sub(r"\1:***@", url))


def refuse_password(url: str) -> None:
    """Raises PasswordShown where a password stands in an address that was given on the command line."""
    if _holds_password(url):
        raise PasswordShown(url=mask(url))


def _holds_password(url: str) -> bool:
    """Also in what was meant to be an address."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return mask(url) != url
    return bool(parsed.password) or any(name.lower().endswith("password") for name in parsed.query)


def show_url(engine: Engine) -> str:
    """The database's URL as people write it, without its password."""
    return mask(engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False))


def sqlite_file(engine: Engine) -> Path | None:
    """Where the SQLite database lies; None for a server's."""
    if engine.dialect.name != "sqlite":
        return None
    return Path(engine.url.database or "").absolute()
