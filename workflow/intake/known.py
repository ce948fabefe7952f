"""What the register knows when a mail comes, read before anything is decided about it."""

from datetime import datetime
from typing import NamedTuple

from workflow.intake.dossier import Dossier

FormKey = tuple[str, str, str]
"""What tells one form of a mail from another: the SHA-256 (hex) of its file, its case's name and its applicant."""


class EarlierMail(NamedTuple):
    """A mail in the register that the one at hand repeats."""

    id: int
    status: str
    taken_at: datetime


class KnownCase(NamedTuple):
    """A case in the register, and the form it rests on.

    received_at is what counts for the case, the form_… are its form's. returned: the organisers sent it back for
    correction, and it has not been recommended again.
    """

    id: int
    state: str
    unit: str
    route: str
    recommended: bool
    returned: bool
    received_at: datetime
    form_id: int
    form_submission_id: int
    form_received_at: datetime
    form_received_proven: bool


class Known(NamedTuple):
    """earlier: the mail it repeats, and drafted those of its forms that became cases or versions of cases.

    cases: those of any unit that have the route of one of its forms, the latest first. next_case: the number of the
    next new case.
    """

    earlier: EarlierMail | None = None
    drafted: frozenset[FormKey] = frozenset()
    cases: tuple[KnownCase, ...] = ()
    next_case: int = 1


def key_of(dossier: Dossier) -> FormKey:
    return dossier.form_sha256, dossier.form.name, dossier.form.applicant
