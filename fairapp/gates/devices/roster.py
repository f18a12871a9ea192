"""Who wears which badge, for lanes without a server: each line opens with the badge itself and nothing else.

A line is sealed by AES-256-GCM under a key made from the badge's 16 random bytes, which stand in its
QR code alone. Whoever finds a phone and dumps its storage reads nothing without the badges.
"""

import gzip
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.data.refresh_ahead import TimedCache
from fairapp.gates.devices.offline_list import base64url, first_id_at, roster_key, short_name
from fairapp.visitors.models import Badge, BadgeStatus, Visitor

INFO = b"fairapp roster"
NONCE_INFO = b"fairapp roster nonce\x00"
PAGE = 4000
SETTLED_AFTER = timedelta(minutes=5)  # by then every transaction that made an earlier badge has ended
PAGE_FRESH_S = 300.0
MAX_PAGES = 64


def seal(key: bytes, code_id: bytes, content: bytes) -> bytes:
    """Return nonce (12 bytes) and ciphertext with its tag (16). The nonce is made from the content, so that
    the same content is sealed the same and no nonce ever serves two."""
    master = hmac.digest(key, code_id, "sha256")  # HKDF-SHA-256 (RFC 5869): extract …
    own = hmac.digest(master, INFO + b"\x01", "sha256")  # … and expand, one block
    nonce = hmac.digest(master, NONCE_INFO + content, "sha256")[:12]
    return nonce + AESGCM(own).encrypt(nonce, content, None)


@dataclass(frozen=True)
class Page:
    """A part of the roster as JSON, plain and packed, with its ETag."""

    plain: bytes
    packed: bytes
    etag: str


_pages: TimedCache[tuple[int, bytes, str], Page] = TimedCache(PAGE_FRESH_S, MAX_PAGES)


def roster_page(fair_id: int, after: str = "") -> Page:
    """Return up to 4,000 lines behind a cursor. A full page whose badges are settled is kept five minutes: sixty
    phones that start in one morning read the same 33 pages."""
    key = roster_key(fair_id)
    page = _pages.get((fair_id, key, after))
    if page is None:
        page, settled = _made(fair_id, key, _cursor(after, key))
        if settled:
            _pages.put((fair_id, key, after), page)
    return page


def _made(fair_id: int, key: bytes, after: UUID) -> tuple[Page, bool]:
    rows = _rows(fair_id, after)
    settled_id = first_id_at(clock.now() - SETTLED_AFTER)
    full = len(rows) == PAGE
    last = rows[-1].id if rows else after
    onward = last if full else max(after, min(last, settled_id))
    content = {
        "roster": [_line(key, row) for row in rows],
        "next": _cursor_text(last, key) if full else None,
        "cursor": _cursor_text(onward, key),
    }
    plain = json.dumps(content, separators=(",", ":")).encode()
    etag = hashlib.sha256(plain).hexdigest()[:24]
    return Page(plain, gzip.compress(plain, 1, mtime=0), etag), full and last < settled_id


def _rows(fair_id: int, after: UUID) -> list[Any]:
    query = (
        select(Badge.id, Badge.code_id, Badge.category_code, Badge.number, Visitor.name, Visitor.company)
        .join(Visitor, (Visitor.fair_id == Badge.fair_id) & (Visitor.id == Badge.visitor_id))
        .where(Badge.fair_id == fair_id, Badge.id > after, Badge.status == BadgeStatus.ACTIVE)
        .where(Visitor.erased_at.is_(None))
    )
    return list(db.session.execute(query.order_by(Badge.id).limit(PAGE)))


def _line(key: bytes, row: Any) -> list[str]:
    content = json.dumps(
        [row.name, row.company, row.category_code, row.number], ensure_ascii=False, separators=(",", ":")
    )
    return [short_name(key, row.code_id), base64url(seal(key, row.code_id, content.encode("utf-8", "replace")))]


def _cursor_text(last: UUID, key: bytes) -> str:
    return f"{hashlib.sha256(key).hexdigest()[:8]}{last.hex}"


def _cursor(text: str, key: bytes) -> UUID:
    """The last badge one has; the very first for a cursor that is none or was made under another key."""
    mark = hashlib.sha256(key).hexdigest()[:8]
    if len(text) == 40 and text.startswith(mark):
        try:
            return UUID(hex=text[8:])
        except ValueError:
            pass
    return UUID(int=0)
