"""The name of an attachment: shown and compared, never used as a path."""

import re
import unicodedata

from workflow.intake import limits
from workflow.normal_form import to_nfc

_SEPARATORS = re.compile(r"[/\\]+")
_LITTER = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", "icon\r"})
_LITTER_FOLDERS = frozenset({"__macosx", ".trashes", ".spotlight-v100", "$recycle.bin", "system volume information"})
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def bare_filename(original: str) -> str:
    """Keep the last part of a name, without control and direction signs; may be ``""``.

    Of one longer than 200 characters both ends are kept: what kind of file it is often stands last.
    """
    shown = "".join(sign for sign in original if unicodedata.category(sign) not in _FORBIDDEN)
    parts = [part.strip() for part in _SEPARATORS.split(to_nfc(shown))]
    name = next((part for part in reversed(parts) if part), "").strip(" ")
    if not name.strip("."):
        return ""
    if len(name) > limits.FILENAME_CHARACTERS:
        half = limits.FILENAME_CHARACTERS // 2
        name = name[:half] + name[-half:]
    return name


def is_litter(path: str) -> bool:
    """Whether a file is one that programs leave behind for themselves, wherever it lies."""
    parts = [part.strip().lower() for part in _SEPARATORS.split(path)]
    name = parts[-1]
    return (
        any(part in _LITTER_FOLDERS for part in parts[:-1])
        or name in _LITTER
        or name.startswith(("~$", "._", ".~"))
        or (name.startswith("~") and name.endswith(".tmp"))
    )


def folder_of(original: str) -> str:
    """Return the folders an archive member claims to be in, for comparing members only."""
    return "/".join(_SEPARATORS.split(original)[:-1])


def stem_of(filename: str) -> str:
    """Return a filename without its extension."""
    stem, dot, extension = filename.rpartition(".")
    return stem if dot and stem and len(extension) <= 5 and extension.isascii() else filename
