"""Passwords are kept as argon2id hashes; what one costs is a setting, OWASP's figures at least."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from fairapp.accounts import queries
from fairapp.accounts.models import User
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l


def hash_password(password: str) -> str:
    """Return the form in which a password is kept."""
    return _hasher().hash(_bytes(password))


def is_right(password: str, kept_hash: str) -> bool:
    """Return whether `password` has this hash; without a hash it takes just as long to say no."""
    try:
        return _hasher().verify(kept_hash or _nobodys_hash(_hasher()), _bytes(password)) and bool(kept_hash)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept_hash)


def user_with_password(email: str, password: str) -> User | None:
    """Return the person whose password this is, or None; for an unknown address the answer takes as long."""
    user = queries.user_by_email(email)
    return user if is_right(password, user.password_hash if user else "") else None


def check_password(user: User, password: str) -> None:
    """Refuse what is not the person's password. DomainError: wrong_password (field "current")."""
    if not is_right(password, user.password_hash):
        raise DomainError("wrong_password", _l("This is not your present password."), field="current", status=422)


def _hasher() -> PasswordHasher:
    return _hasher_of(current_app.config["PASSWORD_MEMORY_KIB"], current_app.config["PASSWORD_ROUNDS"])


@cache
def _hasher_of(memory_kib: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("the password of nobody")


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
