"""Paper for when the phones fail: numbered slips, each entered once or crossed out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship
from fairapp.deals.models import Deal
from fairapp.exhibitors.models import Exhibitor


class DealSlip(FairScoped):
    """A printed sheet. It is printed, then handed out, then entered as a deal or spoiled; what is none of
    these is missing. The handing out may go unnoted: a slip that comes back was given to somebody."""

    __tablename__ = "deal_slips"

    number: Mapped[int]
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[UUID | None]
    handed_at: Mapped[datetime | None]
    handed_by_id: Mapped[UUID | None]
    handed_to: Mapped[str] = mapped_column(String(200), default="")  # a desk, a delegation, a person
    exhibitor_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None]
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[UUID | None]
    spoiled_at: Mapped[datetime | None]
    spoiled_by_id: Mapped[UUID | None]
    spoiled_reason: Mapped[str] = mapped_column(String(200), default="")

    deal: Mapped[Deal | None] = fair_relationship("DealSlip", "Deal", "deal_id", viewonly=True)
    exhibitor: Mapped[Exhibitor | None] = fair_relationship("DealSlip", "Exhibitor", "exhibitor_id", viewonly=True)

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        fair_foreign_key("exhibitors", "exhibitor_id"),
        UniqueConstraint("fair_id", "number", name="uq_deal_slips_number"),
        UniqueConstraint("fair_id", "deal_id", name="uq_deal_slips_deal_id"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("deal_id IS NULL OR spoiled_at IS NULL", name="entered_or_spoiled"),
        CheckConstraint("(deal_id IS NULL) = (entered_at IS NULL)", name="entered_with_its_deal"),
    )
