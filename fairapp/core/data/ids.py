"""Identifiers and random bytes: unguessable in a real fair, repeatable in a demo fair made from a seed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random
from uuid import UUID

from uuid_utils.compat import uuid7

from fairapp.core.data import clock

_seeded: ContextVar[Random | None] = ContextVar("seeded", default=None)


def new_id() -> UUID:
    """Return a UUIDv7: random, and in the order of creation."""
    source = _seeded.get()
    if source is None:
        return uuid7()
    millisecond = int(clock.now().timestamp() * 1000)
    bits = millisecond << 80 | 0x7 << 76 | source.getrandbits(12) << 64 | 0b10 << 62 | source.getrandbits(62)
    return UUID(int=bits)


def random_bytes(count: int) -> bytes:
    """Return `count` bytes nobody can guess."""
    source = _seeded.get()
    return secrets.token_bytes(count) if source is None else source.randbytes(count)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw what is random from `seed` in the block, for the demo alone: the same seed gives the same ledger."""
    token = _seeded.set(Random(seed))
    try:
        yield
    finally:
        _seeded.reset(token)
