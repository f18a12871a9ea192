"""The fair's keys: the private half stays on the server, sealed with the program's secret."""

import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from fairapp.visitors.models import SigningKey

_NONCE = 12


def new_key(fair_id: int, number: int) -> SigningKey:
    """A fresh key pair as a record, not yet stored; random even in a fair told from a seed."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(_seals()[0]).encrypt(nonce, private.private_bytes_raw(), public)
    return SigningKey(fair_id=fair_id, number=number, public_key=public, sealed_key=sealed)


def opened(key: SigningKey) -> Ed25519PrivateKey | None:
    """The private half, or None when the program's secret is no longer the one that sealed it."""
    return _opened(key.sealed_key, key.public_key, tuple(_seals()))


@lru_cache(maxsize=64)
def _opened(sealed: bytes, public: bytes, seals: tuple[bytes, ...]) -> Ed25519PrivateKey | None:
    for seal in seals:
        try:
            return Ed25519PrivateKey.from_private_bytes(AESGCM(seal).decrypt(sealed[:_NONCE], sealed[_NONCE:], public))
        except InvalidTag:
            continue
    return None


def _seals() -> list[bytes]:
    secrets = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    return [hashlib.sha256(f"badge signing key\n{secret}".encode()).digest() for secret in secrets]
