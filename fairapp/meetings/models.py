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


class Level(enum.StrEnum):
    """How well it is known that a meeting took place; the figures stand side by side and are never added."""

    DECLARED = "declared"  # one side says so
    CONFIRMED = "confirmed"  # the other side says so too
    PROVEN = "proven"  # both badges were read at one place in its time
    DISPUTED = "disputed"  # the other side says no, or a fact contradicts: in no figure until a verifier decides


class Absent(enum.StrEnum):
    """Who did not come, as it was said."""

    BUYER = "buyer"
    EXHIBITOR = "exhibitor"
    BOTH = "both"
    UNKNOWN = "unknown"


class Meeting(FairScoped):
    """A talk of an exhibitor with a badge of this fair, or with a name and company as written down.

    `local_on` is the day on the fair's own calendar; `host_id` the exhibitor's person (a user). `counterpart_key`
    is empty until an erasure: then it is what the counterpart goes on being counted by. `badge_number` is a number as
    it was typed, which shows nothing of who wears it; `badge_read` says that the badge's own code was read. A meeting
    that was held has a `level`. `other_said` is the answer of the other side, once there is one.
    """

    __tablename__ = "meetings"

    exhibitor_id: Mapped[UUID]
    visitor_id: Mapped[UUID | None]
    host_id: Mapped[UUID | None]
    counterpart_name: Mapped[str] = mapped_column(String(200), default="")
    counterpart_company: Mapped[str] = mapped_column(String(200), default="")
    counterpart_country: Mapped[str] = mapped_column(String(2), default="")
    badge_number: Mapped[str] = mapped_column(String(40), default="")
    badge_read: Mapped[bool] = mapped_column(default=False)
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
    level: Mapped[str] = mapped_column(String(9), default="")
    other_said: Mapped[bool | None]
    other_said_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(500), default="")  # of the verifier who ended a dispute
    absent: Mapped[str] = mapped_column(String(9), default="")
    absence_denied_at: Mapped[datetime | None]  # the other side says that it was there
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    product_category_id: Mapped[UUID | None]
    logged_by_id: Mapped[UUID | None]
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)

    exhibitor: Mapped[Exhibitor] = fair_relationship("Meeting", "Exhibitor", "exhibitor_id")
    visitor: Mapped[Visitor | None] = fair_relationship("Meeting", "Visitor", "visitor_id")
    category: Mapped[ProductCategory | None] = fair_relationship("Meeting", "ProductCategory", "product_category_id")

    __table_args__ = (
        fair_foreign_key("exhibitors", "exhibitor_id"),
        fair_foreign_key("visitors", "visitor_id"),
        fair_foreign_key("product_categories", "product_category_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status IN ('asked', 'confirmed', 'held', 'no_show', 'cancelled')", name="status_known"),
        CheckConstraint(
            "visitor_id IS NOT NULL OR badge_number <> '' OR counterpart_name <> '' OR counterpart_company <> ''"
            " OR counterpart_key <> ''",
            name="counterpart_known",
        ),
        CheckConstraint(f"level IN {('', *map(str, Level))}", name="level_listed"),
        CheckConstraint("(status = 'held') = (level <> '')", name="level_of_held"),
        CheckConstraint(
            "level <> 'confirmed' OR (other_said IS NOT NULL AND other_said)", name="confirmed_by_other_side"
        ),
        CheckConstraint("level NOT IN ('confirmed', 'proven') OR visitor_id IS NOT NULL", name="known_by_badge"),
        CheckConstraint("(other_said IS NULL) = (other_said_at IS NULL)", name="other_side_dated"),
        CheckConstraint(f"absent IN {('', *map(str, Absent))}", name="absent_listed"),
        CheckConstraint("(status = 'no_show') = (absent <> '')", name="no_show_names_who"),
        CheckConstraint("NOT badge_read OR visitor_id IS NOT NULL", name="read_badge_is_known"),
        Index("ix_meetings_starts_at", "fair_id", "starts_at", "id"),
        Index("ix_meetings_exhibitor", "fair_id", "exhibitor_id", "starts_at"),
        Index("ix_meetings_visitor", "fair_id", "visitor_id"),
        Index("ix_meetings_status", "fair_id", "status", "local_on"),
    )


class Side(enum.StrEnum):
    BUYER = "buyer"
    HOST = "host"


class MeetingProof(FairScoped):
    """The signed code of a badge, read at a meeting's place by somebody who was signed in; never a typed number."""

    __tablename__ = "meeting_proofs"

    meeting_id: Mapped[UUID]
    side: Mapped[str] = mapped_column(String(5))
    badge_id: Mapped[UUID]
    read_at: Mapped[datetime] = mapped_column(default=clock.now)
    place: Mapped[str] = mapped_column(String(260), default="")
    read_by_id: Mapped[UUID | None]

    __table_args__ = (
        fair_foreign_key("meetings", "meeting_id"),
        fair_foreign_key("badges", "badge_id"),
        CheckConstraint(f"side IN {tuple(map(str, Side))}", name="side_listed"),
        Index("ix_meeting_proofs_meeting", "fair_id", "meeting_id", "side"),
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
