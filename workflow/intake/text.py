"""Text from outside, made comparable and clean: Unicode normal forms, spaces, signs that show nothing."""

import re
import unicodedata

from workflow.normal_form import to_nfc, to_nfkc

_SPACES = re.compile(r"[^\S\n]+")
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean_text(text: str) -> str:
    """Normalise to NFC, drop signs that show nothing, trim every line, and trim the whole; lines are kept."""
    kept = "".join(sign for sign in unify_lines(text) if sign in "\n\t" or unicodedata.category(sign) not in _UNSHOWN)
    lines = [line.strip() for line in to_nfc(kept).split("\n")]
    return "\n".join(lines).strip()


def clean_line(text: str) -> str:
    """As clean_text, on one line: a break between two Chinese characters vanishes, elsewhere it is a space."""
    joined = ""
    for line in clean_text(text).split("\n"):
        if joined and line and joined[-1].isascii() and line[0].isascii():
            joined += " "
        joined += line
    return _SPACES.sub(" ", joined).strip()


def compact(text: str) -> str:
    """Reduce to what two spellings of one name share: NFKC, lower case, letters and digits only."""
    return "".join(sign for sign in to_nfkc(text).lower() if sign.isalnum())


def without_spaces(text: str) -> str:
    """NFKC without any space or sign that shows nothing: how labels are compared."""
    folded = to_nfkc(text)
    return "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) not in _UNSHOWN)


def unify_lines(text: str) -> str:
    """Write every kind of line break as ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0b", "\n")
