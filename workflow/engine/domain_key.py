"""The key that signs letters for the sender's domain (DKIM): the rule book says that they are, the account has it."""

from functools import cache
from pathlib import Path

from notifications.domain_key import LEAST_BITS, DomainKey
from workflow.audit.tlog.fault import KeyUnusable
from workflow.audit.tlog.key import read_secret
from workflow.edition.entries import DomainSignature
from workflow.errors import AnliError


class DomainKeyUnusable(AnliError):
    """The key that ANLI_DKIM_KEY names signs no letter: values are file and problem_code."""

    code = "error.domain-key-unusable"


class DomainKeyNeeded(AnliError):
    """Letters are signed, and this account has no key: values are domain, selector."""

    code = "error.domain-key-needed"


class DomainKeyUnasked(AnliError):
    """There is a key, and the rule book says nothing of a domain it signs for: values are file."""

    code = "error.domain-key-unasked"


def read_domain_key(signature: DomainSignature | None, file: Path | None) -> DomainKey | None:
    """What letters are signed by; None where the rule book and the account agree that they are not.

    Raises DomainKeyNeeded, DomainKeyUnasked where they do not agree, DomainKeyUnusable.
    """
    if signature is None:
        if file is not None:
            raise DomainKeyUnasked(file=str(file))
        return None
    if file is None:
        raise DomainKeyNeeded(domain=signature.domain, selector=signature.selector)
    return _read_key(signature.domain, signature.selector, file)


@cache
def _read_key(domain: str, selector: str, file: Path) -> DomainKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        data = read_secret(file)
    except KeyUnusable as error:
        missing = error.values["problem_code"] == "key.missing"
        values = {**error.values, "problem_code": "domain-key.missing" if missing else error.values["problem_code"]}
        raise DomainKeyUnusable(**values) from None
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise DomainKeyUnusable(file=str(file), problem_code="domain-key.unreadable") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise DomainKeyUnusable(file=str(file), problem_code="domain-key.unfit", least=LEAST_BITS)
    return DomainKey(domain, selector, key)
