"""What is kept: tables, the engine, the unit of work, originals, migrations."""

from notifications.letter import Letter
from workflow.store.batch import Batch
from workflow.store.campaign import Campaign, EditionVersion, Staff
from workflow.store.case import Case
from workflow.store.checkpoint import Checkpoint
from workflow.store.event import Event
from workflow.store.fetch import Fetch
from workflow.store.firing import Firing, Heartbeat
from workflow.store.judging import Review, Score, Survey
from workflow.store.node import Node
from workflow.store.personal import Personal
from workflow.store.submission import Form, Original, Submission

__all__ = [
    "Batch",
    "Campaign",
    "Case",
    "Checkpoint",
    "EditionVersion",
    "Event",
    "Fetch",
    "Firing",
    "Form",
    "Heartbeat",
    "Letter",
    "Node",
    "Original",
    "Personal",
    "Review",
    "Score",
    "Staff",
    "Submission",
    "Survey",
]
