"""Secrets the program must be able to read again, kept so that a copied database alone does not give them away.

Each is under AES-256-GCM, bound to its owner, with a key derived (HKDF, RFC 5869) for its purpose. The number of that
key stands before it: former keys in SECRET_KEY_FALLBACKS open what they sealed, and it can be sealed anew.
"""

import os
from base64 import b32encode, b64decode, b64encode
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import String, Text
from sqlalchemy.types import TypeDecorator

_NUMBER, _NONCE = 4, 12  # bytes


@lru_cache(maxsize=128)
def derive_key(program_secret: str, purpose: str, length: int = 32) -> bytes:
    """Return the key of `length` bytes that the program's secret gives for one purpose."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode()).derive(program_secret.encode())


def encrypt(secret: bytes, purpose: str, owner: bytes = b"") -> bytes:
    """Return `secret` encrypted with the present key, that key's number before it; it opens for the same `owner` alone."""
    program_secret, nonce = current_app.config["SECRET_KEY"], os.urandom(_NONCE)
    sealed = AESGCM(derive_key(program_secret, purpose)).encrypt(nonce, secret, owner)
    return _key_number(program_secret) + nonce + sealed


def decrypt(encrypted: bytes, purpose: str, owner: bytes = b"") -> bytes | None:
    """Return the secret, or None when no key of the program, the present one or a former, encrypted it for `owner`."""
    number, nonce, sealed = encrypted[:_NUMBER], encrypted[_NUMBER:][:_NONCE], encrypted[_NUMBER + _NONCE :]
    for program_secret in (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]):
        if _key_number(program_secret) == number:
            try:
                return AESGCM(derive_key(program_secret, purpose)).decrypt(nonce, sealed, owner)
            except InvalidTag:
                continue
    return None


def reencrypt(encrypted: bytes, purpose: str, owner: bytes = b"") -> bytes | None:
    """Return the same secret under the present key, whichever key it was under; None when none of them opens it."""
    secret = decrypt(encrypted, purpose, owner)
    return None if secret is None else encrypt(secret, purpose, owner)


def _key_number(program_secret: str) -> bytes:
    """Return which secret of the program it was, without telling it."""
    return derive_key(program_secret, "key number", _NUMBER)


class EncryptedString(TypeDecorator[str]):
    """A column of text that the database holds encrypted; empty text stays empty."""

    impl = String(200)
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return b64encode(encrypt(value.encode(), self.purpose)).decode() if value else value

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        if not value:
            return value
        secret = decrypt(b64decode(value), self.purpose)
        return secret.decode() if secret is not None else self.unreadable()

    def unreadable(self) -> str:
        """Return a secret that nobody knows: what no key opens must not look as if it had never been set."""
        return b32encode(os.urandom(20)).decode()


class EncryptedText(EncryptedString):
    """A column of long text that the database holds encrypted; one that no key opens is empty."""

    impl = Text  # type: ignore[assignment]
    cache_ok = True

    def unreadable(self) -> str:
        """Return empty text."""
        return ""
