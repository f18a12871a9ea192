"""Publications, their frozen content and the decision about each: rows that are only ever added."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.audit.models import guard_append_only
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, partial_unique_index


class Publication(FairScoped):
    """A set of figures as prepared: cut off when, up to which entry of the ledger, made by which definition.

    `totals` are the sums by kind and tier (USD and CNY minor units) as prepared; `follows` is the number of the
    publication whose figures the differences are explained against, 0 for none. Texts are kept as they were.
    """

    __tablename__ = "publications"

    number: Mapped[int]
    follows: Mapped[int]
    label_zh: Mapped[str] = mapped_column(String(100))
    label_en: Mapped[str] = mapped_column(String(100))
    definition_version: Mapped[int]
    profile: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[datetime]
    watermark: Mapped[int] = mapped_column(BigInteger)
    head_hash: Mapped[str] = mapped_column(String(64))
    totals: Mapped[dict[str, Any]] = mapped_column(JSON)
    frozen_sha256: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    workbook_sha256: Mapped[str] = mapped_column(String(64))
    workbook_size: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[UUID | None]
    prepared_by_id: Mapped[UUID]
    prepared_by: Mapped[str] = mapped_column(String(200))
    prepared_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        fair_foreign_key("stored_files", "file_id"),
        UniqueConstraint("fair_id", "number", name="uq_publications_number"),
        UniqueConstraint("fair_id", "id", "prepared_by_id", name="uq_publications_preparer"),
        CheckConstraint("number > follows AND follows >= 0", name="after_the_last"),
    )


class FrozenContent(FairScoped):
    """The content of a publication that the ledger does not hold: canonical JSON, compressed (serialization.py)."""

    __tablename__ = "publication_contents"

    publication_id: Mapped[UUID]
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        fair_foreign_key("publications", "publication_id"),
        UniqueConstraint("fair_id", "publication_id", name="uq_publication_contents_publication"),
    )


class Decision(enum.StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"


class PublicationDecision(FairScoped):
    """The decision of another person than the preparer, once a publication.

    The approved ones form one line: each follows the one approved before it.
    """

    __tablename__ = "publication_decisions"

    publication_id: Mapped[UUID]
    prepared_by_id: Mapped[UUID]
    follows: Mapped[int]
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[UUID]
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        ForeignKeyConstraint(
            ["fair_id", "publication_id", "prepared_by_id"],
            ["publications.fair_id", "publications.id", "publications.prepared_by_id"],
        ),
        UniqueConstraint("fair_id", "publication_id", name="uq_publication_decisions_publication"),
        CheckConstraint("decided_by_id <> prepared_by_id OR decision = 'refused'", name="another_person"),
        partial_unique_index(
            "uq_publication_decisions_line", "fair_id", "follows", where=text("decision = 'approved'")
        ),
    )


class PublicationMailing(FairScoped):
    """The addresses of the authorities that are told of publications, one a line."""

    __tablename__ = "publication_mailings"

    addresses: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    attaches: Mapped[bool] = mapped_column(default=True)
    names_people: Mapped[bool] = mapped_column(default=True)  # on covers; else role and initials

    __table_args__ = (UniqueConstraint("fair_id", name="uq_publication_mailings_fair"),)


for _table in (Publication, FrozenContent, PublicationDecision):
    guard_append_only(_table.__table__)
