"""The ledger: what was said, chained; its head, its verifications and the heads that were published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.audit.models import guard_append_only
from fairapp.core.data.db import FairScoped, fair_foreign_key
from fairapp.deals.models import Terms


class DealEntry(Terms, FairScoped):
    """A statement about a deal, and the terms that stand after it; or one about the fair. Rows are only ever added.

    `seq` has no gap in a fair; `row_hash` chains each row to the one before (chain.py).
    """

    __tablename__ = "deal_entries"

    seq: Mapped[int] = mapped_column(BigInteger)
    client_id: Mapped[UUID]
    deal_id: Mapped[UUID | None]  # None: the entry is about the fair itself
    deal_number: Mapped[int]
    verb: Mapped[str] = mapped_column(String(12))
    party: Mapped[str] = mapped_column(String(12))
    method: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(30))
    note_digest: Mapped[str | None] = mapped_column(String(64))
    fair_facts: Mapped[str | None] = mapped_column(Text)  # in the first entry, and where they changed: rules.facts_of
    years: Mapped[str] = mapped_column(Text)  # as `Deal.years`
    risk: Mapped[str] = mapped_column(Text)  # as `Deal.risk`
    prev_hash: Mapped[str] = mapped_column(String(64))
    row_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        UniqueConstraint("fair_id", "seq", name="uq_deal_entries_seq"),
        UniqueConstraint("fair_id", "client_id", name="uq_deal_entries_client_id"),
        Index("ix_deal_entries_deal", "fair_id", "deal_id", "seq"),
    )


class EntryNote(FairScoped):
    """The words of a person with an entry, beside the chain: erasing them (and their salt) breaks nothing."""

    __tablename__ = "deal_entry_notes"

    deal_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(1000))

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        UniqueConstraint("fair_id", "seq", name="uq_deal_entry_notes_seq"),
    )


class LedgerHead(FairScoped):
    """The end of a fair's chain: one row a fair, locked while an entry is appended."""

    __tablename__ = "ledger_heads"

    entries: Mapped[int] = mapped_column(BigInteger, default=0)
    deals: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="0" * 64)

    __table_args__ = (UniqueConstraint("fair_id", name="uq_ledger_heads_fair_id"),)


class LedgerCheck(FairScoped):
    """The result of a verification, and the head it saw: a later chain must still pass through it."""

    __tablename__ = "ledger_checks"

    at: Mapped[datetime]
    ok: Mapped[bool]
    entries: Mapped[int] = mapped_column(BigInteger)
    head_hash: Mapped[str] = mapped_column(String(64))
    broken: Mapped[int]
    first_broken_seq: Mapped[int | None] = mapped_column(BigInteger)
    milliseconds: Mapped[int]
    problems: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # the first: seq, problem, what it is about

    __table_args__ = (Index("ix_ledger_checks_at", "fair_id", "at"),)


class PublishedHead(FairScoped):
    """The head that left the house with a publication: each later chain must pass through `head_hash` at `seq`.

    `root_hash` is the tree's root over the entries up to `seq` (merkle.py), `content_hash` binds every cell of the
    workbook; both, with the head, are what the municipality keeps.
    """

    __tablename__ = "published_heads"

    number: Mapped[int]
    label_zh: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200))
    seq: Mapped[int] = mapped_column(BigInteger)
    head_hash: Mapped[str] = mapped_column(String(64))
    root_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("fair_id", "number", name="uq_published_heads_number"),)


for _table in (DealEntry, LedgerCheck, PublishedHead):
    guard_append_only(_table.__table__)
