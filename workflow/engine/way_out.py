"""The way by which a campaign's letters leave: where ANLI_MAIL leads, and whom a rehearsal may write to."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from notifications.answer import Transport
from notifications.transport import LOOPBACK, TransportUnusable, open_transport
from workflow.edition.address import find_fault
from workflow.engine.campaign import Campaign
from workflow.errors import (
    MailUnusable,
    PasswordUnreadable,
    RehearsalAddressRefused,
    RehearsalAddressUnfit,
    RehearsalLeaves,
)


def open_way_out(campaign: Campaign, password_file: str | None) -> Transport:
    """Raises MailUnusable for an address that letters cannot leave by, PasswordUnreadable for a missing secret,
    RehearsalAddressRefused, RehearsalAddressUnfit, and RehearsalLeaves where a rehearsal would write to real people."""
    deadline = campaign.edition.mail.delivery.deadline_seconds
    try:
        transport = open_transport(campaign.mail, _password(password_file), deadline)
    except TransportUnusable:
        raise MailUnusable(mail=_without_password(campaign.mail)) from None
    _check_recipients(campaign)
    return transport


def _check_recipients(campaign: Campaign) -> None:
    if campaign.mail_to is None:
        if campaign.rehearsal and _leaves_the_machine(campaign.mail):
            raise RehearsalLeaves(mail=_without_password(campaign.mail))
        return
    if not campaign.rehearsal:
        raise RehearsalAddressRefused(address=campaign.mail_to)
    if (fault := find_fault(campaign.mail_to)) is not None:
        raise RehearsalAddressUnfit(problem_code=fault[0], problem_values=fault[1])


def _leaves_the_machine(mail: str) -> bool:
    parts = urlsplit(mail)
    return parts.scheme in ("smtp", "smtps") and parts.hostname not in LOOPBACK


def _without_password(address: str) -> str:
    scheme, mark, rest = address.rpartition("://")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{mark}{user.partition(':')[0]}{at}{host}"


def _password(file: str | None) -> str | None:
    if file is None:
        return os.environ.get("ANLI_MAIL_PASSWORD")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordUnreadable(file=file, problem=str(error)) from None
