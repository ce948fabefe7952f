"""The only place that asks what time it is, and the one written form of a moment."""

from datetime import UTC, datetime


def now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def write(moment: datetime) -> str:
    """RFC 3339 in UTC with six decimals, so that written moments sort as they happened.

    Raises ValueError for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read(text: str) -> datetime:
    """The moment written in RFC 3339; raises ValueError where the zone is missing or the text is no moment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC)


def show(moment: datetime) -> str:
    """RFC 3339 in UTC without superfluous decimals, for reports."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
