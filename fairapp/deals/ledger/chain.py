"""The chain, pure: which fields an entry binds, in which text, and how each row holds the one before.

`row_hash = hex(SHA-256(UTF-8("FL1\\n" + prev_hash + "\\n" + "|".join(fields))))`: integers in decimal, moments in
UTC with microseconds, days as ISO 8601, UUIDs with hyphens, NULL as "-". The first `prev_hash` is 64 zeros.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

GENESIS = "0" * 64

# The order is part of the format: a new field means a new version of it.
STATEMENT = (
    "fair_id",
    "seq",
    "id",
    "client_id",
    "deal_id",
    "deal_number",
    "verb",
    "party",
    "method",
    "actor_id",
    "at",
    "outcome",
    "reason",
    "note_digest",
    "fair_facts",
)
TERMS = (
    "status",
    "held",
    "counts_as",
    "tier",
    "nature",
    "customs_mode",
    "channel",
    "signed_on",
    "relation",
    "earlier_number",
    "earlier_minor",
    "currency",
    "amount_minor",
    "counted_minor",
    "firm_minor",
    "option_minor",
    "basis",
    "years",
    "counter_currency",
    "counter_minor",
    "rate_usd",
    "rate_cny",
    "rate_on",
    "rate_source",
    "usd_minor",
    "cny_minor",
    "seller_digest",
    "seller_exhibitor_id",
    "seller_country",
    "seller_ownership",
    "seller_type",
    "seller_province",
    "seller_city",
    "industrial_belt",
    "buyer_digest",
    "buyer_exhibitor_id",
    "buyer_visitor_id",
    "buyer_country",
    "country",
    "country_zh",
    "country_en",
    "category_code",
    "category_zh",
    "category_en",
    "delegation_code",
    "delegation_zh",
    "delegation_en",
    "platform_id",
    "platform_zh",
    "platform_en",
    "zone_code",
    "zone_zh",
    "zone_en",
    "hall_code",
    "booth",
    "goods_digest",
    "hs_code",
    "marks",
    "quantity",
    "unit",
    "unit_price_minor",
    "incoterm",
    "delivery_from",
    "delivery_until",
    "evidence_grade",
    "evidence_digest",
    "risk",
    "follow_days",
    "follow_state",
    "executed_minor",
    "executed_usd",
)
FIELDS = STATEMENT + TERMS


def _moment_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


CANONICAL: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "-",
    str: lambda text: text,
    int: str,
    UUID: str,
    date: date.isoformat,
    datetime: _moment_text,
}


def clean_text(text: str | None, max_length: int = 200) -> str:
    """Return a text that can stand in the chain: no separator, no line break, and not the mark of NULL."""
    cleaned = " ".join((text or "").replace("|", "¦").split())[:max_length]
    return "–" if cleaned == "-" else cleaned


def canonical_texts(values: Iterable[Any]) -> list[str]:
    """Return the exact text of each value; a moment must be UTC. KeyError for a type the chain does not know."""
    return [value if type(value) is str else CANONICAL[type(value)](value) for value in values]


def entry_texts(entry: Mapping[str, Any]) -> list[str]:
    """Return the bound fields of an entry, in order, as the sheet of the ledger shows them."""
    return canonical_texts(entry[name] for name in FIELDS)


def row_hash(prev_hash: str, fields: Iterable[str]) -> str:
    """Return the hash of a row over its text fields and the row before, hex."""
    return hashlib.sha256(f"FL1\n{prev_hash}\n{'|'.join(fields)}".encode()).hexdigest()


def salted_digest(salt: str, name: str, text: str) -> str:
    """Return what the chain holds of a typed text: HMAC-SHA-256 under the deal's or the note's own salt, hex.

    `name` says which text it is, so equal texts in two places do not look alike.
    """
    return hmac.new(bytes.fromhex(salt), f"{name}\n{text}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class BrokenEntry:
    """An entry (or the place of one) that does not hold, and why: a code for machines, and what it is about."""

    seq: int
    problem: str
    subject: str = ""


class ChainCheck:
    """Follows a ledger row by row and notes every break; a broken row is not blamed on the rows after it."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash = GENESIS
        self.broken: list[BrokenEntry] = []

    def follow(self, seq: int, prev_hash: str, hashed: str, text: str) -> None:
        """Check the next row as stored, in the order of seq; `text` are its bound fields, joined."""
        if seq != self.seq + 1:
            self.broken.append(BrokenEntry(self.seq + 1, "missing"))
        elif prev_hash != self.hash:
            self.broken.append(BrokenEntry(seq, "not_chained"))
        if hashlib.sha256(f"FL1\n{prev_hash}\n{text}".encode()).hexdigest() != hashed:
            self.broken.append(BrokenEntry(seq, "changed"))
        elif text.count("|") != len(FIELDS) - 1:
            self.broken.append(BrokenEntry(seq, "separator_in_text"))
        self.seq, self.hash = seq, hashed

    def finish(self, entries: int, head_hash: str) -> None:
        """Check the head stored beside the rows: a cut tail, or a row the head does not know."""
        if self.seq < entries:
            self.broken.append(BrokenEntry(self.seq + 1, "missing"))
        elif self.seq > entries:
            self.broken.append(BrokenEntry(entries + 1, "beyond_head"))
        elif self.hash != head_hash:
            self.broken.append(BrokenEntry(self.seq, "not_the_head"))
