"""Where a demo's season lives: a new folder with the database, the mailbox, the sheets and the letters."""

import os
from itertools import count
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import make_url

from workflow.errors import AnliError

NAME = "anli-demo"


class FolderNotEmpty(AnliError):
    """The folder for the demo holds something already: values are folder."""

    code = "error.folder-not-empty"


class FolderUnusable(AnliError):
    """The folder for the demo cannot be made or written: values are folder, said (the system's words)."""

    code = "error.folder-unusable"


class FolderNameUnusable(AnliError):
    """The folder's name would be read as something else in a database's URL: values are folder."""

    code = "error.folder-name-unusable"


class Folder(NamedTuple):
    """A season's files. ``path`` is as people named it, so that reports show it as short as they do."""

    path: Path

    @property
    def database(self) -> str:
        """The URL of the SQLite database in it."""
        return f"sqlite:///{self.path / 'anli.db'}"

    @property
    def mailbox(self) -> Path:
        return self.path / "mailbox"

    @property
    def sheets(self) -> Path:
        return self.path / "sheets"

    @property
    def letters(self) -> Path:
        """A Maildir."""
        return self.path / "letters"

    @property
    def originals(self) -> Path:
        return self.path / "anli.db-originals"


def make_folder(keep: Path | None) -> Folder:
    """Make the folder asked for, else the first free one of ``anli-demo``, ``anli-demo-2`` … in the working folder.

    Raises FolderNotEmpty, or FolderUnusable for what is no folder or cannot be written, FolderNameUnusable.
    """
    folder = Folder(_shorten(keep) if keep else _free())
    shown = str(folder.path)
    if make_url(folder.database).database != str(folder.path / "anli.db"):
        raise FolderNameUnusable(folder=shown)
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        if any(folder.path.iterdir()):
            raise FolderNotEmpty(folder=shown)
        folder.mailbox.mkdir()
        folder.sheets.mkdir()
    except (OSError, ValueError) as error:
        raise FolderUnusable(folder=shown, said=getattr(error, "strerror", None) or str(error)) from None
    return folder


def _free() -> Path:
    names = (NAME if number == 1 else f"{NAME}-{number}" for number in count(1))
    return next(path for path in map(Path, names) if not path.exists() and not path.is_symlink())


def _shorten(keep: Path) -> Path:
    """The path from the working folder where it lies below it."""
    whole = Path(os.path.normpath(Path.cwd() / keep))
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole
