"""How many letters at a time a mail server takes without complaint."""

from collections.abc import Mapping
from typing import NamedTuple


class Limits(NamedTuple):
    """connections: at once. per_connection: letters before it is closed. per_minute: letters; None without limit."""

    connections: int
    per_connection: int
    per_minute: int | None


RELAY = Limits(connections=4, per_connection=100, per_minute=None)
"""A server of one's own."""

BY_DOMAIN: Mapping[str, Limits] = {
    "163.com": Limits(connections=2, per_connection=10, per_minute=20),
    "126.com": Limits(connections=2, per_connection=10, per_minute=20),
    "yeah.net": Limits(connections=2, per_connection=10, per_minute=20),
    "exmail.qq.com": Limits(connections=2, per_connection=20, per_minute=40),
    "qq.com": Limits(connections=2, per_connection=10, per_minute=20),
}
"""Well below what these providers are known to tolerate; they publish no figures."""


def limits_of(host: str) -> Limits:
    """The limits of the provider whose server that is, else those of a server of one's own."""
    return next((limits for domain, limits in BY_DOMAIN.items() if f".{host.lower()}".endswith(f".{domain}")), RELAY)
