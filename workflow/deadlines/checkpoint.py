"""A checkpoint: the root of the history as it stands, on record and in the auditors' hands."""

from sqlalchemy import text

from workflow.audit.log import Entry
from workflow.audit.tree import Frontier
from workflow.deadlines.nudge import LANGUAGE, people_of
from workflow.deadlines.occasion import Occasion
from workflow.engine.correspondence import Remarks
from workflow.wording import say

KIND = "checkpoint"
_LEAVES = text("SELECT leaf_hash FROM events ORDER BY seq")
AT_ONCE = 2_000


def seal(occasion: Occasion) -> str | None:
    """Record the tree hash (RFC 9162, 2.1.1) of all events before this one, and mail it to the auditors."""
    frontier = Frontier()
    for (leaf_hash,) in occasion.reader.execute(_LEAVES, execution_options={"yield_per": AT_ONCE}):
        frontier.append(bytes(leaf_hash))
    root = frontier.root().hex()
    occasion.batch.log.append([Entry(KIND, {"size": frontier.size, "root": root})])
    points = [say("checkpoint.size", LANGUAGE, count=frontier.size), say("checkpoint.root", LANGUAGE, root=root)]
    for auditor in people_of(occasion.edition, "auditor"):
        occasion.batch.letters.write(auditor, KIND, Remarks(occasion.sentence(LANGUAGE), points))
    return None
