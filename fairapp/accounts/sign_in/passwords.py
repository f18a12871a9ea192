"""Passwords are kept as argon2id hashes with OWASP's parameters."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

# OWASP Password Storage Cheat Sheet: m=19456 KiB, t=2, p=1. "least" is for tests alone.
_COSTS = {"owasp": (2, 19456, 1), "least": (1, 8, 1)}


@cache
def _hasher(cost: str) -> PasswordHasher:
    time_cost, memory_cost, parallelism = _COSTS[cost]
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


@cache
def _nobodys_hash(cost: str) -> str:
    return _hasher(cost).hash("the password of nobody")


def _cost() -> str:
    return str(current_app.config.get("PASSWORD_COST", "owasp"))


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def hash_password(password: str) -> str:
    """The kept form of a password."""
    return _hasher(_cost()).hash(_bytes(password))


def is_right(password: str, kept: str) -> bool:
    """Whether `password` is the one kept; without a kept one it takes just as long to say no."""
    nobodys = _nobodys_hash(_cost())
    try:
        return _hasher(_cost()).verify(kept or nobodys, _bytes(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher(_cost()).check_needs_rehash(kept)
