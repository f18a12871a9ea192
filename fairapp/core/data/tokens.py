"""Secrets that travel: random single-use tokens kept as digests, and signed values."""

import hashlib
import hmac
import secrets

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from fairapp.core.data.encryption import derive_key


def new_token() -> tuple[str, str]:
    """Return a random token to send and the digest to keep: a stolen table opens nothing."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    """Return the form in which a token is kept: hex SHA-256 (the token itself has 256 random bits)."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def keyed_digest(value: str, purpose: str) -> str:
    """Return an HMAC-SHA-256 of a guessable value (a mail address, an ID number) in hex; equal values can be matched."""
    key = derive_key(current_app.config["SECRET_KEY"], purpose)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign(value: object, purpose: str) -> str:
    """Return a value that anyone may carry and nobody may change, as text for an address or a cookie."""
    return _serializer(purpose).dumps(value)


def unsign(token: str, purpose: str, max_age_s: int) -> object | None:
    """Return the signed value, or None when the token is false, foreign or older than `max_age_s` seconds."""
    try:
        value: object = _serializer(purpose).loads(token, max_age=max_age_s)
    except BadSignature:
        return None
    return value


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt=purpose)
