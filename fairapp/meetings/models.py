"""B2B meetings, and the five-minute slots that keep a person or a table out of two at once."""

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import ProductCategory
from fairapp.visitors.models import Visitor


class MeetingStatus(enum.StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Meeting(FairScoped):
    """A talk of an exhibitor with a badge of this fair, or with a name and company as written down.

    `local_on` is the day on the fair's own calendar; `host_id` the exhibitor's person (a user). `counterpart_key`
    is empty until an erasure: then it is what the counterpart goes on being counted by.
    """

    __tablename__ = "meetings"

    exhibitor_id: Mapped[UUID]
    visitor_id: Mapped[UUID | None]
    host_id: Mapped[UUID | None]
    counterpart_name: Mapped[str] = mapped_column(String(200), default="")
    counterpart_company: Mapped[str] = mapped_column(String(200), default="")
    counterpart_country: Mapped[str] = mapped_column(String(2), default="")
    counterpart_key: Mapped[str] = mapped_column(String(64), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    local_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    table_code: Mapped[str] = mapped_column(String(40), default="")
    topic: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str] = mapped_column(String(2000), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(12), default=MeetingStatus.ASKED)
    product_category_id: Mapped[UUID | None]
    logged_by_id: Mapped[UUID | None]
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)

    exhibitor: Mapped[Exhibitor] = fair_relationship("Meeting", "Exhibitor", "exhibitor_id")
    visitor: Mapped[Visitor | None] = fair_relationship("Meeting", "Visitor", "visitor_id")
    category: Mapped[ProductCategory | None] = fair_relationship("Meeting", "ProductCategory", "product_category_id")

    @property
    def person(self) -> str:
        """The counterpart's name, as on the badge where there is one."""
        return self.visitor.name if self.visitor else self.counterpart_name

    @property
    def company(self) -> str:
        return self.visitor.company if self.visitor else self.counterpart_company

    @property
    def country(self) -> str:
        return self.visitor.country if self.visitor else self.counterpart_country

    __table_args__ = (
        fair_foreign_key("exhibitors", "exhibitor_id"),
        fair_foreign_key("visitors", "visitor_id"),
        fair_foreign_key("product_categories", "product_category_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status IN ('asked', 'confirmed', 'held', 'no_show', 'cancelled')", name="status_known"),
        CheckConstraint(
            "visitor_id IS NOT NULL OR counterpart_name <> '' OR counterpart_company <> '' OR counterpart_key <> ''",
            name="counterpart_known",
        ),
        Index("ix_meetings_starts_at", "fair_id", "starts_at", "id"),
        Index("ix_meetings_exhibitor", "fair_id", "exhibitor_id", "starts_at"),
        Index("ix_meetings_visitor", "fair_id", "visitor_id"),
        Index("ix_meetings_status", "fair_id", "status", "local_on"),
    )


class MeetingSlot(FairScoped):
    """Five minutes from `slot_start` that `subject` gives to a meeting.

    A subject is `visitor:<id>`, `host:<id>` or `table:<place>|<code>`.
    """

    __tablename__ = "meeting_slots"

    meeting_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(String(60))
    slot_start: Mapped[datetime]

    __table_args__ = (
        fair_foreign_key("meetings", "meeting_id"),
        UniqueConstraint("fair_id", "subject", "slot_start", name="uq_meeting_slots_taken"),
        Index("ix_meeting_slots_meeting", "fair_id", "meeting_id"),
    )
