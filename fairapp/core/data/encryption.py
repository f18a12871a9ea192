"""Secrets the program must be able to read again, kept so that a copied database alone does not give them away."""

import hashlib
import os
from base64 import b32encode, b64decode, b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import String, Text
from sqlalchemy.types import TypeDecorator

_NONCE = 12


def encrypt(secret: bytes, purpose: str, about: bytes = b"") -> bytes:
    """`secret` under AES-256-GCM with a key from the program's own secret; it opens only for the same `about`."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(current_app.config["SECRET_KEY"], purpose)).encrypt(nonce, secret, about)


def decrypt(sealed: bytes, purpose: str, about: bytes = b"") -> bytes | None:
    """The secret, or None when none of the program's secrets, the present one or a former, sealed it."""
    for program_secret in (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]):
        try:
            return AESGCM(_key(program_secret, purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except InvalidTag:
            continue
    return None


def _key(program_secret: str, purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose}\n{program_secret}".encode()).digest()


class EncryptedString(TypeDecorator[str]):
    """A column of text that the database holds sealed; empty text stays empty."""

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
        return secret.decode() if secret is not None else self.lost()

    def lost(self) -> str:
        """A secret that nobody knows: what can no longer be read must not look as if it had never been set."""
        return b32encode(os.urandom(20)).decode()


class EncryptedText(EncryptedString):
    """A long text that the database holds sealed; one that can no longer be read is empty."""

    impl = Text  # type: ignore[assignment]
    cache_ok = True

    def lost(self) -> str:
        return ""
