"""Names of files and folders that people can read, and that Windows and Linux both take."""

import re
import unicodedata

from workflow.normal_form import to_nfc, to_nfkc

_REFUSED = re.compile(r'[<>:"/\\|?*\s_]+')
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LONGEST_PART = 90
"""Bytes of UTF-8: three parts and what tells a file's kind stay below the 255 that a name may have."""

_GAP = "…"


def part_of_name(text: str, longest: int = LONGEST_PART) -> str:
    """Text as a part of a name: no sign that a system refuses or a person does not see; a long one keeps both ends."""
    allowed = _REFUSED.sub(" ", to_nfc(text))
    name = "".join(sign for sign in allowed if unicodedata.category(sign) not in _UNSHOWN).strip(" .")
    if len(name.encode()) <= longest:
        return name
    half = (longest - len(_GAP.encode())) // 2
    first = name.encode()[:half].decode(errors="ignore").rstrip(" .")
    last = name.encode()[-half:].decode(errors="ignore").lstrip(" .")
    return f"{first}{_GAP}{last}"


class Names:
    """Gives out names within one folder, none twice, whatever a system makes of capitals."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, stem: str, suffix: str) -> str:
        """``stem.suffix``, or, where that is taken, ``stem 2.suffix``…; suffix: with its dot."""
        name, number = f"{stem}{suffix}", 1
        while _folded(name) in self._taken:
            number += 1
            name = f"{stem} {number}{suffix}"
        self._taken.add(_folded(name))
        return name


def _folded(name: str) -> str:
    return to_nfkc(name).casefold()
