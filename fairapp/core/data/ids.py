"""Identifiers and random bytes: unguessable in a real fair, repeatable in a fair told from a seed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random
from uuid import UUID

from uuid_utils.compat import uuid7

from fairapp.core.data import clock

_seeded: ContextVar[Random | None] = ContextVar("told", default=None)


def new_id() -> UUID:
    """A UUIDv7: random, and in the order of creation."""
    told = _seeded.get()
    if told is None:
        return uuid7()
    millisecond = int(clock.now().timestamp() * 1000)
    bits = millisecond << 80 | 0x7 << 76 | told.getrandbits(12) << 64 | 0b10 << 62 | told.getrandbits(62)
    return UUID(int=bits)


def random_bytes(count: int) -> bytes:
    """Bytes nobody can guess."""
    told = _seeded.get()
    return secrets.token_bytes(count) if told is None else told.randbytes(count)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """For the demo alone: the same seed gives the same identifiers, and so the same ledger."""
    token = _seeded.set(Random(seed))
    try:
        yield
    finally:
        _seeded.reset(token)
