"""One page that holds the whole history and checks it in the browser: no network, no other file."""

from pathlib import Path
from typing import Any

import orjson

from workflow.audit.tlog.canonical import leaf_hash
from workflow.engine.campaign import Campaign
from workflow.publish.bundle.contents import Contents
from workflow.wording import LANGUAGES, phrases

TEMPLATE = Path(__file__).parent / "history.html"
_FAMILIES = (
    "bounce.", "bundle.", "event.", "happened.", "letter.", "letter-kind.", "mode.", "reason.", "state.", "status.",
    "survey.", "trigger.",
)  # fmt: skip


def write_page(campaign: Campaign, contents: Contents, file: Path) -> None:
    """Fill the template. The events stand in it as the text of their exact bytes; all else is made from them there."""
    data: dict[str, Any] = {
        "edition": campaign.edition.name,
        "zone": campaign.edition.zone.key,
        "at": contents.checkpoint.at,
        "events": [leaf.decode() for leaf in contents.leaves],
        "leaf_hashes": [leaf_hash(leaf).hex() for leaf in contents.leaves],
        "checkpoint": contents.checkpoint.note,
        "keys": [str(key) for key in contents.keys],
        "phrases": {language: phrases(_FAMILIES, language) for language in LANGUAGES},
    }
    template = TEMPLATE.read_text(encoding="utf-8")
    file.write_text(template.replace("@DATA@", embed(data), 1), encoding="utf-8", newline="\n")


def embed(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element that holds it, nor open a comment in it."""
    written = orjson.dumps(data).decode()
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
