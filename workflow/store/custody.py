"""Who may open what the campaign keeps: this account alone, or a group of accounts that settings name."""

import os
import stat
import sys
from pathlib import Path

from workflow.disk import cause_of
from workflow.errors import AnliError

_SHARED_FOLDER = stat.S_ISGID | stat.S_IRWXU | stat.S_IRWXG
_SHARED_FILE = 0o660


class GroupUnknown(AnliError):
    """The operating system has no group of that name: values are group."""

    code = "error.group-unknown"


class FolderUnshared(AnliError):
    """New files in this folder would not be the group's: values are folder, group."""

    code = "error.folder-unshared"


def found_file(file: Path, group: str | None) -> None:
    """Make the database's empty file, if there is none, for this account or the group alone.

    Raises GroupUnknown, FolderUnshared where the group could not write beside it, or what keeps it from being made.
    """
    try:
        if group is not None:
            _require_shared(file.parent, group)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if group is not None:
            file.chmod(_SHARED_FILE)
    except FileExistsError:
        return
    except OSError as refusal:
        raise cause_of(refusal, file) from None


def found_folder(folder: Path, group: str | None) -> None:
    """Make the folder of originals, if there is none, for this account or the group alone."""
    if folder.exists():
        return
    try:
        folder.mkdir(mode=0o700, parents=True)
        if group is not None:
            _give(folder, group)
            folder.chmod(_SHARED_FOLDER)
    except OSError as refusal:
        raise cause_of(refusal, folder) from None


def make_folder(folder: Path, like: Path) -> None:
    """Make a folder, if there is none, for those who may use ``like``, above or beside it, and for nobody else."""
    if folder.is_dir():
        return
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        return
    shared = like.stat().st_mode & stat.S_IRWXG if like != folder else 0
    if shared:
        folder.chmod(stat.S_IRWXU | shared | (like.stat().st_mode & stat.S_ISGID))


def seal(file: Path, like: Path) -> None:
    """Let a file be read by those who may list the folder ``like``, and be written by nobody."""
    file.chmod(stat.S_IRUSR | (like.stat().st_mode & stat.S_IRGRP))


def _require_shared(folder: Path, group: str) -> None:
    facts = folder.stat()
    if facts.st_gid != _number_of(group) or facts.st_mode & _SHARED_FOLDER != _SHARED_FOLDER:
        raise FolderUnshared(folder=str(folder), group=group)


def _give(folder: Path, group: str) -> None:
    if sys.platform != "win32":
        os.chown(folder, -1, _number_of(group))


def _number_of(group: str) -> int:
    if sys.platform == "win32":
        raise GroupUnknown(group=group)
    import grp

    try:
        return int(group) if group.isdecimal() else grp.getgrnam(group).gr_gid
    except KeyError:
        raise GroupUnknown(group=group) from None
