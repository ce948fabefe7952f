"""A move of all that the law lets through, on the day the rule book names."""

from workflow.deadlines.occasion import Occasion
from workflow.engine.apply import decide_all


def advance(occasion: Occasion) -> str | None:
    """Ask the law of every case that stands where the trigger starts; what it refuses is reported and stays."""
    trigger = occasion.deadline.trigger
    if trigger is None:
        raise ValueError(f"{occasion.deadline.name} names no trigger")
    sources = occasion.edition.course.sources(trigger)
    why = occasion.batch.why
    occasion.batch.write(decide_all(occasion.as_due, occasion.reader, trigger, occasion.select(*sources), why))
    return None
