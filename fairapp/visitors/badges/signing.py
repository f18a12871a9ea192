"""The fair's keys: the private half stays on the server, encrypted with the program's secret."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairapp.core.data.encryption import decrypt, encrypt
from fairapp.visitors.models import SigningKey

_PURPOSE = "badge signing key"


def new_signing_key(fair_id: int, number: int) -> SigningKey:
    """Return a fresh key pair as an unstored record; random even in a fair made from a seed."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    sealed = encrypt(private.private_bytes_raw(), _PURPOSE, owner=public)
    return SigningKey(fair_id=fair_id, number=number, public_key=public, sealed_key=sealed)


def private_key(key: SigningKey) -> Ed25519PrivateKey | None:
    """Return the private half; None when the program's secret is no longer the one that encrypted it."""
    private = decrypt(key.sealed_key, _PURPOSE, owner=key.public_key)
    return None if private is None else _loaded(private)


@lru_cache(maxsize=64)
def _loaded(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)
