"""After the fair: the question what became of a deal, asked once at each stage."""

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship
from fairapp.deals.models import Deal


class AnswerClass(enum.StrEnum):
    """How well it is known whose word an answer is; the same letters as for a confirmation."""

    A = "A"  # the other side, signed in
    B = "B"  # the other side, by a link mailed to an address known from a registration
    C = "C"  # by a link mailed to an address that the declarant typed
    D = "D"  # the side that declared the deal, of its own deal


class FollowUp(FairScoped):
    """One question about one deal at one stage (`days` after the fair), and when it was answered.

    The answer itself is an entry of the ledger (`seq`); nothing personal is kept here.
    """

    __tablename__ = "deal_follow_ups"

    deal_id: Mapped[UUID]
    days: Mapped[int]
    asked_party: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    answered_class: Mapped[str | None] = mapped_column(String(1))

    deal: Mapped[Deal] = fair_relationship("FollowUp", "Deal", "deal_id")

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        UniqueConstraint("fair_id", "deal_id", "days", name="uq_deal_follow_ups_stage"),
        CheckConstraint("days IN (30, 90, 180, 365)", name="stage"),
        CheckConstraint("(answered_at IS NULL) = (seq IS NULL)", name="answer_is_an_entry"),
        CheckConstraint("(answered_at IS NULL) = (answered_class IS NULL)", name="answer_has_a_class"),
        CheckConstraint("answered_class IN ('A', 'B', 'C', 'D')", name="class_listed"),
        Index("ix_deal_follow_ups_days", "fair_id", "days", "sent_at"),
    )
