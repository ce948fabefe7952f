"""The name of an attachment: shown and compared, never used as a path."""

import re
import unicodedata

from workflow.intake import limits

_SEPARATORS = re.compile(r"[/\\]+")
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def bare_filename(original: str) -> str:
    """Keep the last part of a name, without control and direction signs, at most 200 characters; may be ``""``."""
    shown = "".join(sign for sign in original if unicodedata.category(sign) not in _FORBIDDEN)
    parts = [part.strip() for part in _SEPARATORS.split(unicodedata.normalize("NFC", shown))]
    name = next((part for part in reversed(parts) if part), "").strip(" ")
    if not name.strip("."):
        return ""
    if len(name) > limits.FILENAME_CHARACTERS:
        stem, dot, extension = name.rpartition(".")
        kept = dot + extension if stem and len(extension) <= 8 else ""
        name = name[: limits.FILENAME_CHARACTERS - len(kept)] + kept
    return name


def folder_of(original: str) -> str:
    """Return the folders an archive member claims to be in, for comparing members only."""
    return "/".join(_SEPARATORS.split(original)[:-1])


def stem_of(filename: str) -> str:
    """Return a filename without its extension."""
    stem, dot, extension = filename.rpartition(".")
    return stem if dot and stem and len(extension) <= 5 and extension.isascii() else filename
