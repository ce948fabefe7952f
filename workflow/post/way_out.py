"""The way by which a campaign's letters leave: where ANLI_MAIL leads, and whom a rehearsal may write to."""

from notifications.handover import Transport
from notifications.transport import TransportUnusable, open_transport
from workflow.edition.address import find_fault
from workflow.engine.campaign import Campaign
from workflow.errors import AnliError, UsageError
from workflow.settings import read_secret

PASSWORD = "ANLI_MAIL_PASSWORD"  # noqa: S105 - the name of a variable


class MailUnusable(UsageError):
    """Letters cannot leave by this address: values are mail."""

    code = "error.mail-unusable"


class RehearsalAddressRefused(AnliError):
    """Letters of a real campaign go to whom they are written to: values are address."""

    code = "error.rehearsal-address-refused"


class RehearsalAddressUnfit(UsageError):
    """ANLI_MAIL_TO is no address: values are problem_code, problem_values."""

    code = "error.rehearsal-address-unfit"


class RehearsalLeaves(AnliError):
    """A rehearsal would write to the units themselves: values are mail."""

    code = "error.rehearsal-leaves"


def open_way_out(campaign: Campaign) -> Transport:
    """Raises MailUnusable for an address that letters cannot leave by, PasswordUnreadable for a missing secret,
    RehearsalAddressRefused, RehearsalAddressUnfit, and RehearsalLeaves where a rehearsal would write to real people."""
    deadline = campaign.edition.mail.delivery.deadline_seconds
    try:
        transport = open_transport(campaign.mail, read_secret(PASSWORD), deadline)
    except TransportUnusable:
        raise MailUnusable(mail=_without_password(campaign.mail)) from None
    _check_recipients(campaign, transport)
    return transport


def _check_recipients(campaign: Campaign, transport: Transport) -> None:
    if campaign.mail_to is None:
        if campaign.rehearsal and transport.leaves_the_machine:
            raise RehearsalLeaves(mail=_without_password(campaign.mail))
        return
    if not campaign.rehearsal:
        raise RehearsalAddressRefused(address=campaign.mail_to)
    if (fault := find_fault(campaign.mail_to)) is not None:
        raise RehearsalAddressUnfit(problem_code=fault[0], problem_values=fault[1])


def _without_password(address: str) -> str:
    scheme, mark, rest = address.rpartition("://")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{mark}{user.partition(':')[0]}{at}{host}"
