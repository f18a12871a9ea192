"""After the fair: the question what became of a deal, asked once at each stage."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship
from fairapp.deals.models import Deal


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

    deal: Mapped[Deal] = fair_relationship("FollowUp", "Deal", "deal_id")

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        UniqueConstraint("fair_id", "deal_id", "days", name="uq_deal_follow_ups_stage"),
        CheckConstraint("days IN (30, 90, 180, 365)", name="stage"),
        CheckConstraint("(answered_at IS NULL) = (seq IS NULL)", name="answer_is_an_entry"),
        Index("ix_deal_follow_ups_days", "fair_id", "days", "sent_at"),
    )
