"""Keys of domains, and the name server that publishes their public halves."""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@cache
def rsa_key(bits: int = 2_048) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65_537, key_size=bits)


def write_key(file: Path, key: RSAPrivateKey | None = None, form: PrivateFormat = PrivateFormat.PKCS8) -> Path:
    """A private key as ``openssl genrsa`` writes it, for its owner alone."""
    file.touch(mode=0o600)
    file.write_bytes((key or rsa_key()).private_bytes(Encoding.PEM, form, NoEncryption()))
    return file


def name_server(domain: str, selector: str, key: RSAPrivateKey | None = None) -> Callable[..., bytes | None]:
    """What ``dkim.verify`` asks for a TXT record; it knows this one."""
    public = (key or rsa_key()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    records = {f"{selector}._domainkey.{domain}.": b"v=DKIM1; k=rsa; p=" + b64encode(public)}

    def answer(name: bytes, **_: int) -> bytes | None:
        return records.get(name.decode())

    return answer
