"""Tables of the fair and its venue: halls, zones, booths, gates, and the lists people choose from."""

import enum
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fairapp.audit.models import guard_append_only
from fairapp.core.data import clock
from fairapp.core.data.db import Base, FairScoped, fair_foreign_key, fair_relationship


class RatePolicy(enum.StrEnum):
    OPENING_DAY = "opening_day"
    SIGNING_DAY = "signing_day"


class LeadMode(enum.StrEnum):
    """How an exhibitor comes to see a person's details."""

    ASK = "ask"  # each person names each exhibitor
    STANDING = "standing"  # a yes at registration passes when the badge's code is scanned


class Fair(Base):
    """One edition of a fair. `code` is its name in addresses and commands."""

    __tablename__ = "fairs"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    time_zone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    venue_zh: Mapped[str] = mapped_column(String(200), default="")
    venue_en: Mapped[str] = mapped_column(String(200), default="")
    city_zh: Mapped[str] = mapped_column(String(100), default="")
    city_en: Mapped[str] = mapped_column(String(100), default="")
    licence_number: Mapped[str] = mapped_column(String(100), default="")
    reporting_currency: Mapped[str] = mapped_column(String(3), default="USD")
    approved_capacity: Mapped[int | None]  # people inside at once, by the public-security licence
    opens_at_local: Mapped[time] = mapped_column(default=time(9, 0))
    closes_at_local: Mapped[time] = mapped_column(default=time(17, 0))
    accent: Mapped[str] = mapped_column(String(7), default="#14539a")
    booth_hold_days: Mapped[int] = mapped_column(default=3)
    second_verifier_above_minor: Mapped[int] = mapped_column(BigInteger, default=100_000_000)  # USD minor units
    rate_policy: Mapped[str] = mapped_column(String(20), default=RatePolicy.OPENING_DAY)
    capacity_hard_stop: Mapped[bool] = mapped_column(default=False)
    counting_profile: Mapped[str] = mapped_column(String(40), default="fairapp-1")
    privacy_notice_zh: Mapped[str] = mapped_column(Text, default="")  # `{days}` stands for retention_days
    privacy_notice_en: Mapped[str] = mapped_column(Text, default="")
    privacy_notice_version: Mapped[int] = mapped_column(default=1)
    retention_days: Mapped[int] = mapped_column(default=365)
    is_public: Mapped[bool] = mapped_column(default=True)
    applications_open: Mapped[bool] = mapped_column(default=True)
    registration_open: Mapped[bool] = mapped_column(default=True)
    lead_mode: Mapped[str] = mapped_column(String(8), default=LeadMode.ASK)
    # states and windows: first and last days at the fair's place, None for no limit of its own (fairs/states/rules.py)
    opens_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    archived_on: Mapped[date | None]
    registration_from: Mapped[date | None]
    registration_until: Mapped[date | None]
    applications_from: Mapped[date | None]
    applications_until: Mapped[date | None]
    meetings_from: Mapped[date | None]
    meetings_until: Mapped[date | None]
    deals_from: Mapped[date | None]
    deals_until: Mapped[date | None]
    late_days: Mapped[int] = mapped_column(default=14)  # after the last day, for paper slips
    state_set: Mapped[str | None] = mapped_column(String(10))  # reopened or held by an organiser, else by the dates
    state_set_until: Mapped[date | None]
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    previous_fair_id: Mapped[int | None] = mapped_column(ForeignKey("fairs.id"))  # the edition to compare with
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("lead_mode IN ('ask', 'standing')", name="lead_mode_listed"),
        CheckConstraint("approved_capacity IS NULL OR approved_capacity > 0", name="capacity_positive"),
    )

    @property
    def notice_zh(self) -> str:
        """Return the Chinese privacy notice as people read it."""
        return self.privacy_notice_zh.replace("{days}", str(self.retention_days))

    @property
    def notice_en(self) -> str:
        """Return the English privacy notice as people read it."""
        return self.privacy_notice_en.replace("{days}", str(self.retention_days))


class PrivacyNotice(FairScoped):
    """A version of the privacy notice as people read it, for ever: consents name it by its number."""

    __tablename__ = "privacy_notices"

    version: Mapped[int]
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    retention_days: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (UniqueConstraint("fair_id", "version", name="uq_privacy_notices_version"),)


guard_append_only(PrivacyNotice.__table__)


class Zone(FairScoped):
    """A part of the fair with its own theme, and a place whose crowd can be limited (`capacity`)."""

    __tablename__ = "zones"

    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[int | None]
    hard_stop: Mapped[bool] = mapped_column(default=False)  # refuse entry when the capacity is reached

    admissions: Mapped[list["ZoneAdmission"]] = relationship(
        order_by="ZoneAdmission.category_code", cascade="all, delete-orphan", passive_deletes=True
    )
    # codes of the badge categories that may enter; none for every badge
    admits: AssociationProxy[list[str]] = association_proxy(
        "admissions", "category_code", creator=lambda code: ZoneAdmission(category_code=code)
    )

    __table_args__ = (UniqueConstraint("fair_id", "code", name="uq_zones_code"),)


class ZoneAdmission(Base):
    """A badge category that may enter a zone. It is named by its code, as badges and gates do."""

    __tablename__ = "zone_admissions"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"), primary_key=True)
    zone_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_code: Mapped[str] = mapped_column(String(20), primary_key=True)

    __table_args__ = (
        fair_foreign_key("zones", "zone_id", ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["fair_id", "category_code"],
            ["visitor_categories.fair_id", "visitor_categories.code"],
            onupdate="CASCADE",  # a category that gets another code goes on being admitted
        ),
        Index("ix_zone_admissions_category", "fair_id", "category_code"),
    )


class Hall(FairScoped):
    """A hall of the venue; areas in m²."""

    __tablename__ = "halls"

    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    gross_m2: Mapped[int | None]

    __table_args__ = (UniqueConstraint("fair_id", "code", name="uq_halls_code"),)


class BoothKind(enum.StrEnum):
    STANDARD = "standard"
    SPECIAL = "special"  # raw space with a stand of one's own


class Booth(FairScoped):
    """A booth by its number in a hall; `area_m2` is net."""

    __tablename__ = "booths"

    hall_id: Mapped[UUID]
    zone_id: Mapped[UUID | None]
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10), default=BoothKind.STANDARD)
    area_m2: Mapped[int] = mapped_column(default=9)
    withdrawn_at: Mapped[datetime | None]

    hall: Mapped[Hall] = fair_relationship("Booth", "Hall", "hall_id")
    zone: Mapped[Zone | None] = fair_relationship("Booth", "Zone", "zone_id")

    __table_args__ = (
        fair_foreign_key("halls", "hall_id"),
        fair_foreign_key("zones", "zone_id"),
        UniqueConstraint("fair_id", "number", name="uq_booths_number"),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        Index("ix_booths_hall", "fair_id", "hall_id", "number"),
    )


class GateDirection(enum.StrEnum):
    BOTH = "both"
    ENTRY = "entry"
    EXIT = "exit"


class Gate(FairScoped):
    """A door where badges are scanned; it leads into the fair, or into one zone of it.

    Its own hours bind those whom the fair's hours bind; what counts as a visit follows the fair's.
    """

    __tablename__ = "gates"

    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    zone_id: Mapped[UUID | None]
    direction: Mapped[str] = mapped_column(String(10), default=GateDirection.BOTH)
    opens_at_local: Mapped[time | None]  # None: the fair's own hours
    closes_at_local: Mapped[time | None]
    closed_at: Mapped[datetime | None]

    zone: Mapped[Zone | None] = fair_relationship("Gate", "Zone", "zone_id")

    __table_args__ = (fair_foreign_key("zones", "zone_id"), UniqueConstraint("fair_id", "code", name="uq_gates_code"))


class BadgeKind(enum.StrEnum):
    """What a badge category counts as; the counting rules read this, not the category's name."""

    VISITOR = "visitor"
    EXHIBITOR = "exhibitor"
    PRESS = "press"
    SPEAKER = "speaker"
    GUEST = "guest"  # embassies, consulates, government
    ORGANISER = "organiser"
    SERVICE = "service"


class VisitorCategory(FairScoped):
    """A kind of badge: professional, general, press …; `registers_online` offers it to the public."""

    __tablename__ = "visitor_categories"

    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default=BadgeKind.VISITOR)
    colour: Mapped[str] = mapped_column(String(7), default="#14539a")
    registers_online: Mapped[bool] = mapped_column(default=False)
    is_professional: Mapped[bool] = mapped_column(default=False)
    needs_escort: Mapped[bool] = mapped_column(default=False)  # the lane says so in amber
    is_vip: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("fair_id", "code", name="uq_visitor_categories_code"),)


class ProductCategory(FairScoped):
    """A line of the fair's own product list."""

    __tablename__ = "product_categories"

    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("fair_id", "code", name="uq_product_categories_code"),)


class Delegation(FairScoped):
    """A trading group that comes and reports together: a city's, a province's, a country's."""

    __tablename__ = "delegations"

    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2), default="CN")

    __table_args__ = (UniqueConstraint("fair_id", "code", name="uq_delegations_code"),)


# what a fair is made of and is named by a code
VenuePart = Hall | Zone | Gate | VisitorCategory | ProductCategory | Delegation
